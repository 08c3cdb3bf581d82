/** The console in a real browser, on the example directory: what comes in is seen, steps are opened, a policy is edited and tried. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Console } from '../../../src/gateway/console/console.ts';
import { type DemoServer, startDemoBackend } from '../../../src/gateway/demo/backend.ts';
import { startDemoProvider } from '../../../src/gateway/demo/provider.ts';
import { type Gateway, startGateway } from '../../../src/gateway/gateway.ts';
import { GENERIC } from '../../../src/identity/providers/generic.ts';
import { StandInProvider } from '../../../src/identity/providers/stand-in.ts';
import { buildConsolePage } from '../../../tools/console-page.ts';
import { BROWSER_ARGUMENTS, BROWSER_HOOK_TIMEOUT, CHROMIUM, launched, NO_BROWSER } from '../../support/browser.ts';

/** Where pictures are put; `docs/images/console` makes those of docs/console.md anew. */
const PICTURES = process.env.PORTICO_SCREENSHOTS;

/** What is used of playwright-core, whose own types need a browser's. */
interface Locator {
  click(options?: object): Promise<void>;
  fill(text: string): Promise<void>;
  focus(): Promise<void>;
  press(key: string): Promise<void>;
  check(): Promise<void>;
  waitFor(options?: object): Promise<void>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  count(): Promise<number>;
  first(): Locator;
  selectOption(value: string): Promise<unknown>;
}
interface Page {
  goto(url: string): Promise<unknown>;
  locator(selector: string): Locator;
  getByText(text: string | RegExp, options?: object): Locator;
  getByRole(role: string, options?: object): Locator;
  getByLabel(text: string, options?: object): Locator;
  evaluate<R>(run: () => R | Promise<R>): Promise<R>;
  on(event: string, listener: (value: { text(): string; type(): string; message?: string; url?(): string }) => void): void;
  screenshot(options: object): Promise<Buffer>;
  setDefaultTimeout(milliseconds: number): void;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  waitForTimeout(milliseconds: number): Promise<void>;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void>; insertText(text: string): Promise<void> };
  readonly mouse: { move(x: number, y: number): Promise<void> };
}
interface Browser {
  newPage(options?: object): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> };
}

