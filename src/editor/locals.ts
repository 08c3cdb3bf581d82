/** Names inside one expression: locals, parameters of lambdas, variables of loops and patterns. */
import type { BoundProgram, LocalSymbol } from '../csharp/check/bound.ts';
import type { ExpressionEngine } from '../csharp/compile.ts';
import { KEYWORDS } from '../csharp/syntax/token.ts';
import type { Span } from '../source/span.ts';
import type { PolicyDocument, Value } from '../xml/tree.ts';
import { bindCode, boundExpressions, localsIn } from './code-model.ts';
import { decodedOffset, valueAt } from './place.ts';

export interface LocalUses {
  readonly name: string;
  /** In the file, the declaration first. */
  readonly spans: readonly Span[];
  /** Names that stand in the expression already. */
  readonly taken: ReadonlySet<string>;
}

/** The local at a place with every place of it. */
export function localAt(document: PolicyDocument, offset: number, engine: ExpressionEngine): LocalUses | undefined {
  const value = valueAt(document.nodes, offset);
  if (value === undefined || value.kind === 'literal') return undefined;
  const program = bindCode(value.text.text, value.kind, engine);
  if (program === undefined) return undefined;
  const at = decodedOffset(value, offset);
  const all = placesIn(program, value);
  const found = all.find(({ span }) => span.start <= at && at <= span.end)?.symbol;
  if (found === undefined) return undefined;
  const spans = all.filter(({ symbol }) => symbol === found).map(({ span }) => value.text.sourceSpan(span));
  return { name: found.name, spans, taken: new Set(localsIn(program).map(({ name }) => name)) };
}

/** Declarations and uses, each place once. */
function placesIn(program: BoundProgram, { text }: Value): { readonly symbol: LocalSymbol; readonly span: Span }[] {
  const uses = boundExpressions(program).flatMap((one) => (one.kind === 'local' ? [{ symbol: one.local, span: one.span }] : []));
  const declared = localsIn(program).map((symbol) => ({ symbol, span: symbol.declaredAt }));
  const seen = new Set<number>();
  return [...declared, ...uses].flatMap(({ symbol, span }) => {
    // A declaration may be told with its type or its start value around it: the name is what counts.
    const at = nameIn(text.text, span, symbol.name);
    if (at === undefined || seen.has(at)) return [];
    seen.add(at);
    return [{ symbol, span: { start: at, end: at + symbol.name.length } }];
  });
}

function nameIn(text: string, { start, end }: Span, name: string): number | undefined {
  const found = new RegExp(`(?<![\\w@])@?${name}(?!\\w)`).exec(text.slice(start, end));
  return found ? start + found.index + found[0].length - name.length : undefined;
}

export function isLocalName(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name) && !KEYWORDS.has(name) && name !== 'context';
}
