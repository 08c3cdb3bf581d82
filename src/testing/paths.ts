/** JSONPath and XPath as the expressions of policies understand them. */
import { Budget } from '../csharp/runtime/budget.ts';
import { selectTokens } from '../dotnet/json/path.ts';
import { toPlain } from '../dotnet/json/plain.ts';
import { parseJson } from '../dotnet/json/reader.ts';
import { parseDocument } from '../dotnet/xml/parse.ts';
import { evaluateXPath } from '../dotnet/xml/xpath.ts';
import { stringOf } from '../dotnet/xml/xpath-axes.ts';

export interface Found {
  readonly values: readonly unknown[];
  /** Why nothing can be found: the text is no JSON or XML, or the path is wrong. */
  readonly fault?: string;
}

export function jsonPathValues(text: string, path: string): Found {
  return tried(() => {
    const search = {
      errorWhenNoMatch: false,
      budget: new Budget(),
      matches: (input: string, pattern: string, options: string) => new RegExp(pattern, options.replace(/[^ims]/g, '')).test(input),
    };
    return [
      ...selectTokens(
        read('JSON', () => parseJson(text)),
        path,
        search,
      ),
    ].map(toPlain);
  });
}

/** Texts of nodes; numbers, texts and booleans of functions as they are. Prefixes are those of the document. */
export function xpathValues(text: string, path: string): Found {
  return tried(() => {
    const prefixes = new Map(
      [...text.matchAll(/\bxmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/g)].map(([, prefix = '', uri = '']) => [prefix, uri]),
    );
    const value = evaluateXPath(
      read('XML', () => parseDocument(text, true, new Budget())),
      path,
      (prefix) => (prefix === '' ? '' : prefixes.get(prefix)),
      new Budget(),
    );
    return typeof value === 'object' ? value.map(stringOf) : [value];
  });
}

/** A text that is none of it is told apart from a path that is wrong. */
function read<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`no ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tried(find: () => readonly unknown[]): Found {
  try {
    return { values: find() };
  } catch (error) {
    return { values: [], fault: error instanceof Error ? error.message : String(error) };
  }
}
