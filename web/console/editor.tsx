import { useEffect, useRef, useState } from 'preact/hooks';
import { type CallDetail, type DocumentRow, type DocumentText, get, type ProblemRow, post, type SaveOutcome } from './api.ts';
import { type EditorView, goToLine, openEditor, replaceText } from './code-mirror.ts';
import { linkTo, useLoaded, useShortNames } from './hooks.ts';
import { Trial } from './trial.tsx';

/** Texts that were changed and not saved, by file; they outlive a look at another page. */
export interface Draft {
  readonly text: string;
  readonly version: string;
  readonly usesCrlf: boolean;
}
export type Drafts = Map<string, Draft>;

export function Editor({
  file,
  line,
  replay,
  drafts,
  nonce,
}: {
  file: string;
  line: number;
  replay: string;
  drafts: Drafts;
  nonce: string;
}) {
  const { value: list } = useLoaded<{ documents: readonly DocumentRow[] }>('documents');
  const { value: call } = useLoaded<CallDetail>(replay === '' ? '' : 'call', { id: replay });
  const documents = list?.documents ?? [];
  const chosen = file === '' ? documentFor(documents, call, replay) : file;
  return (
    <section class="editor" aria-label="Policy editor">
      <nav class="files" aria-label="Policy documents">
        {documents.map((one) => (
          <a key={one.file} href={linkTo('editor', one.file)} aria-current={one.file === chosen ? 'page' : undefined} title={one.file}>
            <span class={`scope ${one.scope}`}>{one.scope}</span> <span class="title">{one.title}</span>
            {drafts.has(one.file) && (
              <span class="unsaved" title="not saved">
                ●
              </span>
            )}
          </a>
        ))}
      </nav>
      {chosen && <OpenDocument key={chosen} file={chosen} line={line} call={call} drafts={drafts} nonce={nonce} />}
    </section>
  );
}

/** The narrowest document that the call went through. */
function documentFor(documents: readonly DocumentRow[], call: CallDetail | undefined, replay: string): string | undefined {
  if (replay !== '' && !call) return undefined;
  const found =
    documents.find(({ api, operation }) => call && api === call.api && operation === call.operation) ??
    documents.find(({ api, scope }) => call && api === call.api && scope === 'api');
  return (found ?? documents[0])?.file;
}

interface OpenProps {
  readonly file: string;
  readonly line: number;
  readonly call: CallDetail | undefined;
  readonly drafts: Drafts;
  readonly nonce: string;
}

function OpenDocument({ file, line, call, drafts, nonce }: OpenProps) {
  const short = useShortNames();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const run = useRef(() => {});
  const save = useRef(() => {});
  const [document, setDocument] = useState<DocumentText>();
  const [problems, setProblems] = useState<readonly ProblemRow[]>();
  const [message, setMessage] = useState('');
  const [conflict, setConflict] = useState<DocumentText>();
  const [, setChanges] = useState(0);
  useEffect(() => {
    get<DocumentText>('document', { file }).then(setDocument, (error: unknown) =>
      setMessage(String(error instanceof Error ? error.message : error)),
    );
  }, [file]);
  useEffect(() => {
    if (!document || !place.current) return undefined;
    const onDisk = plain(document.text);
    const known = drafts.get(file);
    const opened = openEditor(place.current, file, known?.text ?? onDisk, nonce, {
      changed: (text) => {
        const { version } = drafts.get(file) ?? document;
        if (text === onDisk) drafts.delete(file);
        else drafts.set(file, { text, version, usesCrlf: document.text.includes('\r\n') });
        setMessage('');
        setChanges((count) => count + 1);
      },
      checked: setProblems,
      save: () => save.current(),
      run: () => run.current(),
    });
    view.current = opened;
    if (line > 0) goToLine(opened, line);
    return () => opened.destroy();
  }, [document]);
  const textNow = () => view.current?.state.doc.toString() ?? '';
  const format = async () => {
    const { text } = await post<{ text: string | null }>('format', { file, text: textNow() });
    if (text === null) setMessage('The document has errors; it is laid out once they are gone.');
    else if (view.current && plain(text) !== textNow()) replaceText(view.current, plain(text));
    else setMessage('The layout is as it should be.');
  };
  const write = async (version: string) => {
    if (!document) return;
    const text = document.text.includes('\r\n') ? textNow().replaceAll('\n', '\r\n') : textNow();
    const outcome = await post<SaveOutcome>('save', { file, text, version });
    if (outcome.kind === 'refused') return setMessage(`Not saved: ${outcome.reason}.`);
    if (outcome.kind === 'conflict') return setConflict({ ...document, text: outcome.text, version: outcome.version });
    drafts.delete(file);
    setConflict(undefined);
    setDocument({ ...document, text, version: outcome.version });
    setMessage('Saved. The gateway takes it up unless it has errors.');
  };
  const guarded = (work: () => Promise<void>) => () =>
    void work().catch((error: unknown) => setMessage(String(error instanceof Error ? error.message : error)));
  save.current = guarded(() => write(drafts.get(file)?.version ?? document?.version ?? ''));
  const isChanged = drafts.has(file);
  return (
    <div class="open">
      <div class="bar">
        <h1 class="file" title={file}>
          {short(file)}
        </h1>
        <span class="state" role="status">
          {message || (isChanged ? 'not saved' : '')}
        </span>
        <button type="button" onClick={guarded(format)}>
          Format
        </button>
        <button
          type="button"
          disabled={!isChanged}
          onClick={() => document && view.current && replaceText(view.current, plain(document.text))}
        >
          Undo all
        </button>
        <button type="button" class="primary" disabled={!isChanged} title="Ctrl+S" onClick={() => save.current()}>
          Save
        </button>
      </div>
      {conflict && (
        <p class="error-box" role="alert">
          The file has changed on disk since it was opened.{' '}
          <button
            type="button"
            onClick={() => {
              drafts.delete(file);
              setDocument(conflict);
              setConflict(undefined);
            }}
          >
            Take what is on disk
          </button>{' '}
          <button type="button" onClick={guarded(() => write(conflict.version))}>
            Overwrite it with this text
          </button>
        </p>
      )}
      <div class="code" ref={place} />
      <Problems problems={problems} go={(row) => show(view.current, row.line)} />
      <Trial file={file} text={() => (drafts.has(file) ? textNow() : null)} call={call} run={run} />
    </div>
  );
}

function show(view: EditorView | undefined, line: number): void {
  if (!view) return;
  goToLine(view, line);
  view.focus();
}

/** As the editor has it: one kind of line break. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function Problems({ problems, go }: { problems: readonly ProblemRow[] | undefined; go: (row: ProblemRow) => void }) {
  if (!problems) return <p class="problems dim">Checking…</p>;
  if (problems.length === 0) return <p class="problems good">No problems: Azure would accept this document.</p>;
  return (
    <ul class="problems" aria-label="Problems">
      {problems.map((row, at) => (
        <li key={at}>
          <button type="button" class={`problem ${row.severity}`} onClick={() => go(row)}>
            <span class="tag">{row.severity}</span> <span class="dim">line {row.line}</span> {row.message}{' '}
            <span class="dim">{row.code}</span>
            {row.help && <span class="help">{row.help}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
