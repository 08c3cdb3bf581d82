/** Repairs that an editor offers: those of lint rules, what a diagnostic says to write instead, and silence. */
import { applyFixes } from '../lint/fix.ts';
import type { LintDiagnostic } from '../lint/lint.ts';
import type { TextEdit } from '../lint/model.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { type Span, span } from '../source/span.ts';
import type { PolicyDocument, XmlElement } from '../xml/tree.ts';
import { elementsAt, valueAt } from './place.ts';

export interface Repair {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one to take without asking. */
  readonly isPreferred: boolean;
  readonly diagnostic: Diagnostic;
}

/** Repairs for what touches a span. */
export function repairsFor(document: PolicyDocument, problems: readonly Diagnostic[], at: Span): Repair[] {
  const touched = problems.filter(({ span }) => span.start <= at.end && at.start <= span.end);
  return touched.flatMap((diagnostic) => [...repairsOf(document, diagnostic), ...silences(document, diagnostic)]);
}

/** Every repair of lint rules that can be made at once, as edits of the whole; undefined when there is none. */
export function repairAll(document: PolicyDocument, problems: readonly Diagnostic[]): string | undefined {
  const { text, count } = applyFixes(document.file.text, problems.filter(isLint));
  return count > 0 ? text : undefined;
}

function isLint(diagnostic: Diagnostic): diagnostic is LintDiagnostic {
  return 'rule' in diagnostic;
}

function repairsOf(document: PolicyDocument, diagnostic: Diagnostic): Repair[] {
  if (isLint(diagnostic))
    return diagnostic.fix ? [{ title: diagnostic.help ?? 'repair', edits: diagnostic.fix, isPreferred: true, diagnostic }] : [];
  return editsFor(document, diagnostic).map(({ title, edits }, _, all) => ({ title, edits, isPreferred: all.length === 1, diagnostic }));
}

interface Offer {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** What the help of a diagnostic names, put in the place of what is wrong. */
function editsFor(document: PolicyDocument, diagnostic: Diagnostic): Offer[] {
  const special = SPECIAL[diagnostic.code]?.(document, diagnostic);
  if (special) return special;
  const { help = '' } = diagnostic;
  const meant = /^(?:did you mean|write) `([^`…]+)`(?: instead|\??$|$)/.exec(help)?.[1];
  if (meant !== undefined) return replaceName(document, diagnostic, meant);
  const choices = /^write (?:one of )?((?:`[^`…]+`(?:, | or |$))+)$/.exec(help)?.[1];
  return choices === undefined
    ? []
    : replaceValue(
        document,
        diagnostic,
        [...choices.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
      );
}

/** The wrong name is one of those that the message quotes, and stands in the place itself. */
function replaceName({ file }: PolicyDocument, { span: place, message }: Diagnostic, meant: string): Offer[] {
  const written = file.text.slice(place.start, place.end);
  const wrong = [...message.matchAll(/[`']([^`']+)[`']/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => written.includes(name))
    .at(-1);
  if (wrong === undefined) return [];
  // A member is permitted or not as `Type.Member`; in the text stands the member.
  const name = meant.includes('.') && !wrong.includes('.') ? meant.slice(meant.lastIndexOf('.') + 1) : meant;
  const at = place.start + written.lastIndexOf(wrong);
  const edits = [{ span: span(at, at + wrong.length), text: name }, ...endTagEdit(file.text, at, wrong, name)];
  return [{ title: `write \`${name}\``, edits }];
}

/** The name of an element stands in its end tag, too. */
function endTagEdit(text: string, at: number, wrong: string, name: string): TextEdit[] {
  if (text[at - 1] !== '<') return [];
  const tag = new RegExp(`</?${wrong.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}(?![\\w.-])[^<>]*?(/?)>`, 'g');
  tag.lastIndex = at - 1;
  let depth = 0;
  for (let found = tag.exec(text); found; found = tag.exec(text)) {
    if (found[1] === '/') {
      if (depth === 0) return [];
      continue;
    }
    depth += found[0].startsWith('</') ? -1 : 1;
    if (depth <= 0) return [{ span: span(found.index + 2, found.index + 2 + wrong.length), text: name }];
  }
  return [];
}

/** Most values that are offered one by one. */
const MOST_CHOICES = 8;

function replaceValue(document: PolicyDocument, { span: place }: Diagnostic, values: readonly string[]): Offer[] {
  const value = valueAt(document.nodes, place.start);
  if (value?.kind !== 'literal') return [];
  return values.slice(0, MOST_CHOICES).map((text) => ({ title: `write \`${text}\``, edits: [{ span: value.span, text }] }));
}

type Special = (document: PolicyDocument, diagnostic: Diagnostic) => Offer[] | undefined;

const SPECIAL: Readonly<Record<string, Special>> = {
  PTC0003: ({ nodes }, { span: place, message }) => {
    const name = /<([^>]+)>/.exec(message)?.[1];
    const element = name === undefined ? undefined : elementFrom(nodes, place.start);
    return element && [{ title: `add \`</${name}>\``, edits: [{ span: span(element.span.end), text: `</${name}>` }] }];
  },
  PTC0004: (_, { span: place, help = '' }) => {
    const tag = /`(<\/[^`]+>)`/.exec(help)?.[1];
    return tag === undefined ? undefined : [{ title: `write \`${tag}\``, edits: [{ span: place, text: tag }] }];
  },
  PTC0005: (_, { span: place }) => [{ title: 'remove it', edits: [{ span: place, text: '' }] }],
  PTC0007: ({ file }, { span: place }) =>
    file.text[place.start] === '&'
      ? [{ title: 'write `&amp;`', edits: [{ span: span(place.start, place.start + 1), text: '&amp;' }] }]
      : undefined,
  PTC1007: (document, { span: place, message }) => {
    const name = /attribute '([^']+)'/.exec(message)?.[1];
    const element = elementsAt(document, place.start).at(-1);
    if (name === undefined || element === undefined) return undefined;
    return [{ title: `add \`${name}\``, edits: [{ span: span(element.nameSpan.end), text: ` ${name}=""` }] }];
  },
};

