import type { NetObject } from '../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../csharp/types/declare.ts';
import type { CertificateInfo } from '../host/host.ts';
import { Body } from './body.ts';
import { REQUEST_CLASS, RESPONSE_CLASS } from './context/message.ts';
import { Headers } from './headers.ts';
import { joinPath, Url } from './url.ts';

export interface RequestParts {
  readonly method: string;
  /** What the caller asked for. */
  readonly originalUrl: Url;
  /** Base of the backend URL; its query is not used. Default: origin of `originalUrl`. */
  readonly base?: Url;
  /** Path behind the base. Default: the path of `originalUrl`. */
  readonly path?: string;
  /** With its `?`. Default: that of `originalUrl`. */
  readonly queryString?: string;
  readonly headers?: Headers;
  readonly body?: Body;
  readonly ipAddress?: string;
  /** Template parameters, decoded; names ignore case. */
  readonly matchedParameters?: ReadonlyMap<string, string>;
  readonly certificate?: CertificateInfo | null;
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

/** `context.Request`: the request as policies have changed it so far, and as the caller sent it. */
export class GatewayRequest implements NetObject {
  method: string;
  readonly originalMethod: string;
  readonly originalUrl: Url;
  readonly headers: Headers;
  readonly body: Body;
  readonly ipAddress: string;
  readonly matchedParameters: ReadonlyMap<string, string>;
  readonly certificate: CertificateInfo | null;
  /** Whether somebody has said where it goes; else its base is the address that the caller asked. */
  hasBackend: boolean;
  #base: Url;
  #path: string;
  #queryString: string;
  #url: Url | undefined;

  constructor(parts: RequestParts) {
    this.method = parts.method;
    this.originalMethod = parts.method;
    this.originalUrl = parts.originalUrl;
    this.headers = parts.headers ?? new Headers();
    this.body = parts.body ?? new Body();
    this.ipAddress = parts.ipAddress ?? '';
    this.matchedParameters = parts.matchedParameters ?? NO_PARAMETERS;
    this.certificate = parts.certificate ?? null;
    const original = parts.originalUrl;
    this.hasBackend = parts.base !== undefined;
    this.#base = parts.base ?? new Url(original.scheme, original.host, original.port, '', '');
    this.#path = parts.path ?? original.path;
    this.#queryString = parts.queryString ?? original.queryString;
  }

  get netType(): TypeDeclaration {
    return REQUEST_CLASS;
  }

  /** The URL to be sent on. */
  get url(): Url {
    this.#url ??= new Url(this.#base.scheme, this.#base.host, this.#base.port, joinPath(this.#base.path, this.#path), this.#queryString);
    return this.#url;
  }

  /** Path and query of `url`, as they go on the wire. */
  get target(): string {
    const path = joinPath(this.#base.path, this.#path);
    return (path === '' ? '/' : path) + this.#queryString;
  }

  /** Backend base URL. */
  get base(): Url {
    return this.#base;
  }

  set base(base: Url) {
    this.hasBackend = true;
    this.#base = base;
    this.#url = undefined;
  }

  /** Path behind the base. */
  get path(): string {
    return this.#path;
  }

  set path(path: string) {
    this.#path = path;
    this.#url = undefined;
  }

  get queryString(): string {
    return this.#queryString;
  }

  set queryString(queryString: string) {
    this.#queryString = queryString;
    this.#url = undefined;
  }
}

/** `context.Response`, and what send-request puts into its variable. */
export class GatewayResponse implements NetObject {
  status: number;
  reason: string;
  readonly headers: Headers;
  readonly body: Body;

  constructor(status = 200, reason: string = reasonPhrase(status), headers: Headers = new Headers(), body: Body = new Body()) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.body = body;
  }

  get netType(): TypeDeclaration {
    return RESPONSE_CLASS;
  }
}

/** The standard phrase of RFC 9110 and the IANA registry; empty for an unknown code. */
export function reasonPhrase(status: number): string {
  return PHRASES[status] ?? '';
}

const PHRASES: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Entity',
  423: 'Locked',
  424: 'Failed Dependency',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  510: 'Not Extended',
  511: 'Network Authentication Required',
};
