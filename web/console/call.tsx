import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BodyRow, ForwardRow, MessageRow, Note, StepRow } from '../../src/gateway/console/call-rows.ts';
import type { CallDetail, CallSummary } from './api.ts';
import { bytes, clockTime, milliseconds, pathOf, pretty } from './format.ts';
import { linkTo, useLoaded, useShortNames } from './hooks.ts';
import { Status } from './requests.tsx';

export function CallView({ id, summary }: { id: string; summary: CallSummary | undefined }) {
  const { value, error, again } = useLoaded<CallDetail>('call', { id });
  useEffect(again, [summary?.state, summary?.duration]);
  if (error) return <p class="empty">This request is no longer kept.</p>;
  return value ? <CallDetails call={value} /> : <p class="empty">Loading…</p>;
}

const TABS = ['Steps', 'Request', 'Forwarded', 'Response', 'Variables'] as const;

export function CallDetails({ call, isTrial = false }: { call: CallDetail; isTrial?: boolean }) {
  const [tab, setTab] = useState<(typeof TABS)[number]>('Steps');
  const counts: Partial<Record<(typeof TABS)[number], number>> = {
    Steps: call.steps.filter(({ state }) => state !== 'skipped').length,
    Forwarded: call.forwarded.length,
    Variables: call.variables.length,
  };
  return (
    <div class="call">
      <header>
        <h2>
          <Status call={call} /> <b>{call.method}</b> <span class="path">{pathOf(call.url)}</span>
        </h2>
        <p class="facts">
          {call.api && <Fact name="API">{call.api}</Fact>}
          {call.operation && call.api && (
            <Fact name="operation">
              <a href={linkTo('policies', call.api, call.operation, call.product ?? '')}>{call.operation}</a>
            </Fact>
          )}
          {call.product && <Fact name="product">{call.product}</Fact>}
          {call.subscription && <Fact name="subscription">{call.subscription}</Fact>}
          {call.backend && <Fact name="backend">{call.backend}</Fact>}
          <Fact name="took">{isTrial ? `${milliseconds(call.duration)} of the virtual clock` : milliseconds(call.duration)}</Fact>
          {!isTrial && <Fact name="at">{clockTime(call.time)}</Fact>}
          {!isTrial && (
            <a class="button" href={linkTo('try', call.id)}>
              Try again with other policies
            </a>
          )}
        </p>
        {call.error && (
          <p class="error-box" role="note">
            <b>
              {call.error.source}
              {call.error.reason && `: ${call.error.reason}`}
            </b>{' '}
            {call.error.message}
          </p>
        )}
      </header>
      <div class="tabs" role="tablist" aria-label="Parts of the request" onKeyDown={(event) => moveTab(event, tab, setTab)}>
        {TABS.map((name) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            key={name}
            aria-selected={name === tab}
            aria-controls="tab-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {name}
            {counts[name] !== undefined && <span class="count">{counts[name]}</span>}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'Steps' && <Steps call={call} />}
        {tab === 'Request' && (
          <Message message={call.request} lead={`${call.method} ${call.url}`} more={call.request.ip && `from ${call.request.ip}`} />
        )}
        {tab === 'Forwarded' && <Forwards forwarded={call.forwarded} />}
        {tab === 'Response' &&
          (call.response ? (
            <Message message={call.response} lead={`${call.status ?? ''} ${call.response.reason}`} />
          ) : (
            <p class="empty">There is no answer yet.</p>
          ))}
        {tab === 'Variables' && <Variables call={call} />}
      </div>
    </div>
  );
}

function moveTab(event: KeyboardEvent, tab: (typeof TABS)[number], setTab: (tab: (typeof TABS)[number]) => void): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
  if (by === 0 || !next) return;
  setTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <span class="fact">
      <span class="dim">{name}</span> {children}
    </span>
  );
}

// ------------------------------------------------------------ steps

function Steps({ call }: { call: CallDetail }) {
  const [isQuiet, setQuiet] = useState(true);
  const total = Math.max(0.001, ...call.steps.map(({ start, end }) => end ?? start));
  const shown = call.steps.filter(({ state }) => !isQuiet || state !== 'skipped');
  const skipped = call.steps.length - call.steps.filter(({ state }) => state !== 'skipped').length;
  return (
    <>
      {shown.length === 0 && <p class="empty">No policy ran for this request.</p>}
      <ol class="steps">
        {shown.map((step, at) => (
          <Step key={at} step={step} total={total} heading={step.section !== shown[at - 1]?.section} />
        ))}
      </ol>
      {call.notes.length > 0 && (
        <div class="outside">
          <p class="section">outside of the steps</p>
          {call.notes.map((note, at) => (
            <NoteLine key={at} note={note} />
          ))}
        </div>
      )}
      {skipped > 0 && (
        <button type="button" class="quiet" onClick={() => setQuiet(!isQuiet)}>
          {isQuiet ? `Show ${skipped} that were not reached` : 'Hide what was not reached'}
        </button>
      )}
      {call.dropped > 0 && <p class="empty">{call.dropped} more events were not kept.</p>}
    </>
  );
}