function elementFrom(nodes: PolicyDocument['nodes'], start: number): XmlElement | undefined {
  for (const node of nodes) {
    if (node.kind !== 'element' || start < node.span.start || start >= node.span.end) continue;
    return node.span.start === start ? node : elementFrom(node.children, start);
  }
  return undefined;
}

// ------------------------------------------------------------ silence

/** A comment that keeps the rule quiet here; what Azure refuses cannot be silenced. */
function silences(document: PolicyDocument, diagnostic: Diagnostic): Repair[] {
  if (!isLint(diagnostic)) return [];
  const edits = silenceEdits(document, diagnostic.span.start, diagnostic.rule);
  return [{ title: `silence \`${diagnostic.rule}\` here`, edits, isPreferred: false, diagnostic }];
}

/** Above the line, in the language that begins it; around the element when the line begins inside a tag or a text. */
function silenceEdits(document: PolicyDocument, offset: number, rule: string): TextEdit[] {
  const { file } = document;
  const line = file.lineStart(file.positionAt(offset).line);
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[^\S\r\n]*/.exec(file.text.slice(line, line + 400))?.[0] ?? '';
  if (isBetweenTags(document, line)) return [{ span: span(line), text: `${indent}<!-- portico-disable-next-line ${rule} -->${newline}` }];
  const value = valueAt(document.nodes, line);
  if (value && value.kind !== 'literal' && isBetweenTokens(value.text.text, line - value.span.start - 2))
    return [{ span: span(line), text: `${indent}// portico-disable-next-line ${rule}${newline}` }];
  const element = elementsAt(document, offset).at(-1);
  const { start, end } = element?.span ?? span(offset);
  return [
    { span: span(start), text: `<!-- portico-disable ${rule} -->` },
    { span: span(end), text: `<!-- portico-enable ${rule} -->` },
  ];
}

/** Whether a comment of XML may begin at the start of a line. */
function isBetweenTags(document: PolicyDocument, line: number): boolean {
  const element = elementsAt(document, line).at(-1);
  if (element === undefined)
    return document.nodes.every(({ span: { start, end } }) => line <= start || end <= line || start === end) || isBlankAt(document, line);
  const { openSpan, closeSpan, span: whole } = element;
  if (line <= whole.start || line >= whole.end) return true;
  if (line < openSpan.end || (closeSpan !== undefined && line > closeSpan.start)) return false;
  const inside = element.children.find((node) => node.span.start < line && line < node.span.end);
  return inside === undefined || (inside.kind === 'text' && inside.value.kind === 'literal' && inside.value.text.text.trim() === '');
}

function isBlankAt({ nodes }: PolicyDocument, line: number): boolean {
  const around = nodes.find(({ span: { start, end } }) => start < line && line < end);
  return around?.kind === 'text' && around.value.text.text.trim() === '';
}

/** Strings over several lines and comments hold no comment. */
function isBetweenTokens(code: string, at: number): boolean {
  const without = code
    .slice(0, Math.max(at, 0))
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'/g, '');
  return !/"|\/\*/.test(without);
}
