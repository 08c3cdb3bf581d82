/** The container file, the Kubernetes objects and the systemd unit, as far as they can be checked without running them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startGateway } from '../src/gateway/gateway.ts';
import type { Diagnostic } from '../src/source/diagnostic.ts';
import { renderDiagnostic } from '../src/source/render.ts';

const POLICIES = 'samples/kubernetes/policies';
const temporary: string[] = [];
afterAll(() => {
  for (const path of temporary) rmSync(path, { recursive: true, force: true });
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  temporary.push(path);
  return path;
}

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const environment = (name: string) => (name === 'REDIS_URL' ? 'redis://127.0.0.1:1' : undefined);

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Lines of a Containerfile, continued ones joined, comments dropped. */
function instructionsOf(text: string): Instruction[] {
  const joined = text.replace(/\\\n\s*/g, ' ');
  const lines = joined.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    return { name, text: rest };
  });
}

describe('container', () => {
  const all = instructionsOf(readFileSync('samples/container/Containerfile', 'utf8'));
  const stages = all.filter(({ name }) => name === 'FROM').map(({ text }) => text);
  const lastStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
  const only = (name: string) => lastStage.filter((one) => one.name === name).map(({ text }) => text);

  it('holds instructions only', () => {
    const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];
    expect(all.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it('builds in stages, from images with a version', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const stage of stages) expect(stage).toMatch(/^docker\.io\/library\/node:\d+-[a-z-]+(?: AS [a-z]+)?$/);
  });

  it('copies what exists, from stages that exist', () => {
    const names = stages.flatMap((stage) => / AS (\w+)$/.exec(stage)?.[1] ?? []);
    for (const { text } of all.filter(({ name }) => name === 'COPY')) {
      const from = /^--from=(\w+) /.exec(text)?.[1];
      if (from !== undefined) expect(names).toContain(from);
      else for (const source of text.split(/\s+/).slice(0, -1)) expect(existsSync(source), source).toBe(true);
    }
  });

  it('copies what the build reads', () => {
    const root = directory();
    const first = all.slice(
      0,
      all.findIndex(({ name }, at) => name === 'FROM' && at > 0),
    );
    for (const { text } of first.filter(({ name }) => name === 'COPY')) {
      for (const source of text.split(/\s+/).slice(0, -1)) cpSync(source, join(root, source), { recursive: true });
    }
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/build.ts', '--no-types'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(existsSync(join(root, 'dist/portico.mjs'))).toBe(true);
  });

  it('runs without root and without a shell', () => {
    expect(only('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(JSON.parse(only('ENTRYPOINT')[0] ?? '')).toEqual(['node', '/opt/portico/dist/portico.mjs']);
    expect(only('RUN')).toEqual([]);
  });

  it('starts with options that the command has', () => {
    const [command, , ...options] = JSON.parse(only('CMD')[0] ?? '') as string[];
    expect(command).toBe('run');
    const source = readFileSync('src/cli/run.ts', 'utf8');
    for (const option of options.filter((one) => one.startsWith('--'))) expect(source).toContain(`'${option}`);
  });

  it('has a health check that tells a gateway from none', async () => {
    const [, command = ''] = /CMD (\[.*\])$/.exec(only('HEALTHCHECK')[0] ?? '') ?? [];
    const [, flag = '', code = ''] = JSON.parse(command) as string[];
    const gateway = await startGateway({ directory: POLICIES, port: 0, environment });
    const exit = (port: number) =>
      new Promise<number | null>((done) => {
        spawn(process.execPath, [flag, code.replace(':8080', `:${port}`)]).on('close', (result) => done(result));
      });
    expect(await exit(gateway.port)).toBe(0);
    await gateway.stop();
    expect(await exit(gateway.port)).toBe(1);
  });
});

describe('the policies of the Kubernetes sample', () => {
  it('have nothing that Azure would refuse', async () => {
    const found: string[] = [];
    const onLoad = (problems: readonly Diagnostic[]) => void found.push(...problems.map((problem) => renderDiagnostic(problem)));
    await (await startGateway({ directory: POLICIES, port: 0, environment, onLoad })).stop();
    expect(found).toEqual([]);
  });

  it('are taken into service again when a ConfigMap changes under its links', async () => {
    const root = directory();
    const version = (name: string, text: string) => {
      cpSync(POLICIES, join(root, name), { recursive: true });
      writeFileSync(join(root, name, 'policy.xml'), text);
    };
    const reply = (text: string) =>
      `<policies><inbound><return-response><set-body>${text}</set-body></return-response></inbound><backend /><outbound /><on-error /></policies>`;
    version('..2026_01', reply('one'));
    symlinkSync('..2026_01', join(root, '..data'));
    for (const name of ['policy.xml', 'portico.yaml']) symlinkSync(join('..data', name), join(root, name));
    const gateway = await startGateway({ directory: root, port: 0, environment, watch: true });
    const body = async () => (await fetch(gateway.address)).text();
    expect(await body()).toBe('one');
    version('..2026_02', reply('two'));
    symlinkSync('..2026_02', join(root, '..data_tmp'));
    execFileSync('mv', ['-T', join(root, '..data_tmp'), join(root, '..data')]);
    rmSync(join(root, '..2026_01'), { recursive: true });
    await expect.poll(body, { timeout: 4000 }).toBe('two');
    await gateway.stop();
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: objects of several kinds, read by path
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
}

const noKubectl = has('kubectl') ? undefined : 'kubectl is not installed';
describe.skipIf(noKubectl)(`kubernetes${noKubectl ? ` (skipped: ${noKubectl})` : ''}`, () => {
  const built = noKubectl ? '' : execFileSync('kubectl', ['kustomize', 'samples/kubernetes'], { encoding: 'utf8' });
  const objects = parseAllDocuments(built).map((document) => document.toJS() as Manifest);
  const find = (kind: string) => objects.find((one) => one.kind === kind) as Manifest;
  const pod = () => find('Deployment').spec.template.spec;
  const container = () => pod().containers[0];

  it('is complete and in one namespace', () => {
    expect(objects.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'Namespace', 'PodDisruptionBudget', 'Service']);
    for (const one of objects.filter(({ kind }) => kind !== 'Namespace')) expect(one.metadata.namespace).toBe('portico');
  });

  it('finds its pods by the same labels everywhere', () => {
    const labels = find('Deployment').spec.template.metadata.labels;
    const selectors = [
      find('Deployment').spec.selector.matchLabels,
      find('Service').spec.selector,
      find('PodDisruptionBudget').spec.selector.matchLabels,
    ];
    for (const selector of [...selectors, pod().topologySpreadConstraints[0].labelSelector.matchLabels])
      expect(labels).toMatchObject(selector);
  });

  it('leads the service and the probes to the port', () => {
    const [port] = container().ports;
    expect(find('Service').spec.ports[0].targetPort).toBe(port.name);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      expect(container()[probe].httpGet).toEqual({ path: '/status-0123456789abcdef', port: port.name });
  });

  it('meets the restricted pod security standard and leaves the disk alone', () => {
    expect(pod().securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container().securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod().automountServiceAccountToken).toBe(false);
  });

  it('has bounds, and time to finish calls', () => {
    expect(container().resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    });
    expect(pod().terminationGracePeriodSeconds).toBeGreaterThan(30 + Number(container().lifecycle.preStop.exec.command[1]));
    expect(find('PodDisruptionBudget').spec.maxUnavailable).toBeLessThan(find('Deployment').spec.replicas);
  });

  it('mounts the policies that were made, and gives them the variables they ask for', () => {
    expect(pod().volumes[0].configMap.name).toBe(find('ConfigMap').metadata.name);
    expect(container().volumeMounts[0]).toEqual({ name: pod().volumes[0].name, mountPath: '/policies', readOnly: true });
    const asked = [...(find('ConfigMap').data?.['portico.yaml'] ?? '').matchAll(/\$\{env:(\w+)\}/g)].map((match) => match[1]);
    expect(container().env.map(({ name }: { name: string }) => name)).toEqual(asked);
  });
});

const noSystemd = has('systemd-analyze') ? undefined : 'systemd-analyze is not installed';
describe.skipIf(noSystemd)(`systemd${noSystemd ? ` (skipped: ${noSystemd})` : ''}`, () => {
  const unit = readFileSync('samples/systemd/portico.service', 'utf8');
  const path = () => {
    const file = join(directory(), 'portico.service');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, unit.replace('/usr/local/bin/portico', process.execPath));
    return file;
  };

  it('is a unit', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path()], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('sees little of the machine', () => {
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', path()], { encoding: 'utf8' });
    expect(Number(/exposure level for portico\.service: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2);
  });

  it('starts with options that the command has, and leaves room for V8', () => {
    const options = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.match(/--[\w-]+/g) ?? [];
    const source = readFileSync('src/cli/run.ts', 'utf8');
    expect(options.length).toBeGreaterThan(2);
    for (const option of options) expect(source).toContain(`'${option}`);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });
});
