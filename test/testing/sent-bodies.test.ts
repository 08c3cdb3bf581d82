/** A caller's body goes to the backend once, in tests as in the gateway, unless a policy has read or kept it. */
import { afterEach, expect, it } from 'vitest';
import { createTestGateway } from '../../src/testing/index.ts';
import { directoryWith } from '../cli/support.ts';

const OUTBOUND = '<set-header name="X-Body" exists-action="override"><value>@(context.Request.Body.As<string>(true))</value></set-header>';
const READ = '<set-variable name="body" value="@(context.Request.Body.As<string>(preserveContent: true))" />';
const retried = (attributes: string) =>
  `<retry condition="@(context.Response.StatusCode == 503)" count="1" interval="0"><forward-request ${attributes} /></retry>`;

let remove = (): void => {};
afterEach(() => remove());

it.each([
  ['is gone behind forward-request', '', '<forward-request />', { status: 503, body: '', sent: ['hello'] }],
  ['stays when a policy has read it before', READ, '<forward-request />', { status: 503, body: 'hello', sent: ['hello'] }],
  ['is not there for a retry', '', retried(''), { status: 500, body: undefined, sent: ['hello'] }],
  [
    'goes out again when forward-request keeps it',
    '',
    retried('buffer-request-body="true"'),
    { status: 200, body: 'hello', sent: ['hello', 'hello'] },
  ],
])('%s', async (_title, inbound, backend, expected) => {
  const directory = directoryWith({
    'policy.xml': `<policies><inbound>${inbound}</inbound><backend>${backend}</backend><outbound>${OUTBOUND}</outbound><on-error /></policies>`,
  });
  remove = () => directory.remove();
  const gateway = await createTestGateway({ policies: directory.path });
  const answer = await gateway.request('POST /', { body: 'hello', backend: [{ status: 503 }, { status: 200 }] });
  expect({ status: answer.status, body: answer.header('X-Body') ?? undefined, sent: answer.forwarded.map(({ body }) => body) }).toEqual(
    expected,
  );
});
