/** What the policies of an operation look at: headers, query parameters, claims, with the values they are compared with. */
import type { EffectivePolicy } from '../../pipeline/document.ts';
import type { CompiledStep } from '../../policies/step.ts';

export interface Vocabulary {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** Claims that are asked for, with their values. */
  readonly claims: ReadonlyMap<string, readonly string[]>;
  readonly audiences: readonly string[];
  readonly readsBody: boolean;
  /** Status codes that conditions name. */
  readonly statuses: readonly number[];
  /** Something is counted by subscription. */
  readonly countsSubscriptions: boolean;
  /** Services are called. */
  readonly calls: boolean;
}

/** Values of one name that are worth a request. */
const MOST_VALUES = 6;

export function vocabularyOf(policies: readonly EffectivePolicy[]): Vocabulary {
  const texts = textsOf(policies);
  return {
    headers: namesIn(
      texts,
      /Headers\s*(?:\.\s*(?:GetValueOrDefault|ContainsKey|TryGetValue)\s*\(|\[)\s*"([^"]+)"|<check-header[^>]*\bname="([^"]+)"/g,
    ),
    query: namesIn(texts, /Query\s*(?:\.\s*(?:GetValueOrDefault|ContainsKey|TryGetValue)\s*\(|\[)\s*"([^"]+)"/g),
    claims: claimsIn(texts),
    audiences: texts.flatMap((text) => [...text.matchAll(/<audience>\s*([^<@{]+?)\s*<\/audience>/g)].map((match) => match[1] ?? '')),
    readsBody: texts.some((text) => text.includes('Request.Body')),
    statuses: statusesIn(texts),
    calls: texts.some((text) => text.includes('<send-request')),
    countsSubscriptions: texts.some((text) => /<(?:rate-limit|quota)[\s/>]|Subscription/.test(text)),
  };
}

const STATEFUL =
  /<(rate-limit|rate-limit-by-key|quota|quota-by-key|llm-token-limit|azure-openai-token-limit|cache-store|cache-store-value)[\s/>][^<]*/g;

/** Policies that keep state over calls, and whose text alone does not tell that they are the same on both sides, by name. */
export function statefulPoliciesIn(left: readonly EffectivePolicy[], right: readonly EffectivePolicy[]): string[] {
  const [ours, theirs] = [statefulTexts(left), statefulTexts(right)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => {
    const text = ours.get(name);
    return text !== theirs.get(name) || text?.includes('{{') === true;
  });
}

function statefulTexts(policies: readonly EffectivePolicy[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of textsOf(policies))
    for (const [tag, name = ''] of text.matchAll(STATEFUL)) found.set(name, `${found.get(name) ?? ''}${tag.trim()}`);
  return found;
}

function textsOf(policies: readonly EffectivePolicy[]): string[] {
  return [...new Set(policies.flatMap(({ sections }) => Object.values(sections).flat().map(textOf)))];
}

function statusesIn(texts: readonly string[]): number[] {
  const named = texts.flatMap((text) => [...text.matchAll(/StatusCode\s*[=!<>]=?\s*([2-5]\d\d)\b/g)].map((match) => Number(match[1])));
  return [...new Set(named)].slice(0, MOST_VALUES);
}

function textOf({ info }: CompiledStep): string {
  return info.file.text
    .slice(info.span.start, info.span.end)
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Each name with the other texts that stand in the same expression. */
function namesIn(texts: readonly string[], pattern: RegExp): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? match[2] ?? '';
      const values = found.get(name) ?? new Set<string>();
      for (const value of literalsAround(text, match.index)) if (value !== name && value !== '') values.add(value);
      found.set(name, values);
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values].slice(0, MOST_VALUES)]));
}

function literalsAround(text: string, at: number): string[] {
  const from = Math.max(text.lastIndexOf('@(', at), text.lastIndexOf('@{', at), 0);
  return [...text.slice(from, at + 400).matchAll(/"([^"\\{}<>]{0,80})"|<value>([^<@{]{1,80})<\/value>/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

function claimsIn(texts: readonly string[]): Map<string, readonly string[]> {
  const claims = new Map<string, string[]>();
  for (const text of texts) {
    for (const [, name = '', inner = ''] of text.matchAll(/<claim\s[^>]*?\bname="([^"]+)"[^>]*>([\s\S]*?)<\/claim>/g)) {
      const values = [...inner.matchAll(/<value>\s*([^<@{]+?)\s*<\/value>/g)].map((match) => match[1] ?? '');
      claims.set(name, [...(claims.get(name) ?? []), ...values]);
    }
    for (const [, name = ''] of text.matchAll(/Claims\s*(?:\.\s*(?:GetValueOrDefault|ContainsKey)\s*\(|\[)\s*"([^"]+)"/g)) {
      claims.set(name, [...(claims.get(name) ?? []), ...literalsAround(text, text.indexOf(`"${name}"`)).filter((value) => value !== name)]);
    }
  }
  return claims;
}
