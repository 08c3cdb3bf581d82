/** CodeMirror for policy documents: highlighting of XML, and the gateway's own diagnostics, completion and hovers. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
  snippet,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { xmlLanguage } from '@codemirror/lang-xml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type Completion, type ProblemRow, post } from './api.ts';
import { expressionPieces } from './expressions.ts';

export interface EditorEvents {
  readonly changed: (text: string) => void;
  readonly checked: (problems: readonly ProblemRow[]) => void;
  readonly save: () => void;
  readonly run: () => void;
}

const COLORS = HighlightStyle.define([
  { tag: tags.tagName, color: 'var(--code-tag)' },
  { tag: tags.attributeName, color: 'var(--code-attribute)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--code-value)' },
  { tag: tags.comment, color: 'var(--dim)', fontStyle: 'italic' },
  { tag: [tags.angleBracket, tags.processingInstruction], color: 'var(--dim)' },
]);

const THEME = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selection) !important' },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    maxWidth: '36rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-hover': { padding: '6px 10px', whiteSpace: 'pre-wrap', fontSize: '12px' },
  '.cm-diagnostic': { padding: '4px 10px', whiteSpace: 'pre-wrap' },
});

/** Shows a document in an element; `destroy` the result. */
export function openEditor(parent: Element, file: string, text: string, nonce: string, events: EditorEvents): EditorView {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('    '),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        xmlLanguage,
        syntaxHighlighting(COLORS),
        THEME,
        EditorView.decorations.compute(['doc'], (state) => colouredExpressions(state.doc.toString())),
        EditorView.contentAttributes.of({ 'aria-label': `Policy document ${file}` }),
        EditorView.lineWrapping,
        linter((current) => check(file, current, events), { delay: 250 }),
        autocompletion({ override: [(context) => complete(file, context)], activateOnTyping: true }),
        hoverTooltip((current, offset) => hover(file, current, offset)),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: () => done(events.save) },
          { key: 'Mod-Enter', preventDefault: true, run: () => done(events.run) },
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return view;
}

const MARKS = {
  code: Decoration.mark({ class: 'cm-csharp' }),
  string: Decoration.mark({ class: 'cm-csharp-string' }),
  comment: Decoration.mark({ class: 'cm-csharp-comment' }),
} as const;

/** XML's own colours make no sense inside of C#. */
function colouredExpressions(text: string) {
  return Decoration.set(
    expressionPieces(text).map(({ from, to, kind }) => MARKS[kind].range(from, to)),
    true,
  );
}

/** The key has been taken. */
function done(work: () => void): boolean {
  work();
  return true;
}

async function check(file: string, view: EditorView, events: EditorEvents): Promise<Diagnostic[]> {
  const text = view.state.doc.toString();
  const { problems } = await post<{ problems: readonly ProblemRow[] }>('check', { file, text });
  if (view.state.doc.toString() !== text) return [];
  events.checked(problems);
  return problems.map((problem) => diagnosticOf(problem, text.length));
}

function diagnosticOf({ from, to, severity, code, message, help, fix }: ProblemRow, length: number): Diagnostic {
  const start = Math.min(from, length);
  return {
    from: start,
    to: Math.min(Math.max(to, start), length),
    severity,
    source: code,
    message: help ? `${message}\n${help}` : message,
    ...(fix.length === 0
      ? {}
      : {
          actions: [
            {
              name: 'Repair',
              apply: (view: EditorView) =>
                view.dispatch({ changes: fix.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text })) }),
            },
          ],
        }),
  };
}

const KINDS: Readonly<Record<string, string>> = {
  policy: 'function',
  element: 'class',
  attribute: 'property',
  value: 'constant',
  member: 'method',
  type: 'type',
  variable: 'variable',
  keyword: 'keyword',
};

async function complete(file: string, context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w-]*$/);
  const before = context.state.sliceDoc(Math.max(0, (word?.from ?? context.pos) - 1), word?.from ?? context.pos);
  if (!context.explicit && (word === null || word.from === word.to) && !/[<."{ ]/.test(before)) return null;
  const text = context.state.doc.toString();
  const { completions } = await post<{ completions: readonly Completion[] }>('complete', { file, text, offset: context.pos });
  if (context.aborted || completions.length === 0) return null;
  return {
    from: word?.from ?? context.pos,
    validFor: /^[\w-]*$/,
    options: completions.map(({ label, kind, detail, documentation, snippet: inserted }) => ({
      label,
      type: KINDS[kind] ?? 'text',
      ...(detail === undefined ? {} : { detail }),
      ...(documentation === undefined ? {} : { info: documentation.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1') }),
      ...(inserted === undefined ? {} : { apply: snippet(fieldsOf(inserted)) }),
    })),
  };
}

/** `$1`, `$0` in the form that CodeMirror reads. */
function fieldsOf(text: string): string {
  return text.replace(/[{}\\]/g, '\\$&').replace(/\$(\d)/g, (_all, number: string) => (number === '0' ? '${}' : `\${${number}}`));
}

async function hover(file: string, view: EditorView, offset: number): Promise<Tooltip | null> {
  const found = await post<{ hover: { from: number; to: number; text: string } | null }>('hover', {
    file,
    text: view.state.doc.toString(),
    offset,
  });
  if (!found.hover) return null;
  const { from, to, text } = found.hover;
  return {
    pos: from,
    end: to,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-hover';
      dom.textContent = text
        .replace(/```\w*\n?/g, '')
        .replace(/\*\*|`/g, '')
        .replace(/\[([^\]]+)\]\(([^)]*)\)/g, '$1: $2')
        .trim();
      return { dom };
    },
  };
}

/** Puts the cursor at the start of a line and shows it. */
export function goToLine(view: EditorView, line: number): void {
  const { from } = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
}

export function replaceText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

export type { EditorView };
