import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { formatComposite } from '../numbers/composite.ts';

/** `string.Format`: the culture is always the invariant one, whatever the provider; null format or arguments throw, the result counts against the budget. */
export function formatText(runtime: Runtime, _provider: unknown, format: string | null, args: readonly unknown[] | null): string {
  if (format === null) throw argumentNull('format');
  if (args === null) throw argumentNull('args');
  const text = formatComposite(format, args, runtime);
  runtime.budget.allocate(text.length);
  return text;
}
