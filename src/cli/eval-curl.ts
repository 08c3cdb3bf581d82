/** Reads a curl command, as browsers and API clients copy it to the clipboard. */
import { hasHeader } from '../host/raw-headers.ts';
import { nearestName } from '../source/nearest.ts';
import { type CallDescription, type ReadBytes, splitHeader } from './eval-call.ts';
import { shellWords } from './eval-shell.ts';

/** What the options of one command add up to. */
interface Collected {
  method: string | undefined;
  url: string | undefined;
  asQuery: boolean;
  upload: Uint8Array | undefined;
  readonly query: string[];
  readonly headers: string[];
  readonly data: Uint8Array[];
  readonly form: Uint8Array[];
}

type Take = (to: Collected, value: string, read: ReadBytes) => void;

const BOUNDARY = '------------------------portico';
const TEXT = new TextEncoder();

/** Options with a value that matter to the request. */
const TAKEN: Readonly<Record<string, Take>> = {
  request: (to, value) => {
    to.method = value;
  },
  url: (to, value) => {
    to.url = value;
  },
  header: takeHeader,
  data: (to, value, read) => addData(to, value.startsWith('@') ? withoutLineEnds(read(value.slice(1))) : TEXT.encode(value)),
  'data-raw': (to, value) => addData(to, TEXT.encode(value)),
  'data-binary': (to, value, read) => addData(to, value.startsWith('@') ? read(value.slice(1)) : TEXT.encode(value)),
  'data-urlencode': (to, value, read) => addData(to, TEXT.encode(urlEncoded(value, read))),
  json: takeJson,
  form: takeForm,
  'form-string': (to, value) => takeForm(to, value.replace('=', '=\0'), () => new Uint8Array()),
  user: (to, value) => setHeader(to, 'Authorization', `Basic ${base64(value)}`),
  'oauth2-bearer': (to, value) => setHeader(to, 'Authorization', `Bearer ${value}`),
  'upload-file': (to, value, read) => {
    to.method ??= 'PUT';
    to.upload = read(value);
  },
  range: (to, value) => setHeader(to, 'Range', `bytes=${value}`),
  'url-query': (to, value, read) => to.query.push(urlEncoded(value, read)),
  'user-agent': (to, value) => setHeader(to, 'User-Agent', value),
  referer: (to, value) => setHeader(to, 'Referer', value),
  cookie: (to, value) => setHeader(to, 'Cookie', value),
};

/** Options with a value that say how curl works, not what it sends. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  'aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout cookie-jar create-file-mode crlfile curves dns-servers doh-url dump-header expect100-timeout interface keepalive-time key key-type limit-rate max-filesize max-redirs max-time netrc-file noproxy output parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-header proxy-user rate resolve connect-to retry retry-delay retry-max-time sasl-authzid socks5 socks5-hostname speed-limit speed-time stderr tls-max trace trace-ascii unix-socket write-out'.split(
    ' ',
  ),
);
const WITHOUT_VALUE: ReadonlySet<string> = new Set(
  'anyauth append basic buffer compressed create-dirs digest disable fail-early fail fail-with-body globoff http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 include insecure ipv4 ipv6 junk-session-cookies list-only location location-trusted negotiate netrc netrc-optional no-buffer no-alpn no-npn no-keepalive no-progress-meter ntlm parallel parallel-immediate path-as-is post301 post302 post303 proxytunnel proxy-insecure proxy-ntlm progress-bar raw remove-on-error remote-header-name remote-time retry-all-errors retry-connrefused remote-name silent show-error ssl ssl-reqd styled-output tcp-fastopen tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace-ids trace-time verbose'.split(
    ' ',
  ),
);

const SHORT: Readonly<Record<string, string>> = {
  ...{
    X: 'request',
    H: 'header',
    d: 'data',
    F: 'form',
    u: 'user',
    A: 'user-agent',
    e: 'referer',
    b: 'cookie',
    T: 'upload-file',
    r: 'range',
  },
  ...{
    G: 'get',
    I: 'head',
    k: 'insecure',
    s: 'silent',
    S: 'show-error',
    L: 'location',
    v: 'verbose',
    i: 'include',
    f: 'fail',
    g: 'globoff',
  },
  ...{
    o: 'output',
    O: 'remote-name',
    m: 'max-time',
    x: 'proxy',
    w: 'write-out',
    E: 'cert',
    c: 'cookie-jar',
    D: 'dump-header',
    K: 'config',
  },
  ...{
    n: 'netrc',
    j: 'junk-session-cookies',
    q: 'disable',
    R: 'remote-time',
    Z: 'parallel',
    a: 'append',
    l: 'list-only',
    p: 'proxytunnel',
  },
  ...{ N: 'no-buffer', J: 'remote-header-name', '#': 'progress-bar', '4': 'ipv4', '6': 'ipv6', U: 'proxy-user', '0': 'http1.0' },
};

/** The request that the command would send; throws on what is no curl command. */
export function callOfCurl(command: string, read: ReadBytes): CallDescription {
  const words = shellWords(command.replace(/^\s*\$\s+/, ''));
  if (!/(^|[\\/])curl(\.exe)?$/.test(words[0] ?? '')) throw new Error(`\`${words[0] ?? ''}\` is not \`curl\`: give the whole command`);
  const found: Collected = {
    method: undefined,
    url: undefined,
    asQuery: false,
    upload: undefined,
    query: [],
    headers: [],
    data: [],
    form: [],
  };
  readWords(words.slice(1), found, read);
  return finished(found);
}

