/** XML written element by element; `<a />` when nothing stands inside. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
/** What XML 1.0 cannot hold even as a reference; .NET's writer refuses it, a replacement character keeps the rest. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export class XmlText {
  readonly #parts: string[] = [];
  readonly #names: string[] = [];
  #tagOpen = false;

  open(name: string): void {
    this.#endTag();
    this.#parts.push('<', name);
    this.#names.push(name);
    this.#tagOpen = true;
  }

  /** An attribute of the element that was opened last. */
  attribute(name: string, value: string): void {
    const text = value.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character] ?? character);
    this.#parts.push(' ', name, '="', text, '"');
  }

  text(value: string): void {
    if (value === '') return;
    this.#endTag();
    this.#parts.push(value.replace(FORBIDDEN, '\ufffd').replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character));
  }

  close(): void {
    const name = this.#names.pop() ?? '';
    this.#parts.push(this.#tagOpen ? ' />' : `</${name}>`);
    this.#tagOpen = false;
  }

  toString(): string {
    return this.#parts.join('');
  }

  #endTag(): void {
    if (this.#tagOpen) this.#parts.push('>');
    this.#tagOpen = false;
  }
}
