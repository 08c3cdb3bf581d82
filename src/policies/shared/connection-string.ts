/** Connection strings of data sources, as ADO.NET writes them: `name=value` pairs with semicolons between, names without case. */
import { type AttributeDeclaration, type ChildDeclaration, optional } from '../definition.ts';

/** `connection-string` of a data source; `own` are the attributes that only one of them has. */
export function connectionString(...own: readonly AttributeDeclaration[]): ChildDeclaration {
  return {
    name: 'connection-string',
    min: 1,
    max: 1,
    content: 'text',
    text: { type: 'string', expressions: true, required: true },
    attributes: [
      optional('use-managed-identity', 'boolean', 'Signs in with the managed identity.', { default: 'false' }),
      ...own,
      optional('client-id', 'string', 'Client id of a user assigned identity.', { expressions: false }),
    ],
  };
}

/** The value of the first pair with one of the names (lower case); empty when there is none. */
export function settingOf(text: string, names: readonly string[]): string {
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    if (at >= 0 && names.includes(pair.slice(0, at).trim().toLowerCase())) return pair.slice(at + 1).trim();
  }
  return '';
}
