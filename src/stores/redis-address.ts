/**
 * Where Redis is, from one text: `redis://user:password@host:6379/0`, with several hosts behind commas if there are several,
 * or the connection string of StackExchange.Redis, which is what an external cache of the service is configured with.
 */

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  /** At least one. */
  readonly nodes: readonly RedisNode[];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** The nodes are sentinels, and this is what they call the server. */
  readonly sentinelName: string | undefined;
}

const PORT = 6379;

/** Undefined for what is neither of both. */
export function redisAddress(text: string): RedisAddress | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? fromUrl(text) : fromConnectionString(text);
}

/** `host`, `host:6379` or `[::1]:6379`. */
export function redisNode(text: string, port = PORT): RedisNode | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@,[\]?#]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const chosen = Number(match?.[3] ?? port);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || chosen < 1 || chosen > 65_535 ? undefined : { host, port: chosen };
}

function fromUrl(text: string): RedisAddress | undefined {
  const match = /^(rediss?):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/(\d{0,3}))?$/i.exec(text);
  if (!match) return undefined;
  const [, scheme = '', login, hosts = '', database] = match;
  const nodes = nodesOf(hosts.split(','), PORT);
  const person = loginOf(login);
  if (!nodes || !person) return undefined;
  return { nodes, tls: scheme.toLowerCase() === 'rediss', ...person, database: Number(database ?? 0), sentinelName: undefined };
}

/** `user:password`, percent-encoded where a character would end it. */
function loginOf(text: string | undefined): Pick<RedisAddress, 'username' | 'password'> | undefined {
  if (text === undefined) return { username: undefined, password: undefined };
  const colon = text.indexOf(':');
  try {
    const [username, password] = [colon < 0 ? text : text.slice(0, colon), colon < 0 ? '' : text.slice(colon + 1)].map(decodeURIComponent);
    return { username: username || undefined, password: password || undefined };
  } catch {
    return undefined;
  }
}

function nodesOf(texts: readonly string[], port: number): RedisNode[] | undefined {
  const nodes = texts.map((text) => redisNode(text, port));
  return nodes.every((node) => node !== undefined) ? nodes : undefined;
}

/** Settings of that client's own making: they say nothing about where the server is. */
const CLIENTS_OWN: ReadonlySet<string> = new Set([
  'abortconnect',
  'allowadmin',
  'asynctimeout',
  'channelprefix',
  'checkcertificaterevocation',
  'configcheckseconds',
  'connectretry',
  'connecttimeout',
  'keepalive',
  'name',
  'protocol',
  'resolvedns',
  'sslhost',
  'sslprotocols',
  'synctimeout',
  'tiebreaker',
]);

const KNOWN: ReadonlySet<string> = new Set(['user', 'password', 'ssl', 'defaultdatabase', 'servicename']);

/** `host:6380,password=…,ssl=True,abortConnect=False` */
function fromConnectionString(text: string): RedisAddress | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const options = new Map<string, string>();
  for (const part of parts.filter((one) => one.includes('='))) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim().toLowerCase();
    if (!KNOWN.has(name) && !CLIENTS_OWN.has(name)) return undefined;
    options.set(name, part.slice(equals + 1));
  }
  const tls = /^true$/i.test(options.get('ssl') ?? '');
  const nodes = nodesOf(
    parts.filter((one) => one !== '' && !one.includes('=')),
    tls ? PORT + 1 : PORT,
  );
  // A bare word is more likely a slip than a host.
  if (!nodes || nodes.length === 0 || !/[:=]/.test(text)) return undefined;
  return {
    nodes,
    tls,
    username: options.get('user'),
    password: options.get('password'),
    database: Number(options.get('defaultdatabase') ?? 0),
    sentinelName: options.get('servicename'),
  };
}
