/**
 * Builds `dist/`: one entry a door, shared code in chunks, each library in a chunk of its own that loads when first
 * touched (start-up time is a feature); then the declaration files.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildConsolePage } from './console-page.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** Built beside `dist/` and put in its place at the end, so that whoever runs the old build meanwhile is not disturbed. */
const fresh = `dist.${process.pid}`;
await build({
  entryPoints: { portico: 'src/cli/main.ts', index: 'src/index.ts', testing: 'src/testing/index.ts' },
  outdir: fresh,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  // `vitest` and the optional peers are the user's; libxml2-wasm finds its binary beside its own module.
  external: ['vitest', 'ioredis', 'gpt-tokenizer', '@opentelemetry/api', 'libxml2-wasm'],
  minifySyntax: true,
  minifyWhitespace: true,
  // Less text to parse at every start.
  minifyIdentifiers: true,
  legalComments: 'none',
  keepNames: false,
  sourcemap: false,
  define: { PORTICO_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages (commander, undici) call require of Node's own modules.
  banner: { js: "import{createRequire as porticoRequire}from'node:module';const require=porticoRequire(import.meta.url);" },
  logLevel: 'warning',
});
await buildConsolePage(`${fresh}/console.html`);
if (!process.argv.includes('--no-types')) {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json', '--outDir', `${fresh}/types`], {
    stdio: 'inherit',
  });
}
const old = `dist.${process.pid}.old`;
if (existsSync('dist')) renameSync('dist', old);
renameSync(fresh, 'dist');
rmSync(old, { recursive: true, force: true });
