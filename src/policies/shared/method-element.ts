/** `set-method` as policy and as child of send-request. */
import type { ElementDeclaration } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';

export const METHOD_ELEMENT: ElementDeclaration = {
  name: 'set-method',
  content: 'text',
  attributes: [],
  text: { type: 'string', expressions: true, required: true },
};

/** The method as it goes out; case is the author's own. Throws PolicyError for a text that is no token. */
export function methodText(value: string | null): string {
  const method = (value ?? '').trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) throw invalidValue(`'${method}' is not a valid HTTP method.`);
  return method;
}
