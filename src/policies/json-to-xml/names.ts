/** Property names as XML names, by the rules of XmlConvert.EncodeLocalName. */

const START = /^[\p{L}\p{Nl}_]$/u;
const REST = /^[\p{L}\p{Nl}\p{M}\p{Nd}._\-\u00b7]$/u;

/** The name with what XML does not allow in it replaced, or written `_xHHHH_`. */
export function elementName(name: string, replacement: string | undefined): string {
  let result = '';
  for (const character of name) {
    const allowed = result === '' ? START.test(character) : REST.test(character);
    result += allowed ? character : (replacement ?? encoded(character));
  }
  return START.test([...result][0] ?? '') ? result : `_${result}`;
}

function encoded(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `_x${code
    .toString(16)
    .toUpperCase()
    .padStart(code > 0xffff ? 8 : 4, '0')}_`;
}