function readWords(words: readonly string[], to: Collected, read: ReadBytes): void {
  let onlyUrls = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--' && !onlyUrls) onlyUrls = true;
    else if (onlyUrls || !word.startsWith('-') || word === '-') takeUrl(to, word);
    else at += word.startsWith('--') ? readLong(word.slice(2), words[at + 1], to, read) : readShort(word, words[at + 1], to, read);
  }
}

function takeUrl(to: Collected, word: string): void {
  if (to.url !== undefined) throw new Error(`the curl command has two URLs, \`${to.url}\` and \`${word}\``);
  to.url = word;
}

/** How many of the following words the option takes. */
function readLong(name: string, next: string | undefined, to: Collected, read: ReadBytes): number {
  return readOption(name, `--${name}`, next, to, read) ? 1 : 0;
}

/** `-sSLXPOST`: letters in a row; the first that wants a value takes the rest of the word, or the next word. */
function readShort(word: string, next: string | undefined, to: Collected, read: ReadBytes): number {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    const name = SHORT[letter] ?? '';
    const rest = word.slice(at + 1);
    const isLast = rest === '';
    if (readOption(name, `-${letter}`, isLast ? next : rest, to, read)) return isLast ? 1 : 0;
  }
  return 0;
}

/** Whether the option took the value. */
function readOption(name: string, shown: string, value: string | undefined, to: Collected, read: ReadBytes): boolean {
  if (name === 'get') to.asQuery = true;
  else if (name === 'head') to.method ??= 'HEAD';
  else if (!WITHOUT_VALUE.has(name)) {
    const canonical = name === 'data-ascii' ? 'data' : name;
    const take = Object.hasOwn(TAKEN, canonical) ? TAKEN[canonical] : undefined;
    if (!take && !WITH_VALUE.has(name)) throw new Error(unknownOption(shown));
    if (value === undefined) throw new Error(`curl's \`${shown}\` needs a value`);
    take?.(to, value, read);
    return true;
  }
  return false;
}

