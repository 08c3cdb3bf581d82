/** Makes the console's page: one file with its script and style inside, which loads nothing from anywhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

export async function buildConsolePage(target: string): Promise<void> {
  const [bundle, style] = await Promise.all([
    build({
      entryPoints: ['web/console/main.tsx'],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
    }),
    transform(readFileSync('web/console/style.css', 'utf8'), { loader: 'css', minify: true }),
  ]);
  // In an HTML script element only this ends the script.
  const script = (bundle.outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const page = readFileSync('web/console/index.html', 'utf8');
  writeFileSync(
    target,
    page.replace('/* STYLE */', () => style.code.trim()).replace('/* SCRIPT */', () => script),
  );
}
