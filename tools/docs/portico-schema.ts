/** The JSON schema of portico.yaml for editors; test/workspace/schema.test.ts holds it against the reader. */
import { PACKS } from '../../src/identity/providers/packs.ts';
import { SWITCH_NAMES } from '../../src/identity/providers/switches.ts';

type Schema = Readonly<Record<string, unknown>>;

const SCALAR = ['string', 'number', 'boolean'];
const text = (description: string, more: Schema = {}): Schema => ({ description, type: SCALAR, ...more });
const whole = (description: string, more: Schema = {}): Schema => ({ description, anyOf: [{ type: 'number', ...more }, ENVIRONMENT] });
const flag = (description: string): Schema => ({ description, anyOf: [{ type: 'boolean' }, ENVIRONMENT] });
const oneOf = (description: string, values: readonly unknown[]): Schema => ({ description, enum: values });
const url = (description: string): Schema => ({ description, type: 'string', pattern: '^(?:https?|wss?)://|\\$\\{env:' });
const texts = (description: string): Schema => ({ description, anyOf: [{ type: 'array', items: { type: SCALAR } }, { type: SCALAR }] });
const mapping = (description: string, properties: Schema, required: readonly string[] = []): Schema => ({
  description,
  type: 'object',
  properties,
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
});
const byName = (description: string, value: Schema): Schema => ({ description, type: 'object', additionalProperties: value });
const list = (description: string, items: Schema): Schema => ({ description, type: 'array', items });
const either = (description: string, ...anyOf: readonly Schema[]): Schema => ({ description, anyOf });

/** A value that comes from the environment. */
const ENVIRONMENT: Schema = { type: 'string', pattern: '\\$\\{env:[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\\}' };

const CERTIFICATE = {
  certificate: text('PEM file with the certificate and its chain, relative to this file.'),
  key: text('PEM file with the private key.'),
  pfx: text('PKCS#12 file with both.'),
  password: text('Password of the PKCS#12 file; `${env:NAME}` keeps it out of the file.'),
};

const DURATION: Schema = { type: 'string', pattern: '^P(?!$)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?$' };

const BACKEND = mapping('A backend entity.', {
  url: url('Base URL. Required unless it is a pool.'),
  credentials: mapping('What is added to each forwarded request.', {
    authorization: mapping('The Authorization header.', { scheme: text('Such as `Basic`.'), parameter: text('What follows the scheme.') }, [
      'scheme',
      'parameter',
    ]),
    header: byName('Headers with a value or a list of values.', texts('Values.')),
    query: byName('Query parameters with a value or a list of values.', texts('Values.')),
    certificate: text('Id of a client certificate.'),
    'managed-identity': mapping(
      'A token for this resource goes out as bearer.',
      { resource: text('Audience.'), 'client-id': text('User assigned identity.') },
      ['resource'],
    ),
  }),
  tls: mapping('Checks of the backend certificate.', {
    'validate-certificate-chain': flag('Default `true`.'),
    'validate-certificate-name': flag('Default `true`.'),
  }),
  proxy: mapping(
    'The HTTP proxy before it.',
    { url: text('`http://host:port`'), username: text('For basic authentication.'), password: text('Of that user.') },
    ['url'],
  ),
  pool: mapping('Makes it a pool of backends.', {
    services: list(
      'Members, at most 30.',
      either(
        'Id, or a mapping.',
        { type: 'string' },
        mapping(
          'A member.',
          { id: text('Id of a backend.'), priority: whole('Lower first. Default 1.'), weight: whole('Share of calls. Default 1.') },
          ['id'],
        ),
      ),
    ),
    'session-affinity': mapping(
      'Pins a caller to a member.',
      { source: oneOf('Where the session is kept.', ['Cookie']), name: text('Name of the cookie.') },
      ['name'],
    ),
  }),
  'circuit-breaker': mapping('Stops calling a backend that fails.', {
    name: text('For people.'),
    'failure-condition': mapping('What opens it.', {
      count: whole('Failures within the interval.'),
      percentage: whole('Share of failures within the interval.'),
      interval: { description: 'ISO 8601. Default PT1H.', ...DURATION },
      'status-code-ranges': list('Statuses that are failures.', mapping('A range.', { min: whole('First.'), max: whole('Last.') })),
      'error-reasons': texts('Such as `Server errors`; calls without an answer are failures, too.'),
    }),
    'trip-duration': { description: 'How long it stays open, ISO 8601. Default PT1H.', ...DURATION },
    'accept-retry-after': flag("Whether the backend's Retry-After says how long. Default `false`."),
  }),
});