function Step({ step, total, heading }: { step: StepRow; total: number; heading: boolean }) {
  const short = useShortNames();
  const [isOpen, setOpen] = useState(step.state === 'failed');
  const end = step.end ?? step.start;
  const bar = `margin-left:${((step.start / total) * 100).toFixed(2)}%;width:${Math.max(0.6, ((end - step.start) / total) * 100).toFixed(2)}%`;
  return (
    <>
      {heading && (
        <li class="section" role="presentation">
          {step.section}
        </li>
      )}
      <li class={`step ${step.state}`}>
        <button type="button" class="row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span class="name" style={`padding-left:${step.depth}rem`}>
            <span class="twisty" aria-hidden="true">
              {step.notes.length > 0 ? (isOpen ? '▾' : '▸') : ' '}
            </span>
            {step.policy}
            {step.state === 'failed' && <span class="tag bad">failed</span>}
            {step.state === 'skipped' && <span class="tag">not reached</span>}
            <span class="gist">{gistOf(step)}</span>
          </span>
          <span class={`scope ${step.scope}`}>{step.scope}</span>
          <span class="track" aria-hidden="true">
            <span class="span" style={bar} />
          </span>
          <span class="took">{step.state === 'skipped' ? '' : milliseconds(end - step.start)}</span>
        </button>
        {isOpen && (
          <div class="notes" style={`margin-left:${step.depth + 1.2}rem`}>
            <p class="place">
              <a href={linkTo('editor', step.file, String(step.line))}>
                {short(step.file)}:{step.line}
              </a>{' '}
              <span class="dim">
                {step.path}
                {step.policyId && ` id ${step.policyId}`}
              </span>
            </p>
            {step.notes.map((note, at) => (
              <NoteLine key={at} note={note} />
            ))}
          </div>
        )}
      </li>
    </>
  );
}

/** What a step did, in a few words beside its name. */
function gistOf({ notes }: StepRow): string {
  const note = notes.findLast(({ kind }) => kind === 'wrote' || kind === 'branch' || kind === 'call' || kind === 'error');
  switch (note?.kind) {
    case 'wrote':
      return `${placeName(note.target, note.name)} = ${note.after ?? 'none'}`;
    case 'branch':
      return note.branch;
    case 'call':
      return `${note.method} ${pathOf(note.url)} → ${note.status ?? note.error ?? 'no answer'}`;
    case 'error':
      return note.text;
    default:
      return '';
  }
}

function placeName(target: string, name: string): string {
  return name === '' ? target : `${target} ${name}`;
}

function NoteLine({ note }: { note: Note }) {
  switch (note.kind) {
    case 'wrote':
      return (
        <p class="note">
          <span class="label">wrote</span> <b>{placeName(note.target, note.name)}</b> <Value text={note.before} /> →{' '}
          <Value text={note.after} />
        </p>
      );
    case 'expression':
      return (
        <p class="note">
          <span class="label">computed</span> <code>{note.code}</code> = <Value text={note.value} />
        </p>
      );
    case 'branch':
      return (
        <p class="note">
          <span class="label">took</span> <b>{note.branch}</b>
        </p>
      );
    case 'call':
      return (
        <p class="note">
          <span class="label">called</span> <b>{note.method}</b> {note.url} → <b>{note.status ?? note.error ?? 'no answer'}</b>
        </p>
      );
    case 'message':
      return (
        <p class="note">
          <span class="label">{note.severity}</span> <b>{note.source}</b> {note.text}
        </p>
      );
    case 'token':
      return (
        <p class={`note ${note.passed ? '' : 'bad'}`}>
          <span class="label">{note.passed ? 'passed' : 'failed'}</span> <b>{note.check}</b> expected <Value text={note.expected} />, actual{' '}
          <Value text={note.actual} />
        </p>
      );
    case 'error':
      return (
        <p class="note bad">
          <span class="label">error</span>{' '}
          <b>
            {note.source} {note.reason}
          </b>{' '}
          {note.text}
        </p>
      );
  }
}

function Value({ text }: { text: string | null }) {
  return text === null ? <i class="dim">none</i> : <code class="value">{text}</code>;
}

// ------------------------------------------------------------ messages

function Message({ message, lead, more }: { message: MessageRow; lead: string; more?: string }) {
  return (
    <div class="message">
      <p class="lead">
        <b>{lead}</b> {more && <span class="dim">{more}</span>}
      </p>
      <HeaderTable headers={message.headers} />
      <BodyView body={message.body} />
    </div>
  );
}

function HeaderTable({ headers }: { headers: MessageRow['headers'] }) {
  return (
    <table class="headers">
      <tbody>
        {headers.map(([name, value], at) => (
          <tr key={at}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BodyView({ body }: { body: BodyRow | null }) {
  if (!body) return <p class="empty">No body.</p>;
  return (
    <>
      {body.binary ? <p class="empty">{bytes(body.bytes)} that are no text.</p> : <pre class="body">{pretty(body.text)}</pre>}
      {body.truncated && <p class="dim">The beginning of {bytes(body.bytes)}.</p>}
    </>
  );
}

function Forwards({ forwarded }: { forwarded: readonly ForwardRow[] }) {
  if (forwarded.length === 0) return <p class="empty">Nothing was forwarded to a backend.</p>;
  return (
    <>
      {forwarded.map((one, at) => (
        <div key={at}>
          <Message message={one} lead={`${one.method} ${one.url}`} />
          <p class="lead">
            <span class="dim">answered</span> <b>{one.status ?? one.error ?? 'not at all'}</b>
          </p>
          {one.answer && <HeaderTable headers={one.answer.headers} />}
        </div>
      ))}
    </>
  );
}

function Variables({ call }: { call: CallDetail }) {
  if (call.variables.length === 0) return <p class="empty">No variable was set.</p>;
  return (
    <table class="headers">
      <tbody>
        {call.variables.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Value text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
