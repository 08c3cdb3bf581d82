import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { IdentitySnapshot } from '../../src/identity/token-validator.ts';
import { type CheckedRoute, post, type WorkerCaches, type WorkerCounter, type WorkerEntry, type WorkersBackend } from './api.ts';
import { bytes, distance } from './format.ts';
import { type Loaded, linkTo, useLoaded } from './hooks.ts';

/** Milliseconds between two looks at figures that change. */
const EVERY = 2000;

function Frame<T>({ title, loaded, children }: { title: string; loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  return (
    <section class="page" aria-label={title}>
      <h1>{title}</h1>
      {loaded.error && <p class="error-box">{loaded.error}</p>}
      {loaded.value === undefined ? !loaded.error && <p class="empty">Loading…</p> : children(loaded.value)}
    </section>
  );
}

/** A head that begins with `#` stands over numbers. */
function Table({ heads, children }: { heads: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="scroll">
      <table class="grid">
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head} class={head.startsWith('#') ? 'number' : ''}>
                {head.replace('#', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

// ------------------------------------------------------------ routes

export function Routes() {
  const loaded = useLoaded<{ routes: readonly CheckedRoute[]; total: number }>('routes');
  const [filter, setFilter] = useState('');
  const fits = (route: CheckedRoute) =>
    filter
      .toLowerCase()
      .split(/\s+/)
      .every((word) => `${route.method} ${route.path} ${route.api} ${route.operation} ${route.backend ?? ''}`.toLowerCase().includes(word));
  return (
    <Frame title="Routes" loaded={loaded}>
      {({ routes, total }) => (
        <>
          <div class="bar">
            <input
              type="search"
              aria-label="Filter routes"
              placeholder="Filter by method, path, API, operation, backend"
              value={filter}
              onInput={(event) => setFilter(event.currentTarget.value)}
            />
            <span class="dim">
              {routes.filter(fits).length} of {total}
            </span>
          </div>
          <Table heads={['Method', 'Path', 'API / operation', 'Checks of the caller', 'Backend', 'Policies']}>
            {routes
              .filter(fits)
              .slice(0, 500)
              .map((route) => (
                <tr key={`${route.api} ${route.operation} ${route.path}`}>
                  <td>
                    <b>{route.method}</b>
                  </td>
                  <td class="mono">{route.path}</td>
                  <td>
                    <a href={linkTo('policies', route.api, route.operation, '')}>
                      {route.api} / {route.operation}
                    </a>
                    {route.version && <span class="tag">{route.version}</span>}
                  </td>
                  <td>
                    <Checks route={route} />
                  </td>
                  <td class="mono dim">{route.backend ?? 'as policies say'}</td>
                  <td class="dim">{route.scopes.join(', ') || 'none'}</td>
                </tr>
              ))}
          </Table>
        </>
      )}
    </Frame>
  );
}

function Checks({ route }: { route: CheckedRoute }) {
  if (route.checks.length === 0) return <span class="tag warn">open to everybody</span>;
  return (
    <>
      {route.checks.map(({ check, proof, conditional }, at) => (
        <span
          key={at}
          class={`tag ${proof && !conditional ? 'good' : ''}`}
          title={conditional ? 'in a branch: some calls pass without it' : ''}
        >
          {check}
          {conditional ? ' (in a branch)' : ''}
        </span>
      ))}
    </>
  );
}

// ------------------------------------------------------------ counters, caches

export function Counters() {
  const loaded = useLoaded<{ now: number; store: string; counters: readonly WorkerCounter[] }>('counters', {}, EVERY);
  return (
    <Frame title="Counters" loaded={loaded}>
      {({ now, store, counters }) => (
        <>
          <p class="dim">
            Rate limits and quotas that were asked for, as they were then; kept in {store === 'redis' ? 'Redis' : 'memory'}.
          </p>
          {counters.length === 0 ? (
            <p class="empty">No policy has counted yet.</p>
          ) : (
            <Table heads={['Key', 'Window', '#Used', '', '#Asked', '#Refused', 'Last asked']}>
              {counters.map((row) => (
                <tr key={`${row.worker} ${row.key} ${row.window}`} class={now - row.at > row.seconds * 1000 ? 'over' : ''}>
                  <td class="mono">
                    {row.key} <WorkerTag rows={counters} row={row} />
                  </td>
                  <td>
                    {row.window}, {row.seconds} s
                  </td>
                  <td class="number">
                    {row.used ?? '?'} of {row.limit ?? '?'}
                  </td>
                  <td>
                    <meter
                      aria-label={`used of ${row.key}`}
                      min={0}
                      max={row.limit ?? 1}
                      high={(row.limit ?? 1) * 0.8}
                      low={(row.limit ?? 1) * 0.8}
                      optimum={0}
                      value={row.used ?? 0}
                    />
                  </td>
                  <td class="number">{row.asked}</td>
                  <td class="number">{row.refused > 0 ? <b class="bad">{row.refused}</b> : 0}</td>
                  <td class="dim">{distance(row.at, now)}</td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Frame>
  );
}

export function Caches() {
  const loaded = useLoaded<WorkerCaches & { now: number; store: string }>('caches', {}, EVERY);
  const remove = ({ id, worker }: WorkerEntry) => void post('caches/remove', { id, worker }).then(loaded.again);
  return (
    <Frame title="Caches" loaded={loaded}>
      {({ now, store, hits, misses, stores, entries }) => (
        <>
          <p class="figures">
            <Figure name="hits" value={hits} />
            <Figure name="misses" value={misses} />
            <Figure name="stored" value={stores} />
            <Figure name="hit rate" value={hits + misses === 0 ? 'none yet' : `${Math.round((hits / (hits + misses)) * 100)} %`} />
            <Figure name="kept in" value={store === 'redis' ? 'Redis' : 'memory'} />
          </p>
          {entries.length === 0 ? (
            <p class="empty">No policy has asked a cache yet.</p>
          ) : (
            <Table heads={['Key', 'Cache', '#Size', '#Hits', '#Misses', 'Ends', '']}>
              {entries.map((entry) => (
                <tr key={`${entry.worker} ${entry.id}`} class={(entry.ends ?? now) <= now ? 'over' : ''}>
                  <td class="mono">
                    {entry.key} <WorkerTag rows={entries} row={entry} />
                  </td>
                  <td>{entry.cache}</td>
                  <td class="number">{bytes(entry.bytes)}</td>
                  <td class="number">{entry.hits}</td>
                  <td class="number">{entry.misses}</td>
                  <td class="dim">{entry.ends === null ? 'never stored here' : entry.ends <= now ? 'ended' : distance(entry.ends, now)}</td>
                  <td>
                    {(entry.ends ?? 0) > now && (
                      <button type="button" onClick={() => remove(entry)}>
                        Remove
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Frame>
  );
}

/** Whose row it is, where there is more than one. */
function WorkerTag({ rows, row }: { rows: readonly { readonly worker: number }[]; row: { readonly worker: number } }) {
  const isAlone = rows.every(({ worker }) => worker === row.worker);
  return isAlone ? null : <span class="tag">worker {row.worker}</span>;
}

function Figure({ name, value }: { name: string; value: string | number }) {
  return (
    <span class="figure">
      <b>{value}</b> <span class="dim">{name}</span>
    </span>
  );
}

// ------------------------------------------------------------ key sets, backends

export function Keys() {
  const loaded = useLoaded<IdentitySnapshot>('keys', {}, EVERY);
  return (
    <Frame title="Key sets" loaded={loaded}>
      {({ providers, tokenCache }) => (
        <>
          <p class="figures">
            <Figure name={`tokens remembered, of ${tokenCache.limit}`} value={tokenCache.size} />
            <Figure name="accepted from memory" value={tokenCache.hits} />
            <Figure name="checked in full" value={tokenCache.misses} />
          </p>
          {providers.length === 0 ? (
            <p class="empty">No provider has been asked for its keys yet.</p>
          ) : (
            <Table heads={['Discovery document', 'State', '#Keys', 'Age', '#Fetches', '#Failures', '#Rotations']}>
              {providers.map((provider) => (
                <tr key={provider.url}>
                  <td class="mono">{provider.url}</td>
                  <td>{provider.up ? <span class="tag good">up</span> : <span class="tag bad">down</span>}</td>
                  <td class="number">{provider.keys}</td>
                  <td class="dim">{provider.ageSeconds === null ? 'never fetched' : distance(0, provider.ageSeconds * 1000)}</td>
                  <td class="number">{provider.fetches}</td>
                  <td class="number">{provider.failures > 0 ? <b class="bad">{provider.failures}</b> : 0}</td>
                  <td class="number">{provider.rotations}</td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Frame>
  );
}

export function Backends() {
  const loaded = useLoaded<{ backends: readonly WorkersBackend[] }>('backends', {}, EVERY);
  return (
    <Frame title="Backends" loaded={loaded}>
      {({ backends }) =>
        backends.length === 0 ? (
          <p class="empty">The directory has no backend entities; APIs name their service URLs themselves.</p>
        ) : (
          <Table heads={['Backend', 'Address', 'Circuit', '#Calls', '#Failed', '#In the window', 'Members']}>
            {backends.map((backend) => (
              <tr key={backend.id}>
                <td>
                  <b>{backend.id}</b> {backend.kind === 'pool' && <span class="tag">pool</span>}
                </td>
                <td class="mono">{backend.url}</td>
                <td>
                  <Circuit state={backend.state} />
                  {backend.openIn > 0 && backend.openIn < backend.workers && (
                    <span class="dim">
                      {' '}
                      in {backend.openIn} of {backend.workers} workers
                    </span>
                  )}
                  {backend.openUntil !== null && <span class="dim"> closes {distance(backend.openUntil, Date.now())}</span>}
                </td>
                <td class="number">{backend.calls}</td>
                <td class="number">{backend.failed > 0 ? <b class="bad">{backend.failed}</b> : 0}</td>
                <td class="number">{backend.failures}</td>
                <td>
                  {backend.members.map((member) => (
                    <span key={member.id} class={`tag ${member.state === 'open' ? 'bad' : ''}`}>
                      {member.id}{' '}
                      <span class="dim">
                        priority {member.priority}, weight {member.weight}
                      </span>
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </Table>
        )
      }
    </Frame>
  );
}

function Circuit({ state }: { state: 'closed' | 'open' }) {
  return state === 'open' ? <span class="tag bad">open: calls are refused</span> : <span class="tag good">closed</span>;
}
