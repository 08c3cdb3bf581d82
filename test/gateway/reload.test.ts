/** Reloads of a running gateway: calls in between, several at once, what stays and what does not. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/gateway.ts';
import { Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const says = (text: string) =>
  `<policies><inbound><return-response><set-body>${text}</set-body></return-response></inbound><backend /><outbound /><on-error /></policies>`;
const BROKEN = '<policies><inbound><no-such-policy /></inbound></policies>';

/** APIs of 20 operations with a policy each; `/ping` is one that answers. */
function manyApis(count: number): Record<string, string> {
  const files: Record<string, string> = {
    'apis/ping/apiInformation.json': JSON.stringify({ properties: { path: 'ping', subscriptionRequired: false } }),
    'apis/ping/policy.xml': says('1'),
  };
  for (let api = 0; api < count; api += 1) {
    files[`apis/a${api}/apiInformation.json`] = JSON.stringify({ properties: { path: `a${api}` } });
    for (let at = 0; at < 20; at += 1) {
      const folder = `apis/a${api}/operations/o${at}`;
      files[`${folder}/operationInformation.json`] = JSON.stringify({
        properties: { method: 'GET', urlTemplate: `/o${at}`, displayName: 'o' },
      });
      files[`${folder}/policy.xml`] = says(`@("${api}-${at}" + context.Request.Method)`);
    }
  }
  return files;
}

async function started(files: Readonly<Record<string, string>>) {
  const directory = stage.directory(files);
  const loads: boolean[] = [];
  const gateway = await startGateway({ directory, port: 0, onLoad: (_problems, taken) => loads.push(taken) });
  stage.after(() => gateway.stop());
  const ask = async (path = '/ping') => (await fetch(gateway.address + path)).text();
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  };
  return { gateway, directory, loads: () => loads.slice(1), ask, write };
}

describe('While a large directory is read again', () => {
  it('calls are answered, by the old state until the new one is whole', async () => {
    const { gateway, ask, write } = await started(manyApis(20));
    write('apis/ping/policy.xml', says('2'));
    // Everything depends on named values: all is compiled again.
    write('named values/n/namedValueInformation.json', JSON.stringify({ properties: { displayName: 'n', value: 'x' } }));
    let isDone = false;
    const reload = gateway.reload().finally(() => (isDone = true));
    const answers: string[] = [];
    while (!isDone) answers.push(await ask());
    expect(await reload).toBe(true);
    expect(answers.length).toBeGreaterThan(1);
    expect(new Set(answers.slice(0, -1))).toEqual(new Set(['1']));
    expect(await ask()).toBe('2');
  });

  it('what is saved meanwhile is read behind it, once for all who asked', async () => {
    const { gateway, ask, write, loads } = await started(manyApis(3));
    write('apis/ping/policy.xml', says('2'));
    const first = gateway.reload();
    await ask();
    write('apis/ping/policy.xml', says('3'));
    const second = gateway.reload();
    write('apis/ping/policy.xml', says('4'));
    const third = gateway.reload();
    expect(await Promise.all([first, second, third])).toEqual([true, true, true]);
    expect(loads()).toEqual([true, true]);
    expect(await ask()).toBe('4');
  });

  it('each that asks is told of a load that began behind its question', async () => {
    const { gateway, ask, write, loads } = await started(manyApis(3));
    write('policy.xml', BROKEN);
    const broken = gateway.reload();
    // The global document is read first.
    await ask();
    write('policy.xml', '<policies><inbound /><backend /><outbound /><on-error /></policies>');
    expect(await Promise.all([broken, gateway.reload()])).toEqual([false, true]);
    expect(loads()).toEqual([false, true]);
  });

  it('the gateway can be stopped', async () => {
    const { gateway, write, loads } = await started(manyApis(5));
    write('apis/ping/policy.xml', says('2'));
    const reload = gateway.reload();
    await gateway.stop();
    expect(await reload).toBe(false);
    expect(loads()).toEqual([]);
  });
});

describe('A reload', () => {
  it('of a directory that is gone keeps the last good state', async () => {
    const { gateway, directory, ask } = await started(manyApis(1));
    rmSync(directory, { recursive: true });
    expect(await gateway.reload()).toBe(false);
    expect(await ask()).toBe('1');
  });

  it('that ends in an error nobody expected keeps it, too', async () => {
    const directory = stage.directory({ 'policy.xml': says('1'), 'portico.yaml': 'backend: "${env:BACKEND:-http://127.0.0.1:1}"\n' });
    let isBroken = false;
    const environment = () => {
      if (isBroken) throw new Error('no such world');
      return undefined;
    };
    const gateway = await startGateway({ directory, port: 0, environment });
    stage.after(() => gateway.stop());
    isBroken = true;
    expect(await gateway.reload()).toBe(false);
    isBroken = false;
    writeFileSync(join(directory, 'policy.xml'), says('2'));
    expect(await gateway.reload()).toBe(true);
    expect(await (await fetch(gateway.address)).text()).toBe('2');
  });

  it('keeps what policies count, also where they were compiled again', async () => {
    const limited = (more: string) =>
      `<policies><inbound><rate-limit-by-key calls="2" renewal-period="60" counter-key="k" />${more}<return-response /></inbound><backend /><outbound /><on-error /></policies>`;
    const { gateway, write } = await started({ 'policy.xml': limited('') });
    const status = async () => (await fetch(gateway.address)).status;
    expect(await status()).toBe(200);
    expect(await gateway.reload()).toBe(true);
    expect(await status()).toBe(200);
    write('policy.xml', limited('<set-variable name="x" value="y" />'));
    expect(await gateway.reload()).toBe(true);
    expect(await status()).toBe(429);
  });

  it('judges accepted tokens again', async () => {
    const secret = 'x'.repeat(32);
    const key = `<issuer-signing-keys><key>${Buffer.from(secret).toString('base64')}</key></issuer-signing-keys>`;
    const policy = `<policies><inbound><validate-jwt header-name="Authorization">${key}</validate-jwt><return-response /></inbound><backend /><outbound /><on-error /></policies>`;
    const { gateway } = await started({ 'policy.xml': policy });
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(new TextEncoder().encode(secret));
    const call = async () => (await fetch(gateway.address, { headers: { Authorization: `Bearer ${token}` } })).status;
    expect([await call(), await call()]).toEqual([200, 200]);
    expect(gateway.identity().tokenCache).toMatchObject({ hits: 1, misses: 1 });
    expect(await gateway.reload()).toBe(true);
    expect(gateway.identity().tokenCache).toMatchObject({ size: 0, hits: 0, misses: 0 });
    expect([await call(), await call()]).toEqual([200, 200]);
    expect(gateway.identity().tokenCache).toMatchObject({ size: 1, hits: 1, misses: 1 });
  });
});
