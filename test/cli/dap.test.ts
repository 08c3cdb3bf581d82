import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/csharp/runtime/budget.ts';
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
  'failing.xml':
    '<policies><inbound><set-variable name="a" value="@{ var zero = 0; return 1 / zero; }" /></inbound><backend /><outbound /><on-error /></policies>',
  'json.xml': [
    '<policies><inbound>',
    `<set-variable name="order" value='@(JObject.Parse("{\\"id\\":7,\\"items\\":[\\"a\\",\\"b\\"]}"))' />`,
    '<set-variable name="done" value="@(true)" />',
    '</inbound><backend /><outbound /><on-error /></policies>',
  ].join('\n'),
  'long.xml':
    '<policies><inbound><return-response><set-body>@{\nvar sum = 0;\nfor (var i = 0; i < 100; i++)\n{\nsum += i;\n}\nreturn "sum " + sum;\n}</set-body></return-response></inbound><backend /><outbound /><on-error /></policies>',
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
  const isReady = await Promise.race([ready, client.next('terminated').then(() => undefined)]);
  if (isReady === undefined) return undefined;
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
  it('holds an expression for longer than it may run', async () => {
    const long = join(directory.path, 'long.xml');
    await launch({ policies: long, send: 'GET /', stopOnEntry: true });
    await client.request('setBreakpoints', { source: { path: long }, breakpoints: [{ line: 5, condition: 'i == 30' }] });
    await go('continue');
    expect(await values('Locals')).toMatchObject({ i: 'System.Int32 30' });
    await new Promise((resolve) => setTimeout(resolve, DEFAULT_LIMITS.time + 50));
    await go('continue');
    expect(client.output()).toContain('sum 4950');
  });

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

  it('takes the name of a configuration for a title', async () => {
    const test = join(directory.path, 'orders.test.yaml');
    await launch({ type: 'portico', request: 'launch', name: 'Debug a test', test });
    expect(client.events.find(({ event }) => event === 'exited')?.body).toEqual({ exitCode: 1 });
    await client.stop();
    await launch({ type: 'portico', request: 'launch', name: 'Debug a test', test, testName: 'other' });
    expect(client.output()).toContain('has no test named `other`');
    await client.stop();
    await launch({ type: 'portico', request: 'launch', name: 'Order 7', policies, send: 'GET /' });
    expect(client.output()).toMatch(/^299 /);
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

  it('counts hits, logs in place of holding, and holds when a condition is broken', async () => {
    const logMessage = 'sum is {sum} at {i}';
    await launch({ policies, send: 'GET /' }, [
      { line: 8, hitCondition: '>= 3' },
      { line: 8, logMessage },
    ]);
    expect(await values('Locals')).toEqual({ sum: 'System.Int32 3', i: 'System.Int32 3' });
    expect(client.output()).toContain('sum is 0 at 1\nsum is 1 at 2\nsum is 3 at 3\n');
    await client.request('setBreakpoints', { source: { path: policies }, breakpoints: [{ line: 10, condition: 'nothing > 1' }] });
    await go('continue');
    expect((await lines())[0]).toBe(10);
    expect(client.output()).toContain("the condition `nothing > 1` cannot be evaluated: The name 'nothing' does not exist");
  });

  it('holds at failures unless told otherwise, and says what failed', async () => {
    const failing = join(directory.path, 'failing.xml');
    const held = await launch({ policies: failing, send: 'GET /' });
    expect(held).toEqual([]);
    expect(await client.request('exceptionInfo', { threadId: 1 })).toMatchObject({
      breakMode: 'always',
      description: expect.stringContaining('zero'),
    });
    await go('continue');
    await client.stop();
    client = new DapClient([COMMAND, 'dap']);
    await client.request('initialize', {});
    const ready = client.next('initialized');
    await client.request('launch', { policies: failing, send: 'GET /' });
    await ready;
    await client.request('setExceptionBreakpoints', { filters: [] });
    const ended = client.next('terminated');
    await client.request('configurationDone');
    await ended;
    expect(client.events.some(({ event }) => event === 'stopped')).toBe(false);
  });

  interface Opened {
    readonly variables: readonly {
      readonly name: string;
      readonly value: string;
      readonly evaluateName?: string;
      readonly variablesReference: number;
    }[];
  }
  const open = async (variablesReference: number) => (await client.request<Opened>('variables', { variablesReference })).variables;

  it('opens JSON, headers and objects, and names what it shows', async () => {
    const json = join(directory.path, 'json.xml');
    await launch({ policies: json, send: { url: '/', headers: { 'X-A': 'b' } }, stopOnEntry: true });
    await go('next');
    const [order] = (await open(2)).filter(({ name }) => name === 'order');
    expect((await open(order?.variablesReference ?? 0)).map(({ name, value }) => [name, value])).toEqual([
      ['id', '7'],
      ['items', '["a","b"]'],
    ]);
    const [, items] = await open(order?.variablesReference ?? 0);
    expect((await open(items?.variablesReference ?? 0)).map(({ name, value }) => [name, value])).toEqual([
      ['[0]', '"a"'],
      ['[1]', '"b"'],
    ]);
    expect(await client.request('evaluate', { expression: items?.evaluateName ?? '', context: 'watch' })).toMatchObject({
      result: '["a","b"]',
    });
    const request = (await open(5)).find(({ name }) => name === 'Request');
    const headers = (await open(request?.variablesReference ?? 0)).find(({ name }) => name === 'Headers');
    expect((await open(headers?.variablesReference ?? 0)).find(({ name }) => /^x-a$/i.test(name))?.value).toBe('["b"]');
  });

  it('sets by expression and at the prompt', async () => {
    await launch({ policies, send: 'GET /' }, [{ line: 10 }]);
    expect(await client.request('setExpression', { expression: 'sum', value: '40 + 2' })).toMatchObject({ value: '42' });
    expect(await client.request('evaluate', { expression: 'sum = sum + 1', context: 'repl' })).toMatchObject({ result: '43' });
    expect(await client.request('evaluate', { expression: 'context.Variables["user"] = "bea"', context: 'repl' })).toMatchObject({
      result: 'bea',
    });
    expect(await client.request('evaluate', { expression: 'sum == 43', context: 'repl' })).toMatchObject({ result: 'true' });
    await expect(client.request('setExpression', { expression: 'context.Request', value: '1' })).rejects.toThrow(
      'only locals and variables',
    );
    expect(await values('Variables')).toMatchObject({ user: 'System.String bea' });
  });

  it('starts again with what was set, and names the lines that can be held', async () => {
    await launch({ policies, send: 'GET /' }, [{ line: 10 }]);
    const held = client.next('stopped');
    await client.request('restart');
    await held;
    expect((await lines())[0]).toBe(10);
    expect(await values('Locals')).toEqual({ sum: 'System.Int32 6' });
    const locations = await client.request('breakpointLocations', { source: { path: policies }, line: 3, endLine: 9 });
    expect(locations).toEqual({ breakpoints: [3, 4, 5, 6, 8].map((line) => ({ line })) });
    const ended = client.next('terminated');
    await client.request('terminate');
    await ended;
  });
});
