/**
 * Everything that a `*.test.yaml` file may say, as one table: the reader refuses what is not in it, the JSON schema for
 * editors is made of it, and a test compares the page docs/testing.md with it.
 */

/**
 * What may stand there, alternatives separated by `|`: `text`, `number`, `boolean`, `duration`, `moment`, `status`, `count`
 * (a whole number), `base64`, `ip`, `callLine` (`GET /path`), `callUrl` (`/path`), `stubLine` (`GET https://host/path`), `check` (an expectation on one
 * text), `any`, `map` (names and any values), `map(X)`, `list(X)`, `rows` (a list that is not empty), `'word'`, or the name of
 * a shape of this table.
 */
export type EntryType = string;

export interface FormatEntry {
  readonly type: EntryType;
  /** One sentence for completion. */
  readonly meaning: string;
}

export type Shape = Readonly<Record<string, FormatEntry>>;

const entry = (type: EntryType, meaning: string): FormatEntry => ({ type, meaning });

const ANSWER: Shape = {
  status: entry('status', 'Status. Default 200.'),
  reason: entry('text', 'Reason phrase. Default: empty.'),
  headers: entry('map(text|list(text))', 'Names and values; a list gives a header line each.'),
  body: entry('text', 'Body as text.'),
  json: entry('any', 'Body as a JSON value; sets the content type.'),
  xml: entry('text', 'Body as XML text; sets the content type.'),
  base64: entry('base64', 'Body as bytes in Base64.'),
  delay: entry('duration', 'Time on the clock before the answer; longer than the policy waits, it is a timeout.'),
  fault: entry("'refuse'|'reset'|'timeout'|'truncated'", 'No answer, or one that breaks off in the middle of its body.'),
};

const STUB: Shape = {
  request: entry('stubLine|stubRequest', 'Which requests it answers: `GET https://host/path`, or a mapping.'),
  answers: entry('list(answer)', 'Answers in turn; the last one stays.'),
  times: entry('count', 'How many requests it answers; those behind it go to the next stub that fits.'),
  ...ANSWER,
};

const CONTEXT: Shape = {
  given: entry('given', 'What is there before the policies run.'),
  backend: entry('stub|list(stub)', 'Answers of the backend: one, or several in turn.'),
  calls: entry('list(call)', 'Stubs of called services.'),
  identity: entry('text|map|list(text|map)', 'Identity providers that stand in: names of packs, with settings and switches.'),
};

const STEP: Shape = {
  name: entry('text', 'Name for reports.'),
  request: entry('callLine|request', 'The call: `GET /path`, or a mapping.'),
  ...CONTEXT,
  at: entry('duration', 'Time since the start of the test.'),
  after: entry('duration', 'Time since the end of the step before.'),
  expect: entry('expect', 'What must come out.'),
};

