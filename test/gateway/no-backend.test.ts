/** Calls that are forwarded, and nobody has said where to. */
import { afterEach, expect, it } from 'vitest';
import { Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const policy = (inbound = '') =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`;
const API = { 'apis/a/apiInformation.json': '{ "properties": { "path": "a", "subscriptionRequired": false } }' };

it.each([
  ['a document alone', { 'policy.xml': policy() }],
  ['an API without service URL', { 'policy.xml': policy(), ...API }],
  [
    'a call that would be sent through the host',
    { 'policy.xml': policy().replace('<forward-request', '<forward-request follow-redirects="true"') },
  ],
])('do not come back to the gateway: %s', async (_what, files) => {
  const lines: string[] = [];
  const { address } = await stage.gateway(files, { log: (text) => lines.push(...text.trim().split('\n')) });
  const answer = await fetch(`${address}/a`);
  expect(answer.status).toBe(500);
  await expect.poll(() => lines.length).toBe(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    responseCode: 500,
    lastError: { source: 'forward-request', reason: 'BackendConnectionFailure' },
  });
});

it('go where a policy sends them', async () => {
  const backend = await stage.backend((_request, response) => response.end('here'));
  const { address } = await stage.gateway({ 'policy.xml': policy(`<set-backend-service base-url="${backend}" />`) });
  expect(await (await fetch(address)).text()).toBe('here');
});
