/** `portico test --against URL`: the part of the tests that callers see, against a gateway that runs. */
import { LiveRunner } from '../testing/against.ts';
import { UsageError } from './output.ts';
import { filesOf } from './test-files.ts';
import { runFiles } from './test-in-order.ts';
import type { ReporterChoice, TestOptions } from './test-options.ts';
import { exitCode, Output } from './test-output.ts';

export async function runAgainst(
  paths: readonly string[],
  url: string,
  options: TestOptions,
  chosen: readonly ReporterChoice[],
): Promise<number> {
  if (!/^https?:\/\/[^/]/.test(url)) throw new UsageError(`\`${url}\` is no URL of a gateway: write it as \`https://host:port\``);
  const { filter, timeout = 10_000, env } = options;
  const output = new Output(chosen);
  const outcomes = await runFiles(new LiveRunner({ url, filter, timeout, environmentName: env }), filesOf(paths), options, output);
  output.end(outcomes);
  output.finish(outcomes);
  return exitCode(outcomes);
}