describe.skipIf(NO_BROWSER)(`the console in a browser${NO_BROWSER ? ` (skipped: ${NO_BROWSER})` : ''}`, () => {
  let browser: Browser;
  let page: Page;
  let gateway: Gateway;
  let backend: DemoServer;
  let provider: DemoServer;
  let open: Console;
  let directory = '';
  const loud: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portico-console-'));
    cpSync('policies', join(directory, 'policies'), { recursive: true });
    const playwright = 'playwright-core' as string;
    const [{ chromium }] = await Promise.all([
      import(playwright) as Promise<Playwright>,
      buildConsolePage(join(directory, 'console.html')),
      startDemoBackend().then((server) => {
        backend = server;
      }),
      startDemoProvider().then((server) => {
        provider = server;
      }),
    ]);
    const variables: Readonly<Record<string, string>> = { PORTICO_BACKEND: backend.address, PORTICO_OPENID: provider.address };
    const policies = join(directory, 'policies');
    [gateway, browser] = await Promise.all([
      startGateway({
        directory: policies,
        port: 0,
        watch: true,
        environment: (name) => variables[name],
        watcher: async (workspace) => {
          open = new Console({ port: 0, workspace, watches: true, page: join(directory, 'console.html') });
          return open;
        },
      }),
      launched((options) =>
        chromium.launch({ ...options, executablePath: CHROMIUM, args: [...BROWSER_ARGUMENTS, '--force-device-scale-factor=1'] }),
      ),
    ]);
    await open.open(gateway);
    page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
    page.setDefaultTimeout(5000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') loud.push(message.text());
    });
    page.on('pageerror', (error) => loud.push(error.message ?? 'an error'));
    page.on('request', (request) => asked.push(request.url?.() ?? ''));
    await page.goto(open.address);
  }, BROWSER_HOOK_TIMEOUT);
  afterAll(async () => {
    await browser?.close();
    await open?.close();
    await gateway?.stop();
    await Promise.all([backend?.stop(), provider?.stop()]);
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  async function picture(name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({
      path: join(PICTURES, `${name}.png`),
      clip: { x: 0, y: 0, width: name === 'narrow' ? 800 : 1280, height: 680 },
    });
  }

  function tokenFor(scope: string): Promise<string> {
    const { address } = provider;
    const issuer = new StandInProvider({ pack: GENERIC, settings: { origin: address, issuer: address } });
    return issuer.mint({ claims: { scp: scope }, now: Date.now(), audience: ['api://orders'] });
  }

  it('shows requests as they come in, and keeps tokens to itself', async () => {
    await page.getByText('No request has come in yet').waitFor();
    const token = await tokenFor('orders.read');
    await fetch(`${gateway.address}/hello`);
    await fetch(`${gateway.address}/orders/7`);
    await fetch(`${gateway.address}/orders/7?expand=lines`, { headers: { Authorization: `Bearer ${token}` } });
    await fetch(`${gateway.address}/nowhere`);
    await fetch(`${gateway.address}/orders/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await tokenFor('orders.write')}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ item: 'bicycle', count: 2, password: 'hunter2' }),
    });
    await page.locator('.calls tbody tr').first().waitFor();
    await expect.poll(() => page.locator('.calls tbody tr').count()).toBe(5);
    const rows = await page.locator('.calls tbody tr').allTextContents();
    expect(rows.join('\n')).toContain('TokenNotPresent');
    expect(rows.join('\n')).not.toContain(token.slice(0, 20));
  });

  it('filters by status and words', async () => {
    const filter = page.getByLabel('Filter requests');
    await filter.fill('status:4xx -nowhere');
    await expect.poll(() => page.locator('.calls tbody tr').count()).toBe(1);
    await filter.fill('');
  });

  it('opens the waterfall of a request, with values before and after', async () => {
    await page.getByText('/orders/7?expand=lines').first().click();
    await page.getByRole('tab', { name: 'Steps' }).waitFor();
    const steps = page.locator('.step .row');
    await expect.poll(() => steps.count()).toBeGreaterThan(5);
    await page.getByRole('button', { name: /validate-jwt/ }).click();
    await page.getByText('wrote').first().waitFor({ state: 'visible' });
    await page.mouse.move(0, 0);
    await picture('waterfall');
    await page.getByRole('tab', { name: /Forwarded/ }).click();
    await page.getByText('X-Caller').waitFor();
    await page.getByRole('tab', { name: 'Request' }).click();
    expect(await page.locator('#tab-panel').textContent()).toContain('Bearer ****');
  });

  it('goes through the list by keys', async () => {
    await page.locator('main').focus();
    const before = await page.evaluate(() => (globalThis as unknown as { location: { hash: string } }).location.hash);
    await page.keyboard.press('j');
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { location: { hash: string } }).location.hash)).not.toBe(before);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.detail').count()).toBe(0);
  });

  it.each([
    ['Routes', 'validate-jwt'],
    ['Effective policies', 'inbound'],
    ['Counters', 'rate-limit-by-key'],
    ['Caches', 'hit rate'],
    ['Key sets', 'openid-configuration'],
    ['Backends', 'closed'],
  ])('has a page %s', async (name, text) => {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByText(text).first().waitFor();
    if (['Routes', 'Effective policies'].includes(name)) await picture(name.toLowerCase().replace(' ', '-'));
  });

  it('checks a policy while it is written, tries it offline, and saves it', async () => {
    await page.getByRole('link', { name: 'Editor', exact: true }).click();
    await page.getByRole('link', { name: /GET \/\{id\}/ }).click();
    await page.getByText('No problems').waitFor();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Home');
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.insertText(
      '<set-header name="X-Tried" exists-action="override"><value>@(context.Requst.Method)</value></set-header>',
    );
    await page
      .getByText(/does not contain a definition for 'Requst'/)
      .first()
      .waitFor();
    await picture('editor');
    await page.keyboard.press('Control+z');
    await page.keyboard.insertText(
      '<set-header name="X-Tried" exists-action="override"><value>@(context.Request.Method)</value></set-header>',
    );
    await page.getByText('No problems').waitFor();
    await page.getByLabel('Path or URL').fill('/orders/7');
    await page.getByLabel('Claims of a token to mint, as JSON').fill('{ "scp": "orders.read" }');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.trial .call').waitFor();
    expect(await page.locator('.trial .call h2').textContent()).toContain('200');
    await page.getByText('request.header X-Tried = GET').waitFor();
    await page.locator('.trial').press('End');
    await picture('try');
    const file = join(directory, 'policies/apis/orders/operations/get-order/policy.xml');
    expect(readFileSync(file, 'utf8')).not.toContain('X-Tried');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('X-Tried');
    const token = await tokenFor('orders.read');
    await expect
      .poll(async () => {
        await fetch(`${gateway.address}/orders/7`, { headers: { Authorization: `Bearer ${token}` } });
        const policy = gateway.engine.workspace.apis.flatMap(({ operations }) => operations.map((one) => one.policy?.file.text ?? ''));
        return policy.join('');
      })
      .toContain('X-Tried');
  });

  it('offers what fits where the cursor stands', async () => {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+Home');
    for (const key of ['ArrowDown', 'End', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.type('<set-h');
    await page.locator('.cm-tooltip-autocomplete').waitFor();
    expect(await page.locator('.cm-tooltip-autocomplete').textContent()).toContain('set-header');
    await page.keyboard.press('Escape');
    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Control+z');
  });

  it('says why files on disk are not taken into service, until they are', async () => {
    const file = join(directory, 'policies/apis/hello/policy.xml');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('<set-status', '<set-statis'));
    await page
      .getByText(/invalid child element 'set-statis'/)
      .first()
      .waitFor();
    await page.getByText(/not reloaded: \d+ error/).waitFor();
    writeFileSync(file, good);
    await expect.poll(() => page.locator('.refused').count()).toBe(0);
  });

  it('is pleasant in the dark and on a narrow screen', async () => {
    await page.getByRole('link', { name: 'Requests', exact: true }).click();
    await page.locator('.theme select').selectOption('dark');
    await page.getByText('TokenNotPresent').first().click();
    await page.getByRole('tab', { name: 'Steps' }).waitFor();
    await page.mouse.move(0, 0);
    await picture('dark');
    await page.setViewportSize({ width: 800, height: 800 });
    const isTooWide = () =>
      page.evaluate(() => {
        const { document } = globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } };
        return document.documentElement.scrollWidth > document.documentElement.clientWidth;
      });
    expect(await isTooWide()).toBe(false);
    await picture('narrow');
    await page.getByRole('link', { name: 'Editor', exact: true }).click();
    await page.locator('.cm-content').waitFor();
    expect(await isTooWide()).toBe(false);
  });

  it('is shown in docs/console.md as it is here', () => {
    const text = readFileSync('docs/console.md', 'utf8');
    const shown = [...text.matchAll(/\]\((images\/console\/[\w-]+\.png)\)/g)].map(([, name]) => join('docs', name ?? ''));
    expect(shown.length).toBeGreaterThan(4);
    for (const name of shown) expect(statSync(name).size, name).toBeLessThan(150 * 1024);
  });

  it('loads nothing from elsewhere, and the browser finds nothing to complain about', () => {
    expect(asked.filter((url) => !url.startsWith('data:') && !url.startsWith(new URL(open.address).origin))).toEqual([]);
    expect(loud).toEqual([]);
    expect(statSync(join(directory, 'console.html')).size).toBeLessThan(1024 * 1024);
  });
});