/** Shapes by name; `suite` is the file. */
export const FORMAT = {
  suite: {
    suite: entry('text', "Name for reports. Default: the file's name."),
    policies: entry('text', 'Policy directory, document or fragment, relative to the file. Default `.`.'),
    section: entry(
      "'inbound'|'backend'|'outbound'|'on-error'",
      'Where a lone fragment or a lone list of policies runs. Default `inbound`.',
    ),
    clock: entry('moment', 'Where the clock starts. Default `2026-01-01T00:00:00Z`.'),
    seed: entry('number', 'Seed of GUIDs and random numbers. Default 1.'),
    timeout: entry('duration', 'Real time that a test may take. Default 10s.'),
    'named-values': entry('map(text|number|boolean)', 'Values that replace those of the directory.'),
    ...CONTEXT,
    tests: entry('list(test)', 'The tests.'),
  },
  test: {
    ...STEP,
    each: entry('rows', 'Rows: the test runs once a row, `${name}` stands for its values.'),
    steps: entry('list(step)', 'Several calls against one gateway.'),
    expression: entry('text', 'A policy expression to evaluate in place of the policies.'),
    section: entry(
      "'inbound'|'backend'|'outbound'|'on-error'",
      'Where the expression is evaluated. Default `inbound`, with a backend `outbound`.',
    ),
    clock: entry('moment', 'Where the clock starts.'),
    seed: entry('number', 'Seed of GUIDs and random numbers.'),
    'named-values': entry('map(text|number|boolean)', 'Values that replace those of the directory and of the suite.'),
    timeout: entry('duration', 'Real time that the test may take.'),
    skip: entry('boolean|text', 'Do not run it; a text says why.'),
    only: entry('boolean', 'Run only tests that say so.'),
  },
  step: STEP,
  request: {
    method: entry('text', 'Default `GET`.'),
    url: entry('callUrl', 'Path with query, or a whole URL.'),
    query: entry('map(text|number|boolean|list(text))', 'Query parameters to add to the URL.'),
    headers: entry('map(text|number|list(text))', 'Names and values; a list gives a header line each.'),
    body: entry('text', 'Body as text.'),
    json: entry('any', 'Body as a JSON value; sets the content type.'),
    xml: entry('text', 'Body as XML text; sets the content type.'),
    form: entry('map(text|number|boolean)', 'Body as a form; sets the content type.'),
    base64: entry('base64', 'Body as bytes in Base64.'),
    token: entry('map', 'Claims of a token to mint; it is sent as `Authorization: Bearer …`.'),
    key: entry('text', 'Subscription key: sent in the header of the API, and checked.'),
    ip: entry('ip', "Caller's address. Default `127.0.0.1`."),
  },
  given: {
    variables: entry('map', 'Variables that exist before the policies run.'),
    product: entry('text|product', 'Product that the call comes through; its policies run.'),
    user: entry('text|user', '`context.User`.'),
    groups: entry('text|list(text)', 'Groups of the user.'),
    subscription: entry('text|subscription', '`context.Subscription`.'),
    deployment: entry('deployment', '`context.Deployment`.'),
    api: entry('api', '`context.Api`.'),
    operation: entry('text|operation', '`context.Operation`.'),
    'matched-parameters': entry('map(text|number|boolean)', '`context.Request.MatchedParameters`.'),
    certificate: entry('text|certificate', "The caller's certificate: PEM text, a file, or its facts."),
    cache: entry('map', 'Values of the internal cache by key.'),
    'key-checked': entry('boolean', 'Check subscription keys as the gateway does. Default `false`.'),
  },
  product: {
    id: entry('text', 'Id.'),
    name: entry('text', 'Display name. Default: the id.'),
    'approval-required': entry('boolean', 'Default `false`.'),
    'subscription-required': entry('boolean', 'Default `true`.'),
    'subscription-limit': entry('number', 'Default: none.'),
    groups: entry('text|list(text)', 'Groups that see it.'),
  },
  user: {
    id: entry('text', 'Id.'),
    email: entry('text', 'E-mail address.'),
    'first-name': entry('text', 'First name.'),
    'last-name': entry('text', 'Last name.'),
    note: entry('text', 'Note.'),
    'registration-date': entry('moment', 'Moment.'),
    groups: entry('text|list(text)', 'Groups.'),
    identities: entry('list(map)', 'Identities: `id` and `provider`.'),
  },
  subscription: {
    id: entry('text', 'Id.'),
    name: entry('text', 'Name.'),
    key: entry('text', 'The key that the call used. Default: the primary one.'),
    'primary-key': entry('text', 'Primary key.'),
    'secondary-key': entry('text', 'Secondary key.'),
    'created-date': entry('moment', 'Moment.'),
    'start-date': entry('moment', 'Moment.'),
    'end-date': entry('moment', 'Moment.'),
  },
  deployment: {
    region: entry('text', 'Region. Default `local`.'),
    'gateway-id': entry('text', 'Default `managed`.'),
    'service-id': entry('text', 'Default `portico`.'),
    'service-name': entry('text', 'Default `portico`.'),
    'instance-id': entry('text', 'Default `portico`.'),
    managed: entry('boolean', 'Default `true`.'),
    'carbon-intensity': entry(
      "'NotAvailable'|'VeryLow'|'Low'|'Medium'|'High'|'VeryHigh'",
      "Of the region's electricity. Default `NotAvailable`.",
    ),
  },
  api: {
    id: entry('text', 'Id.'),
    name: entry('text', 'Display name.'),
    path: entry('text', 'Path.'),
    version: entry('text', 'Version.'),
    revision: entry('text', 'Revision.'),
    'service-url': entry('text', 'Backend URL.'),
  },
  operation: {
    id: entry('text', 'Id.'),
    name: entry('text', 'Display name. Default: the id.'),
    method: entry('text', "Default: the request's."),
    'url-template': entry('text', 'Such as `/orders/{id}`.'),
  },
  certificate: {
    subject: entry('text', 'Distinguished name.'),
    issuer: entry('text', 'Distinguished name. Default: the subject.'),
    thumbprint: entry('text', 'SHA-1 in hexadecimal.'),
    'serial-number': entry('text', 'In hexadecimal.'),
    'not-before': entry('moment', 'Moment. Default: a day before the clock.'),
    'not-after': entry('moment', 'Moment. Default: a year after the clock.'),
  },
  answer: ANSWER,
  stub: STUB,
  call: STUB,
  stubRequest: {
    method: entry('check', 'Default: every method.'),
    url: entry('check', 'A whole URL; `*` fits any text, `/…/` is a regular expression.'),
    query: entry('map(check|list(check))', 'Query parameters by name.'),
    headers: entry('map(check|list(check))', 'Headers by name.'),
    body: entry('any', 'Body.'),
  },
  expect: {
    status: entry('check', 'Status that the caller gets.'),
    reason: entry('check', 'Reason phrase.'),
    headers: entry('map(check|list(check))', 'Response headers by name.'),
    body: entry('any', 'Body.'),
    forwarded: entry("'none'|check|requestCheck|list(check|requestCheck)", 'What reached the backend.'),
    calls: entry("'none'|check|requestCheck|list(check|requestCheck)", 'What `send-request` and the like sent.'),
    variables: entry('map', 'Variables at the end.'),
    error: entry("'none'|error", '`context.LastError`.'),
    aborted: entry('boolean', 'The connection to the caller broke off in the body.'),
    elapsed: entry('duration', 'Time that the call took on the clock.'),
    executed: entry('check|list(check)', 'Policies that ran, in this order; others may be between them.'),
    skipped: entry('check|list(check)', 'Policies that did not run.'),
    trace: entry("'none'|list(text|traceCheck)", 'Messages of `trace` and `context.Trace`, in this order; others may be between them.'),
    recorded: entry("'none'|list(map)", 'What went to metrics, event hubs and service bus.'),
    metrics: entry("'none'|list(map)", 'Metrics alone.'),
    events: entry("'none'|list(map)", 'Event hub messages alone.'),
    messages: entry("'none'|list(map)", 'Service bus messages alone.'),
    audit: entry("'none'|list(map)", 'Decisions about callers: each token check that passed or failed.'),
    snapshot: entry(
      "boolean|list('status'|'headers'|'body'|'forwarded'|'calls'|'variables'|'recorded'|'error')",
      'The whole outcome, or the parts named, as stored beside the file.',
    ),
    value: entry('any', "An expression's value."),
    type: entry('check', "Full .NET name of the value's type, or `null`."),
  },
  requestCheck: {
    method: entry('check', 'Method.'),
    url: entry('check', 'Whole URL.'),
    query: entry('map(check|list(check))', 'Query parameters by name.'),
    headers: entry('map(check|list(check))', 'Headers by name.'),
    body: entry('any', 'Body.'),
  },
  traceCheck: {
    source: entry('any', 'Source.'),
    severity: entry('any', '`verbose`, `information` or `error`.'),
    message: entry('any', 'Message.'),
    metadata: entry('map', 'Metadata by name.'),
  },
  error: {
    source: entry('check', 'Policy, or part of the gateway.'),
    reason: entry('check', 'Reason.'),
    message: entry('check', 'Message.'),
    scope: entry('check', 'Scope.'),
    section: entry('check', 'Section.'),
    path: entry('check', 'Path of the policy.'),
    'policy-id': entry('check', '`id` of the policy.'),
  },
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof FORMAT;

/** Names of the entries of a shape. */
export function entriesOf(shape: ShapeName): readonly string[] {
  return Object.keys(FORMAT[shape]);
}

/** `a|map(b|c)` in `a` and `map(b|c)`. */
export function alternatives(type: EntryType): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= type.length; at += 1) {
    if (type[at] === '(') depth += 1;
    if (type[at] === ')') depth -= 1;
    if (at < type.length && (type[at] !== '|' || depth > 0)) continue;
    parts.push(type.slice(from, at));
    from = at + 1;
  }
  return parts;
}
