import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type CallSummary, post } from './api.ts';
import { CallView } from './call.tsx';
import { matches } from './filter.ts';
import { clockTime, milliseconds, pathOf, statusClass } from './format.ts';
import { linkTo } from './hooks.ts';

export function Requests({ calls, selected, clear }: { calls: readonly CallSummary[]; selected: string | undefined; clear: () => void }) {
  const [filter, setFilter] = useState('');
  const [held, setHeld] = useState<readonly CallSummary[]>();
  const input = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => (held ?? calls).filter((call) => matches(call, filter)), [held, calls, filter]);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (event.key === '/') {
        event.preventDefault();
        input.current?.focus();
      }
      if (event.key === 'j' || event.key === 'k') go(shown, selected, event.key === 'j' ? 1 : -1);
      if (event.key === 'Escape' && selected) location.hash = linkTo('requests');
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, [shown, selected]);
  return (
    <div class={`split ${selected ? 'with-detail' : ''}`}>
      <section class="list" aria-label="Requests">
        <div class="bar">
          <input
            ref={input}
            type="search"
            aria-label="Filter requests"
            placeholder="Filter: status:4xx method:post -health   ( / )"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
          <button type="button" aria-pressed={held !== undefined} onClick={() => setHeld(held ? undefined : calls)}>
            {held ? 'Resume' : 'Pause'}
          </button>
          <button type="button" onClick={() => void post('calls/clear', {}).then(clear)}>
            Clear
          </button>
        </div>
        <CallTable calls={shown} selected={selected} />
        {shown.length === 0 && (
          <p class="empty">
            {calls.length === 0 ? 'No request has come in yet. The last 200 are kept here.' : 'No request fits the filter.'}
          </p>
        )}
      </section>
      {selected && (
        <section class="detail" aria-label="Request">
          <CallView id={selected} summary={calls.find(({ id }) => id === selected)} />
        </section>
      )}
    </div>
  );
}

function go(shown: readonly CallSummary[], selected: string | undefined, by: number): void {
  const at = shown.findIndex(({ id }) => id === selected);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + by))];
  if (!next) return;
  location.hash = linkTo('requests', next.id);
  document.getElementById(`call-${next.id}`)?.scrollIntoView({ block: 'nearest' });
}

function CallTable({ calls, selected }: { calls: readonly CallSummary[]; selected: string | undefined }) {
  if (calls.length === 0) return null;
  return (
    <div class="scroll">
      <table class="calls">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Request</th>
            <th scope="col" class="wide">
              Operation
            </th>
            <th scope="col" class="number">
              Time
            </th>
            <th scope="col" class="number wide">
              At
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow key={call.id} call={call} isSelected={call.id === selected} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CallRow({ call, isSelected }: { call: CallSummary; isSelected: boolean }) {
  return (
    <tr id={`call-${call.id}`} class={isSelected ? 'selected' : ''} onClick={() => (location.hash = linkTo('requests', call.id))}>
      <td>
        <Status call={call} />
      </td>
      <td class="request">
        <a href={linkTo('requests', call.id)} aria-current={isSelected ? 'true' : undefined}>
          <b>{call.method}</b> {pathOf(call.url)}
        </a>
        {call.error && <span class="reason">{call.error.reason || call.error.source}</span>}
      </td>
      <td class="wide dim">{call.operation ? `${call.api} / ${call.operation}` : (call.api ?? '')}</td>
      <td class="number">{call.duration === null ? '…' : milliseconds(call.duration)}</td>
      <td class="number wide dim">{clockTime(call.time)}</td>
    </tr>
  );
}

export function Status({ call }: { call: Pick<CallSummary, 'status' | 'state'> }) {
  const text = call.state === 'broken' ? 'broken off' : (call.status ?? 'running');
  return <span class={`status ${call.state === 'broken' ? 'bad' : statusClass(call.status)}`}>{text}</span>;
}