const STAND_IN = mapping('A stand-in provider with its settings and what it does wrong on purpose.', {
  provider: oneOf('Which one.', [...new Set(PACKS.flatMap(({ name, aliases }) => [name, ...aliases]))]),
  ...Object.fromEntries(
    [...new Set([...PACKS.flatMap(({ settings }) => Object.keys(settings)), 'issuer'])].map((name) => [
      name,
      text('Setting of the provider.'),
    ]),
  ),
  ...Object.fromEntries(Object.keys(SWITCH_NAMES).map((name) => [name, text('What it does wrong on purpose.')])),
  port: whole('Port of `portico run`. Default: a free one.', { minimum: 0, maximum: 65535 }),
});

const SECTIONS: Readonly<Record<string, Schema>> = {
  port: whole('Port of `portico run`. Default 8080.', { minimum: 0, maximum: 65535 }),
  host: text('Address to listen on. Default 127.0.0.1.'),
  backend: url('Base URL of everything that names none; the same as `--backend`.'),
  'named-values': byName(
    'Values by display name; they win over those of `named values/`.',
    either(
      'A value, or a mapping.',
      text('The value.'),
      mapping('A value that may be secret.', { value: text('The value.'), secret: flag('Kept out of messages, traces and logs.') }, [
        'value',
      ]),
    ),
  ),
  backends: byName('Backend entities by id; they win over `backends/`.', either('A URL, or a mapping.', url('Base URL.'), BACKEND)),
  apis: byName(
    'What differs of APIs, by folder name.',
    mapping('An API.', {
      path: text("Path in place of `apiInformation.json`'s."),
      'service-url': url('Backend in place of `serviceUrl`.'),
      'subscription-required': flag('Whether a key is asked for.'),
    }),
  ),
  subscriptions: list(
    'Subscription keys.',
    mapping(
      'A subscription.',
      {
        id: text('Its id; that of an exported one completes it.'),
        name: text('Default: the id.'),
        'primary-key': text('`${env:…}` keeps it out of the file.'),
        'secondary-key': text('A second key.'),
        scope: text(
          '`/apis` (default: everything), `/apis/<api>`, or `/products/<product>`; behind `/workspaces/<workspace>` for one of a workspace.',
        ),
        state: oneOf('Only active ones open.', ['active', 'suspended', 'submitted', 'rejected', 'cancelled', 'expired']),
        user: text('Id of a user.'),
        created: text('ISO 8601.'),
        start: text('ISO 8601.'),
        end: text('ISO 8601.'),
        'allow-tracing': flag('Whether `Ocp-Apim-Trace: true` gives a trace. Default `false`.'),
      },
      ['id', 'primary-key'],
    ),
  ),
  users: list(
    'Users that own subscriptions.',
    mapping(
      'A user.',
      {
        id: text('Its id.'),
        email: text('Address.'),
        'first-name': text('First name.'),
        'last-name': text('Last name.'),
        note: text('A note.'),
        'registration-date': text('ISO 8601.'),
        groups: texts('Names of groups.'),
        identities: list(
          'Identities.',
          mapping('An identity.', { id: text('Its id.'), provider: text('Its provider.') }, ['id', 'provider']),
        ),
      },
      ['id'],
    ),
  ),
  certificates: byName('Certificates by id.', mapping('A certificate.', CERTIFICATE)),
  authorizations: byName(
    'Connections of the credential manager by provider.',
    byName(
      'By authorization.',
      either(
        'A token, or a mapping.',
        text('The token.'),
        mapping('A token with claims.', { 'access-token': text('The token.'), claims: byName('Claims.', text('A value.')) }, [
          'access-token',
        ]),
      ),
    ),
  ),
  'trusted-roots': texts('PEM files with authorities that are trusted besides the system.'),
  tls: mapping('What the listening side shows and asks for.', {
    ...CERTIFICATE,
    'client-certificate': oneOf('Whether callers show one.', ['none', 'request', 'require']),
    ca: texts('PEM files with authorities of client certificates.'),
    crl: texts('Revocation lists.'),
    sni: byName('Other certificates by host name.', mapping('A certificate.', CERTIFICATE)),
    'min-version': oneOf('Lowest version.', ['1.2', '1.3', 1.2, 1.3]),
    'max-version': oneOf('Highest version.', ['1.2', '1.3', 1.2, 1.3]),
    http2: flag('Whether HTTP/2 is offered. Default `true`.'),
    port: whole('A port of its own beside the plain one.', { minimum: 0, maximum: 65535 }),
  }),
  console: either(
    'The console on the loopback address: its port, or `on` for the usual one. Default `off`.',
    whole('Port; 0 takes a free one.', { minimum: 0, maximum: 65535 }),
    oneOf('Whether there is one.', [true, false, 'on', 'off']),
  ),
  audit: text('Where token decisions are recorded: `stdout`, or a file.'),
  'managed-identity': either(
    'Where tokens of managed identities come from. Default: a stand-in.',
    oneOf('A stand-in, or the metadata service of a virtual machine.', ['stand-in', 'metadata']),
    mapping('An endpoint, or an application of Microsoft Entra ID.', {
      endpoint: url('Address that gives tokens, such as `${env:IDENTITY_ENDPOINT}`.'),
      header: text('Secret header of App Service and its kin, such as `${env:IDENTITY_HEADER}`.'),
      tenant: text('Tenant of the application.'),
      'client-id': text('Id of the application.'),
      'client-secret': text('Its secret.'),
      authority: url('Sign-in host of national clouds.'),
    }),
  ),
  ops: either(
    'A listener for probes, metrics, log levels and traces.',
    whole('Its port, on 127.0.0.1.', { minimum: 0, maximum: 65535 }),
    mapping('Where it listens.', { port: whole('Its port; 0 takes a free one.'), host: text('Its address. Default 127.0.0.1.') }, ['port']),
  ),
  log: mapping('The log on standard output.', {
    level: oneOf('Least level that is written. Default `info`.', ['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    format: oneOf('JSON lines, or lines for people. Default `json`.', ['json', 'pretty']),
  }),
  telemetry: mapping('Spans and traces.', {
    traces: oneOf('Spans through the installed OpenTelemetry API. Default `off`.', ['on', 'off', true, false]),
    otlp: url('Base URL of a collector that takes OTLP over HTTP.'),
    sample: whole('Share of calls that are recorded where the caller has not decided. Default 1.', { minimum: 0, maximum: 1 }),
    headers: byName('Headers that go along to the collector.', text('Its value.')),
    metrics: either(
      'Whether metrics go to the collector, too. Default `off`.',
      oneOf('Switch.', ['on', 'off', true, false]),
      mapping('Metrics.', {
        'interval-ms': whole('Milliseconds between two reports. Default 60000.', { minimum: 100 }),
        temporality: oneOf('Whether a report counts from the start or from the one before. Default `cumulative`.', ['cumulative', 'delta']),
      }),
    ),
    logs: oneOf('Whether the log goes to the collector, too. Default `off`.', ['on', 'off', true, false]),
    'service-name': text('Default `portico`.'),
    'request-traces': oneOf('Who gets a trace for `Ocp-Apim-Trace: true`. Default `allowed`.', ['allowed', 'always', 'off']),
  }),
  limits: mapping('Limits.', {
    body: whole('Bytes of a body that a policy reads. Default 67108864.', { minimum: 0 }),
    head: whole("Bytes of a request's head. Default 65536.", { minimum: 1 }),
    url: whole("Bytes of a request's target. Default 16384.", { minimum: 1 }),
    'websocket-idle': whole('Seconds without a byte either way after which a WebSocket is closed; 0 for never. Default 240.', {
      minimum: 0,
    }),
    'caller-rate': whole('Bytes a second that a caller must send and take; 0 asks for none. Default 240.', { minimum: 0 }),
    'caller-timeout': whole('Seconds that a caller may take for its head and for its body. Default 60.'),
    'token-cache': text('Accepted tokens that are remembered, or `off`.'),
  }),
  expressions: mapping('Rules for policy expressions.', {
    allow: list(
      "Full names of .NET members that your gateway accepts beyond Azure's published list, such as `System.Uri.Host`.",
      text('Namespace, type and member.'),
    ),
  }),
  settings: mapping('Switches for points that are not settled.', {
    'missing-variable': oneOf('A missing variable.', ['throw', 'null', null]),
    'wrong-variable-type': oneOf('A variable of another type.', ['throw', 'default']),
    'backend-id-wins': flag('A base-url after a backend-id has no effect. Default `true`.'),
    'cors-terminate-unmatched': flag("Default of cors' `terminate-unmatched-request`."),
    tokenizer: text('How tokens of language models are counted.'),
    'check-protocols': flag("A call whose scheme is none of the API's protocols gets 404. Default `false`."),
  }),
  identity: either(
    'Identity providers that this machine stands in for.',
    text('Name of a pack.'),
    STAND_IN,
    list('Several.', either('One.', text('Name of a pack.'), STAND_IN)),
  ),
  'stand-ins': mapping("Services that answer in place of Azure's.", {
    sql: url('For sql-data-source.'),
    'service-fabric': byName('By application.', url('Its address.')),
  }),
  stores: mapping('Where caches and counters live.', {
    redis: either(
      'The server.',
      text('Its URL.'),
      mapping('The server.', {
        url: text('`redis://` or `rediss://`, or a connection string.'),
        nodes: texts('Sentinels, or nodes of a cluster: `host:port` each.'),
        cluster: flag('Whether they are a Redis Cluster. Default `false`.'),
        sentinel: either(
          'What sentinels call the server.',
          text('Its name.'),
          mapping(
            'How they know their callers.',
            { name: text('Its name.'), username: text('Of the sentinels.'), password: text('Of the sentinels.') },
            ['name'],
          ),
        ),
        username: text('User of the server.'),
        password: text('Password of the server.'),
        database: whole('Number of the database. Default 0.'),
        prefix: text('In front of every key. Default `portico:`.'),
        required: flag('Whether the gateway is ready only while it answers. Default `false`.'),
        'connect-timeout-ms': whole('Default 2000.'),
        'command-timeout-ms': whole('Default 250.'),
        tls: either(
          'TLS.',
          flag('Whether TLS is spoken.'),
          mapping('Checks of its certificate.', { ca: text('PEM file.'), 'validate-certificate': flag('Default `true`.') }),
        ),
      }),
    ),
    cache: oneOf('Where the cache lives.', ['memory', 'redis']),
    counters: oneOf('Where counters live.', ['memory', 'redis']),
  }),
  configuration: texts('Override files of the APIOps publisher, `configuration.<env>.yaml`.'),
  parameters: byName('Values for parameters of ARM templates and variables of Terraform.', {}),
  lint: {
    description: 'Rules of `portico lint`.',
    type: 'object',
    properties: { rules: byName('Severity by rule.', {}), plugins: texts('Files with rules of your own.') },
  },
};

/** Path and text. */
export function porticoSchemaFile(): [string, string] {
  const sections = Object.fromEntries(Object.entries(SECTIONS).map(([name]) => [name, { $ref: `#/definitions/${name}` }]));
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'portico.yaml',
    description: 'What a machine adds to an exported policy directory.',
    type: 'object',
    properties: {
      ...sections,
      environments: byName('What is laid over the rest with `--env <name>`.', {
        type: 'object',
        properties: sections,
        additionalProperties: false,
      }),
    },
    additionalProperties: false,
    definitions: SECTIONS,
  };
  return ['schemas/portico.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`];
}
