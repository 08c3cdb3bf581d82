/** `npm run bench`: every benchmark, one after the other. `npm run bench -- expressions` runs one. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Bundled as `dist/` is: tsx names every function at run time, which costs more than what is measured here. */
async function bundled(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../node_modules/.cache/portico-bench/${name}.mjs`, import.meta.url));
  const banner = { js: "import{createRequire as porticoRequire}from'node:module';const require=porticoRequire(import.meta.url);" };
  await build({ entryPoints: [`${here}${name}.ts`], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20.18', banner });
  return outfile;
}

const BENCHES: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  expressions: async () => [await bundled('expressions')],
  routing: async () => [await bundled('routing')],
  tokens: async () => ['--import', 'tsx', `${here}tokens.ts`],
  tests: async () => [await bundled('tests')],
  gateway: async () => ['--import', 'tsx', `${here}gateway.ts`],
};

const wanted = process.argv[2];
for (const [name, prepare] of Object.entries(BENCHES)) {
  if (wanted === undefined || wanted === name) execFileSync(process.execPath, await prepare(), { stdio: 'inherit' });
}
