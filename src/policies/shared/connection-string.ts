/** Connection strings as ADO.NET writes them: `name=value` pairs with semicolons between, names without case. */

/** The value of the first pair with one of the names (lower case); empty when there is none. */
export function settingOf(text: string, names: readonly string[]): string {
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    if (at >= 0 && names.includes(pair.slice(0, at).trim().toLowerCase())) return pair.slice(at + 1).trim();
  }
  return '';
}
