/** The OpenID provider of the benchmarks. Prints its address. */
import { startDemoProvider } from '../src/gateway/demo/provider.ts';

const { address } = await startDemoProvider();
process.stdout.write(`${address}\n`);
