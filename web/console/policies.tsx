import type { CheckedRoute, Effective } from './api.ts';
import { linkTo, useLoaded, useShortNames } from './hooks.ts';

/** The effective policy of an operation: each line with its scope and its file. */
export function Policies({ api, operation, product }: { api: string; operation: string; product: string }) {
  const { value: list } = useLoaded<{ routes: readonly CheckedRoute[] }>('routes');
  const routes = list?.routes ?? [];
  const chosen = api === '' ? routes[0] : routes.find((route) => route.api === api && route.operation === operation);
  return (
    <section class="page" aria-label="Effective policies">
      <h1>Effective policies</h1>
      <p class="dim">What runs for an operation after all scopes are put together, with the origin of every line.</p>
      <div class="bar">
        <label>
          Operation{' '}
          <select value={chosen ? `${chosen.api}\n${chosen.operation}` : ''} onChange={(event) => choose(event.currentTarget.value, '')}>
            {routes.map((route) => (
              <option key={`${route.api} ${route.operation}`} value={`${route.api}\n${route.operation}`}>
                {route.method} {route.path} ({route.api} / {route.operation})
              </option>
            ))}
          </select>
        </label>
        {chosen && chosen.products.length > 0 && (
          <label>
            Product{' '}
            <select value={product} onChange={(event) => choose(`${chosen.api}\n${chosen.operation}`, event.currentTarget.value)}>
              <option value="">none</option>
              {chosen.products.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {chosen && <Sections api={chosen.api} operation={chosen.operation} product={product} />}
    </section>
  );
}

function choose(value: string, product: string): void {
  const [api = '', operation = ''] = value.split('\n');
  location.hash = linkTo('policies', api, operation, product);
}

function Sections({ api, operation, product }: { api: string; operation: string; product: string }) {
  const { value, error } = useLoaded<Effective>('policy', { api, operation, product });
  const short = useShortNames();
  if (error) return <p class="error-box">{error}</p>;
  if (!value) return <p class="empty">Loading…</p>;
  return (
    <>
      {Object.entries(value.sections).map(([name, steps]) => (
        <div class="effective" key={name}>
          <h2>{name}</h2>
          {steps.length === 0 && <p class="empty">nothing</p>}
          {steps.map((step, at) => (
            <div class="origin" key={at}>
              <div class="from">
                <span class={`scope ${step.scope}`}>{step.scope}</span>
                <a href={linkTo('editor', step.file, String(step.line))}>
                  {short(step.file)}:{step.line}
                </a>
              </div>
              <pre>
                {step.lines.map((line) => (
                  <span class="line" key={line.line}>
                    <span class="at">{line.line}</span>
                    {`${line.text}\n`}
                  </span>
                ))}
              </pre>
            </div>
          ))}
        </div>
      ))}
    </>
  );
}
