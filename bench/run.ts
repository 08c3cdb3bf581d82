/** `npm run bench`: every benchmark, one after the other. Each can be run alone with tsx. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
for (const name of ['expressions.ts', 'routing.ts', 'tokens.ts', 'gateway.ts']) {
  execFileSync(process.execPath, ['--import', 'tsx', here + name], { stdio: 'inherit' });
}
