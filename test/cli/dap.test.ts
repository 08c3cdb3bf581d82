import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DapClient } from './dap-client.ts';
import { COMMAND, directoryWith } from './support.ts';

const directory = directoryWith({
  'policy.xml': [
    '<policies>',
    '    <inbound>',
    '        <set-variable name="user" value="anna" />',
    '        <set-variable name="total" value="@{',
    '            var sum = 0;',
    '            for (var i = 1; i <= 3; i++)',
    '            {',
    '                sum += i;',
    '            }',
    '            return sum;',
    '        }" />',
    '        <choose>',
    '            <when condition="@((int)context.Variables["total"] > 5)">',
    '                <return-response>',
    '                    <set-status code="299" />',
    '                    <set-body>@("total " + context.Variables["total"])</set-body>',
    '                </return-response>',
    '            </when>',
    '        </choose>',
    '    </inbound>',
    '    <backend><forward-request /></backend>',
    '    <outbound />',
    '    <on-error />',
    '</policies>',
  ].join('\n'),
  'orders.test.yaml': 'suite: orders\npolicies: policy.xml\ntests:\n  - name: first\n    request: GET /\n    expect: { status: 200 }\n',
});
const policies = join(directory.path, 'policy.xml');
afterAll(() => directory.remove());

let client: DapClient;
afterEach(() => client.stop());

interface Frames {
  readonly stackFrames: readonly { readonly id: number; readonly line: number; readonly name: string }[];
}
interface Variables {
  readonly variables: readonly { readonly name: string; readonly value: string; readonly type: string }[];
}

async function launch(args: object, breakpoints: readonly object[] = []): Promise<unknown> {
  client = new DapClient([COMMAND, 'dap']);
  await client.request('initialize', { adapterID: 'portico' });
  const ready = client.next('initialized');
  await client.request('launch', args);
  await ready;
  const placed = await client.request<{ breakpoints: unknown }>('setBreakpoints', { source: { path: policies }, breakpoints });
  const held = Promise.race([client.next('stopped'), client.next('terminated')]);
  await client.request('configurationDone');
  await held;
  return placed.breakpoints;
}

async function go(command: 'next' | 'stepIn' | 'stepOut' | 'continue'): Promise<void> {
  const held = Promise.race([client.next('stopped'), client.next('terminated')]);
  await client.request(command, { threadId: 1 });
  await held;
}

async function lines(): Promise<number[]> {
  return (await client.request<Frames>('stackTrace', { threadId: 1 })).stackFrames.map(({ line }) => line);
}

async function values(scope: 'Locals' | 'Variables'): Promise<Record<string, string>> {
  const { scopes } = await client.request<{ scopes: { name: string; variablesReference: number }[] }>('scopes', { frameId: 1 });
  const variablesReference = scopes.find(({ name }) => name === scope)?.variablesReference;
  const { variables } = await client.request<Variables>('variables', { variablesReference });
  return Object.fromEntries(variables.map(({ name, value, type }) => [name, `${type} ${value}`]));
}

describe('portico dap', () => {
  it('holds at statements, shows and sets what is there, and goes on', async () => {
    const placed = await launch({ policies, send: 'GET /orders' }, [{ line: 8, condition: 'i == 2' }, { line: 7 }, { line: 99 }]);
    expect(placed).toEqual([
      { verified: true, line: 8 },
      { verified: true, line: 8 },
      { verified: false, line: 99, message: expect.any(String) },
    ]);
    expect(await lines()).toEqual([8, 4]);
    expect(await values('Locals')).toEqual({ sum: 'System.Int32 0', i: 'System.Int32 1' });
    expect(await values('Variables')).toEqual({ user: 'System.String anna' });
    expect(await client.request('evaluate', { expression: 'sum + context.Request.Method.Length' })).toMatchObject({
      result: '3',
      type: 'System.Int32',
    });
    await expect(client.request('evaluate', { expression: 'nonsense' })).rejects.toThrow("The name 'nonsense' does not exist");
    expect(await client.request('setVariable', { variablesReference: 1, name: 'sum', value: '10 * 10' })).toMatchObject({ value: '100' });
    await client.request('setBreakpoints', { source: { path: policies }, breakpoints: [{ line: 10 }] });
    await go('continue');
    expect(await lines()).toEqual([10, 4]);
    expect(await values('Locals')).toEqual({ sum: 'System.Int32 106' });
    await go('continue');
    expect(client.output()).toContain('total 106');
  });

  it('steps from policy to policy, into expressions and out of them', async () => {
    await launch({ policies, send: 'GET /', stopOnEntry: true });
    expect(await lines()).toEqual([3]);
    await go('next');
    expect((await lines())[0]).toBe(4);
    await go('stepIn');
    expect((await lines())[0]).toBe(5);
    await go('stepOut');
    expect((await lines())[0]).toBe(12);
    expect(await client.request('setVariable', { variablesReference: 2, name: 'total', value: '1' })).toMatchObject({ value: '1' });
    await go('continue');
    expect(client.output()).toMatch(/^200 /);
  });

  it('debugs a test of a file and says what failed', async () => {
    await launch({ test: join(directory.path, 'orders.test.yaml'), name: 'first' });
    expect(client.output()).toMatch(/status.*200.*299|status.*299.*200/s);
    expect(client.events.find(({ event }) => event === 'exited')?.body).toEqual({ exitCode: 1 });
  });

  it('answers when nothing is held, before and after the call', async () => {
    client = new DapClient([COMMAND, 'dap']);
    await client.request('initialize', {});
    await expect(client.request('evaluate', { expression: '1' })).rejects.toThrow('no call is held');
    await expect(client.request('nonsense')).rejects.toThrow('unrecognized request');
    const ended = client.next('terminated');
    await client.request('launch', { policies: 'no-such-folder', send: 'GET /' });
    await ended;
    await expect(client.request('evaluate', { expression: '1' })).rejects.toThrow('no call is held');
    expect(await client.request('setBreakpoints', { source: { path: policies }, breakpoints: [{ line: 1 }] })).toMatchObject({
      breakpoints: [{ verified: false }],
    });
  });

  it.each([
    [{ policies: 'no-such-folder', send: 'GET /' }, 'no-such-folder'],
    [{ send: 'GET /' }, 'write `policies` and `send`, or `test`'],
    [{ test: join(directory.path, 'orders.test.yaml'), name: 'other' }, 'has no test named `other`'],
  ])('says what is wrong with %j', async (args, message) => {
    client = new DapClient([COMMAND, 'dap']);
    await client.request('initialize', { adapterID: 'portico' });
    const ended = client.next('terminated');
    await client.request('launch', args);
    await ended;
    expect(client.output()).toContain(message);
  });
});