function unknownOption(shown: string): string {
  const known = [...Object.keys(TAKEN), ...WITH_VALUE, ...WITHOUT_VALUE, 'get', 'head'].map((name) => `--${name}`);
  const near = nearestName(shown, known);
  return `curl's option \`${shown}\` is not known here${near === undefined ? '' : `: did you mean \`${near}\``}`;
}

/** curl: `Name;` sends an empty header, `Name:` takes one away. */
function takeHeader(to: Collected, line: string): void {
  if (/^[^:]+;\s*$/.test(line)) return setHeader(to, line.trim().slice(0, -1), '');
  if (/^[^:]+:\s*$/.test(line)) return setHeader(to, line.trim().slice(0, -1), null);
  to.headers.push(...splitHeader(line));
}

/** null: the header is not to be sent although curl would. */
function setHeader(to: Collected, name: string, value: string | null): void {
  to.headers.push(name, value ?? REMOVED);
}

/** Cannot stand in a header. */
const REMOVED = '\0';

function addData(to: Collected, bytes: Uint8Array): void {
  if (to.data.length > 0) to.data.push(TEXT.encode('&'));
  to.data.push(bytes);
}

/** `-d @file` drops line ends; `--data-binary` does not. */
function withoutLineEnds(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== 10 && byte !== 13);
}

function takeJson(to: Collected, value: string, read: ReadBytes): void {
  to.data.push(value.startsWith('@') ? read(value.slice(1)) : TEXT.encode(value));
  if (!hasHeader(to.headers, 'content-type')) to.headers.push('Content-Type', 'application/json');
  if (!hasHeader(to.headers, 'accept')) to.headers.push('Accept', 'application/json');
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`. */
function urlEncoded(value: string, read: ReadBytes): string {
  const at = value.search(/[=@]/);
  if (at < 0) return encodeURIComponent(value);
  const name = value.slice(0, at);
  const rest = value.slice(at + 1);
  const content = value[at] === '@' ? new TextDecoder().decode(read(rest)) : rest;
  return (name === '' ? '' : `${name}=`) + encodeURIComponent(content);
}

/** `name=text`, `name=@file` or `name=<file`, each with `;type=…` behind it. A zero byte in front marks text that is nothing else. */
function takeForm(to: Collected, value: string, read: ReadBytes): void {
  const [, name = '', content = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  if (name === '') throw new Error(`\`${value}\` is not written \`name=content\``);
  const isPlain = content.startsWith('\0');
  const [, path = '', type] = /^(.*?)(?:;\s*type=([^;]+))?$/s.exec(isPlain ? '' : content) ?? [];
  const isFile = path.startsWith('@');
  const bytes = isFile || path.startsWith('<') ? read(path.slice(1)) : TEXT.encode(isPlain ? content.slice(1) : path);
  const fileName = isFile ? `; filename="${path.slice(1).replace(/.*[\\/]/, '')}"` : '';
  const contentType = type ?? (isFile ? 'application/octet-stream' : undefined);
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${fileName}\r\n${contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`}\r\n`;
  to.form.push(TEXT.encode(head), bytes, TEXT.encode('\r\n'));
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function finished(found: Collected): CallDescription {
  if (found.url === undefined) throw new Error('the curl command has no URL');
  const isForm = found.form.length > 0;
  const hasData = found.data.length > 0 && !found.asQuery;
  const posted = isForm ? joined([...found.form, TEXT.encode(`--${BOUNDARY}--\r\n`)]) : hasData ? joined(found.data) : undefined;
  const body = posted ?? found.upload;
  const type = isForm ? `multipart/form-data; boundary=${BOUNDARY}` : 'application/x-www-form-urlencoded';
  const headers = [...found.headers];
  if (!hasHeader(headers, 'accept')) headers.push('Accept', '*/*');
  if (posted && !hasHeader(headers, 'content-type')) headers.push('Content-Type', type);
  return {
    method: found.method ?? (posted ? 'POST' : 'GET'),
    url: withQuery(found.asQuery ? withQuery(found.url, text(found.data)) : found.url, found.query.join('&')),
    headers: kept(headers),
    body,
  };
}

function kept(headers: readonly string[]): string[] {
  return headers.filter((_, at) => headers[at - (at % 2) + 1] !== REMOVED);
}

function text(parts: readonly Uint8Array[]): string {
  return new TextDecoder().decode(joined(parts));
}

function withQuery(url: string, query: string): string {
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
