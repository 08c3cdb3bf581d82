/** The filter above the list of requests. */
import type { CallSummary } from '../../src/gateway/console/call-rows.ts';
import { pathOf } from './format.ts';

/** Words are looked for anywhere; `status:4`, `method:get`, `api:orders`, `path:/a`, `error:jwt` in one place; `-` before one excludes. */
export function matches(call: CallSummary, filter: string): boolean {
  const text = `${call.method} ${pathOf(call.url)} ${call.status ?? ''} ${call.api ?? ''} ${call.operation ?? ''} ${call.error?.reason ?? ''}`;
  const fields: Readonly<Record<string, string>> = {
    status: String(call.status ?? ''),
    method: call.method,
    api: call.api ?? '',
    operation: call.operation ?? '',
    path: pathOf(call.url),
    error: call.error ? `${call.error.source} ${call.error.reason} ${call.error.message}` : '',
    id: call.id,
  };
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .every((word) => {
      const excludes = word.startsWith('-');
      const [, name = '', rest = ''] = /^(\w+):(.*)$/.exec(excludes ? word.slice(1) : word) ?? [];
      const field = fields[name];
      const wanted = field === undefined ? word.slice(excludes ? 1 : 0) : rest.replace(/x+$/, '');
      const place = (field ?? text).toLowerCase();
      const found = name === 'status' ? place.startsWith(wanted) : place.includes(wanted);
      return found !== excludes;
    });
}
