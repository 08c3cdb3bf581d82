/** Texts of callers and services on a terminal or in a log. */

/** Characters that would move the cursor, colour what follows or end the line are written as C# escapes; line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (one) =>
    one === '\r' ? '\\r' : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
