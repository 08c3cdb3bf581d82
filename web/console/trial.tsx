import { useEffect, useRef, useState } from 'preact/hooks';
import { type CallDetail, post, type TrialOutcome } from './api.ts';
import { CallDetails } from './call.tsx';
import { pathOf } from './format.ts';

interface Form {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: string;
  readonly claims: string;
  readonly status: string;
  readonly answer: string;
  readonly real: boolean;
}

const EMPTY: Form = { method: 'GET', url: '/', headers: '', body: '', claims: '', status: '200', answer: '{}', real: false };
/** Set by whoever sends the request. */
const CONNECTION = /^(?:host|connection|content-length|transfer-encoding|accept-encoding|keep-alive)$/i;

/** Runs the text of the editor against a request, without saving it. */
export function Trial({
  file,
  text,
  call,
  run,
}: {
  file: string;
  text: () => string | null;
  call: CallDetail | undefined;
  run: { current: () => void };
}) {
  const [form, setForm] = useState<Form>(EMPTY);
  const [outcome, setOutcome] = useState<TrialOutcome>();
  const [isRunning, setRunning] = useState(false);
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome) result.current?.scrollIntoView({ block: 'start' });
  }, [outcome]);
  useEffect(() => {
    if (call) setForm(formOf(call));
  }, [call?.id]);
  const start = async () => {
    setRunning(true);
    try {
      const { headers, claims } = read(form);
      const { method, url, body, real } = form;
      const answer = { status: Number(form.status), headers: [['Content-Type', 'application/json']], body: form.answer };
      setOutcome(await post<TrialOutcome>('try', { file, text: text(), method, url, body, headers, token: claims, real, answer }));
    } catch (error) {
      setOutcome({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
    setRunning(false);
  };
  run.current = () => void start();
  const field = <K extends keyof Form>(name: K) => ({
    value: String(form[name]),
    onInput: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <section class="trial" aria-label="Try">
      <h2>Try it</h2>
      <p class="dim">
        {form.real
          ? 'Real backends and services are called, and real limits are counted.'
          : 'Nothing leaves this machine: the backend answers what stands below, calls of policies fail, the clock is virtual.'}
      </p>
      <div class="form">
        <label class="short">
          Method
          <input {...field('method')} spellcheck={false} />
        </label>
        <label class="long">
          Path or URL
          <input {...field('url')} spellcheck={false} />
        </label>
        <label>
          Headers, one a line
          <textarea rows={3} {...field('headers')} placeholder="Accept: application/json" spellcheck={false} />
        </label>
        <label>
          Body
          <textarea rows={3} {...field('body')} spellcheck={false} />
        </label>
        {!form.real && (
          <>
            <label>
              Claims of a token to mint, as JSON
              <textarea rows={3} {...field('claims')} placeholder='{ "scp": "orders.read" }' spellcheck={false} />
            </label>
            <label>
              What the backend answers
              <span class="pair">
                <input aria-label="Status of the backend" {...field('status')} inputMode="numeric" />
                <textarea aria-label="Body of the backend" rows={2} {...field('answer')} spellcheck={false} />
              </span>
            </label>
          </>
        )}
      </div>
      <div class="bar">
        <button type="button" class="primary" title="Ctrl+Enter" disabled={isRunning} onClick={() => run.current()}>
          {isRunning ? 'Running…' : 'Run'}
        </button>
        <label class="check">
          <input type="checkbox" checked={form.real} onChange={(event) => setForm({ ...form, real: event.currentTarget.checked })} /> call
          real services
        </label>
      </div>
      <div ref={result}>{outcome && <Outcome outcome={outcome} isReal={form.real} />}</div>
    </section>
  );
}

function Outcome({ outcome, isReal }: { outcome: TrialOutcome; isReal: boolean }) {
  if (outcome.kind === 'ran') return <CallDetails key={outcome.call.id} call={outcome.call} isTrial={!isReal} />;
  if (outcome.kind === 'failed')
    return (
      <p class="error-box" role="alert">
        {outcome.reason}
      </p>
    );
  return (
    <div class="error-box" role="alert">
      The policies have errors:
      <ul>
        {outcome.problems.map((row, at) => (
          <li key={at}>
            {row.file}:{row.line} {row.message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A call that was seen, to be made again; what was masked is left out. */
function formOf({ method, url, request, response, forwarded }: CallDetail): Form {
  const headers = request.headers.filter(([name, value]) => !CONNECTION.test(name) && !value.includes('****'));
  const answer = forwarded.at(-1)?.status;
  const body = forwarded.length > 0 && response?.body && !response.body.binary ? response.body.text : '{}';
  return {
    ...EMPTY,
    method,
    url: pathOf(url),
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: request.body && !request.body.binary ? request.body.text : '',
    status: String(answer ?? 200),
    answer: body,
  };
}

function read({ headers, claims }: Form): { headers: [string, string][]; claims: unknown } {
  const lines = headers.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new Error(`\`${line}\` is no header: write Name: value`);
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  try {
    return { headers: pairs, claims: claims.trim() === '' ? null : (JSON.parse(claims) as unknown) };
  } catch {
    throw new Error('the claims are no JSON');
  }
}
