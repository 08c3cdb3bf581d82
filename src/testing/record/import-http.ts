/** `.http` and `.rest` files as editors run them: requests between `###` lines, variables as `@name = value` and `{{name}}`. */
import type { SeenExchange } from './test-writer.ts';

const REQUEST_LINE = /^(?:([A-Z]+)[ \t]+)?(\S+)(?:[ \t]+HTTP\/[\d.]+)?[ \t]*$/;
/** Most replacements in one text: variables may mention each other. */
const DEEPEST = 10;

/** Throws an Error that names the line of what is no request. */
export function httpExchanges(text: string): SeenExchange[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const variables = variablesIn(lines);
  return blocksOf(lines).flatMap((block) => exchangeOf(block, variables) ?? []);
}

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
  readonly first: number;
}

function variablesIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const pairs = lines.flatMap((line): [string, string][] => {
    const match = /^@([\w.-]+)\s*=\s*(.*)$/.exec(line);
    return match ? [[match[1] ?? '', (match[2] ?? '').trim()]] : [];
  });
  return new Map(pairs);
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: { title: string; lines: string[]; first: number }[] = [{ title: '', lines: [], first: 1 }];
  for (const [at, line] of lines.entries()) {
    const title = /^###(.*)$/.exec(line);
    if (title) blocks.push({ title: (title[1] ?? '').trim(), lines: [], first: at + 2 });
    else blocks[blocks.length - 1]?.lines.push(line);
  }
  return blocks;
}

function exchangeOf({ title, lines, first }: Block, variables: ReadonlyMap<string, string>): SeenExchange | undefined {
  const isAside = (line: string) => line.trim() === '' || /^\s*(?:#|\/\/|@)/.test(line);
  const start = lines.findIndex((line) => !isAside(line));
  if (start < 0) return undefined;
  const name = lines.slice(0, start).flatMap((line) => /^\s*(?:#|\/\/)\s*@name[\s=]+(\S+)/.exec(line)?.[1] ?? [])[0] ?? title;
  const fill = (text: string) => filled(text, variables);
  let at = start + 1;
  let target = lines[start] ?? '';
  // A query may go on in lines that begin with `?` or `&`.
  for (; /^\s+[?&]/.test(lines[at] ?? ''); at += 1) target += (lines[at] ?? '').trim();
  const match = REQUEST_LINE.exec(fill(target.trim()));
  // Without a method only what is plainly a URL is a request.
  if (!match || (match[1] === undefined && !/^(?:https?:\/\/|\/|\{\{)/i.test(match[2] ?? '')))
    throw new Error(`line ${first + start} is no request line such as \`GET https://host/path\``);
  const headers: string[] = [];
  for (; at < lines.length && (lines[at] ?? '').trim() !== ''; at += 1) {
    const line = lines[at] ?? '';
    const colon = line.indexOf(':');
    if (/^\s*(?:#|\/\/)/.test(line)) continue;
    if (colon <= 0) throw new Error(`line ${first + at} is no header such as \`Name: value\``);
    headers.push(line.slice(0, colon).trim(), fill(line.slice(colon + 1).trim()));
  }
  const body = fill(bodyOf(lines.slice(at + 1)));
  const request = { method: match[1] ?? 'GET', url: match[2] ?? '/', headers, body: new TextEncoder().encode(body) };
  return { name, request, answer: undefined, backend: [], calls: [] };
}

/** Scripts and references to stored answers belong to the editor. */
function bodyOf(lines: readonly string[]): string {
  const end = lines.findIndex((line) => /^(?:> |>> |<> |> \{%)/.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').trim();
}

function filled(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  if (depth > DEEPEST) return text;
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (all, name: string) => {
    const value = variables.get(name);
    return value === undefined ? all : filled(value, variables, depth + 1);
  });
}
