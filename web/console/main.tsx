/** The page of `portico run --console`. */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CallSummary, type GatewayState, get, listen } from './api.ts';
import { type Drafts, Editor } from './editor.tsx';
import { clockTime } from './format.ts';
import { Directory, linkTo, useLoaded, useRoute, useShortNames } from './hooks.ts';
import { Policies } from './policies.tsx';
import { Requests } from './requests.tsx';
import { Backends, Caches, Counters, Keys, Routes } from './tables.tsx';

const PAGES = [
  ['requests', 'Requests'],
  ['routes', 'Routes'],
  ['policies', 'Effective policies'],
  ['editor', 'Editor'],
  ['counters', 'Counters'],
  ['caches', 'Caches'],
  ['keys', 'Key sets'],
  ['backends', 'Backends'],
] as const;

/** As many as the gateway keeps. */
const MOST_CALLS = 200;

function App({ nonce }: { nonce: string }) {
  const [page = '', ...rest] = useRoute();
  const drafts = useRef<Drafts>(new Map()).current;
  const { calls, clear, isConnected, loads } = useCalls();
  const state = useLoaded<GatewayState>('state');
  useEffect(state.again, [loads, isConnected]);
  const current = page === '' ? 'requests' : page === 'try' ? 'editor' : page;
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => drafts.size > 0 && event.preventDefault();
    addEventListener('beforeunload', leave);
    return () => removeEventListener('beforeunload', leave);
  }, []);
  return (
    <Directory.Provider value={state.value?.directory ?? ''}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <header class="top">
        <span class="brand">portico</span>
        <nav aria-label="Pages">
          {PAGES.map(([id, name]) => (
            <a key={id} href={linkTo(id)} aria-current={current === id ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <State isConnected={isConnected} value={state.value} />
        <ThemeSwitch />
      </header>
      {state.value && !state.value.load.taken && <Refused load={state.value.load} />}
      <main id="main" tabIndex={-1}>
        {current === 'requests' && <Requests calls={calls} selected={rest[0]} clear={clear} />}
        {current === 'routes' && <Routes />}
        {current === 'policies' && <Policies api={rest[0] ?? ''} operation={rest[1] ?? ''} product={rest[2] ?? ''} />}
        {current === 'counters' && <Counters />}
        {current === 'caches' && <Caches />}
        {current === 'keys' && <Keys />}
        {current === 'backends' && <Backends />}
        {current === 'editor' && (
          <Editor
            file={page === 'try' ? '' : (rest[0] ?? '')}
            line={Number(rest[1] ?? 0)}
            replay={page === 'try' ? (rest[0] ?? '') : ''}
            drafts={drafts}
            nonce={nonce}
          />
        )}
      </main>
    </Directory.Provider>
  );
}

/** Why the files on disk are not in service. */
function Refused({ load }: { load: GatewayState['load'] }) {
  const short = useShortNames();
  const errors = load.problems.filter(({ severity }) => severity === 'error');
  return (
    <div class="refused error-box" role="alert">
      The directory was read again at {clockTime(load.at)} and has errors; the last good state stays in service.
      <ul>
        {errors.slice(0, 5).map((row, at) => (
          <li key={at}>
            <a href={linkTo('editor', row.file, String(row.line))}>
              {short(row.file)}:{row.line}
            </a>{' '}
            {row.message}
          </li>
        ))}
        {errors.length > 5 && <li>and {errors.length - 5} more</li>}
      </ul>
    </div>
  );
}

/** The calls that the gateway keeps, newest first, as they change. */
function useCalls() {
  const [calls, setCalls] = useState<readonly CallSummary[]>([]);
  const [isConnected, setConnected] = useState(false);
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    const readAll = () =>
      void get<{ calls: CallSummary[] }>('calls').then(
        (answer) => setCalls(answer.calls),
        () => {},
      );
    return listen({
      calls: (rows) => setCalls((before) => merged(before, rows)),
      loaded: () => setLoads((count) => count + 1),
      connected: (is) => {
        setConnected(is);
        // What happened meanwhile was told to nobody.
        if (is) readAll();
      },
    });
  }, []);
  return { calls, clear: () => setCalls([]), isConnected, loads };
}

function merged(before: readonly CallSummary[], rows: readonly CallSummary[]): CallSummary[] {
  const changed = new Map(rows.map((row) => [row.id, row]));
  const kept = before.map((call) => changed.get(call.id) ?? call);
  const known = new Set(before.map(({ id }) => id));
  const fresh = rows.filter(({ id }) => !known.has(id)).reverse();
  return [...fresh, ...kept].slice(0, MOST_CALLS);
}

function State({ isConnected, value }: { isConnected: boolean; value: GatewayState | undefined }) {
  const errors = value?.load.problems.filter(({ severity }) => severity === 'error').length ?? 0;
  const text = !isConnected
    ? 'not connected'
    : value && !value.load.taken
      ? `not reloaded: ${errors} error${errors === 1 ? '' : 's'}`
      : 'running';
  const kind = !isConnected || (value && !value.load.taken) ? 'bad' : 'good';
  return (
    <span class="gateway" role="status" title={value ? `${value.directory}, loaded at ${clockTime(value.load.at)}` : ''}>
      <span class={`dot ${kind}`} aria-hidden="true" /> {text} <span class="dim address">{value?.address}</span>
    </span>
  );
}

const THEMES = ['auto', 'light', 'dark'] as const;

function ThemeSwitch() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>(
    THEMES.find((one) => one === localStorage.getItem('portico-theme')) ?? 'auto',
  );
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('portico-theme', theme);
  }, [theme]);
  return (
    <label class="theme">
      <span class="hidden">Colours</span>
      <select value={theme} onChange={(event) => setTheme(THEMES.find((one) => one === event.currentTarget.value) ?? 'auto')}>
        <option value="auto">Colours of the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}

const place = document.getElementById('app');
const nonce = document.querySelector('script')?.nonce ?? '';
if (place) render(<App nonce={nonce} />, place);
