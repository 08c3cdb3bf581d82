/** Why a request is not for an operation: what fits, what does not, nearest first. For people, not for the hot path. */
import type { WorkspaceApi, WorkspaceOperation } from './model.ts';
import { askedVersion, type Match, type Routable } from './router.ts';
import { compileTemplate, decodedSegments, type TemplateSegment } from './template.ts';

export interface NearMiss {
  readonly api: string;
  readonly revision: string;
  /** Empty when the API itself is not the one. */
  readonly operation: string;
  readonly method: string;
  /** API path, version and template. */
  readonly path: string;
  /** One sentence each. */
  readonly reasons: readonly string[];
  /** 0 would fit. */
  readonly distance: number;
}

/** Every operation but the matched one with what keeps the request from it. */
export function nearMisses(apis: readonly WorkspaceApi[], request: Routable, match: Match | undefined): NearMiss[] {
  const longest = longestPath(apis, request);
  return apis
    .flatMap((api) => missesOf(api, request, match, longest))
    .sort((a, b) => a.distance - b.distance || (a.path < b.path ? -1 : 1));
}

/** Shorter paths are not tried, whether or not an operation behind this one fits. */
function longestPath(apis: readonly WorkspaceApi[], { path }: Routable): string {
  const given = decodedSegments(path);
  const fits = ({ info, isOffline }: WorkspaceApi): boolean => {
    const wanted = decodedSegments(info.path);
    return !isOffline && strayAt(wanted, given) < 0 && earlyRevision(wanted, given) === undefined;
  };
  const [first] = apis.filter(fits).sort((a, b) => decodedSegments(b.info.path).length - decodedSegments(a.info.path).length);
  return first?.info.path ?? '';
}

function missesOf(api: WorkspaceApi, request: Routable, match: Match | undefined, longest: string): NearMiss[] {
  const found = insideApi(api, request);
  if ('reason' in found) return [ofApi(api, found)];
  if (api.operations.length === 0) {
    const isLongest = longest.toLowerCase() === api.info.path.toLowerCase();
    return [ofApi(api, { reason: isLongest ? 'it declares no operation' : beaten(api, match, longest), distance: isLongest ? 0 : 4 })];
  }
  return api.operations
    .filter((operation) => operation !== match?.operation)
    .map((operation) => missOf(api, operation, found, request, match, longest));
}

function ofApi(api: WorkspaceApi, { reason, distance }: { readonly reason: string; readonly distance: number }): NearMiss {
  return { ...namesOf(api), operation: '', method: '', path: fullPath(api, ''), reasons: [reason], distance };
}

function namesOf({ info }: WorkspaceApi): Pick<NearMiss, 'api' | 'revision'> {
  return { api: info.id, revision: info.revision };
}

/** `/shop/orders/v1;rev=2/{id}` */
export function fullPath({ info, versioning }: WorkspaceApi, template: string): string {
  const version = versioning?.scheme === 'Segment' && info.version ? `/${info.version}` : '';
  const revision = info.isCurrentRevision ? '' : `;rev=${info.revision}`;
  const start = `${info.path === '' ? '' : `/${info.path}`}${version}`;
  const rest = template === '/' || template === '' ? '' : template.startsWith('/') ? template : `/${template}`;
  // The revision of an API at the root stands behind the first slash.
  return `${start === '' && revision !== '' ? '/' : start}${revision}${rest}` || '/';
}

// ------------------------------------------------------------ APIs

interface Inside {
  /** Segments behind API path and version. */
  readonly rest: readonly string[];
}

/** Far enough that operations of the right API come first. */
const OTHER_API = 20;

function insideApi(api: WorkspaceApi, request: Routable): Inside | { readonly reason: string; readonly distance: number } {
  const wanted = decodedSegments(api.info.path);
  const given = decodedSegments(request.path);
  const same = strayAt(wanted, given);
  if (same >= 0) {
    const here = withoutRevision(given[same]);
    const what = here === undefined ? 'the path ends before it' : `segment ${same + 1} is \`${here}\``;
    return {
      reason: `the API is at \`/${api.info.path}\`: ${what}`,
      distance: OTHER_API + wanted.length - same + editCost(wanted[same], here),
    };
  }
  const early = earlyRevision(wanted, given);
  if (early !== undefined) return { reason: `\`${early}\` must stand behind \`/${api.info.path}\``, distance: 1 };
  if (api.isOffline) return { reason: 'the revision is offline', distance: 1 };
  return insideVersion(api, request, given, wanted.length);
}

/** The first segment of the API's path that the request does not have; -1: it has all. */
function strayAt(wanted: readonly string[], given: readonly string[]): number {
  return wanted.findIndex((segment, at) => segment.toLowerCase() !== withoutRevision(given[at])?.toLowerCase());
}

function withoutRevision(segment: string | undefined): string | undefined {
  return segment?.split(';rev=')[0];
}

/** `;rev=2` inside of the API's path in place of behind it. */
function earlyRevision(wanted: readonly string[], given: readonly string[]): string | undefined {
  const segment = given.slice(0, Math.max(0, wanted.length - 1)).find((one) => one.includes(';rev='));
  return segment?.slice(segment.indexOf(';rev='));
}

function editCost(wanted: string | undefined, given: string | undefined): number {
  if (wanted === undefined || given === undefined) return 1;
  return Math.abs(wanted.length - given.length) <= 2 && wanted[0]?.toLowerCase() === given[0]?.toLowerCase() ? 0 : 1;
}

function insideVersion(api: WorkspaceApi, request: Routable, given: readonly string[], from: number): ReturnType<typeof insideApi> {
  const { info, versioning } = api;
  const revisions = given.slice(Math.max(0, from - 1), from + 1).flatMap((segment) => /;rev=([^/;]+)/.exec(segment)?.[1] ?? []);
  // Behind the root's slash only a bare `;rev=` is one; in `/off;rev=2` it is part of another API's path.
  const isForeign = from === 0 && versioning?.scheme !== 'Segment' && !given[0]?.startsWith(';rev=');
  const asked = isForeign ? undefined : revisions[0];
  if (asked === undefined ? !info.isCurrentRevision : asked !== info.revision) {
    return {
      reason:
        asked === undefined
          ? `revision ${info.revision} needs \`;rev=${info.revision}\``
          : `the revision is ${info.revision}, not ${asked}`,
      distance: 2,
    };
  }
  const rest = given.slice(from).filter((segment) => !segment.startsWith(';rev='));
  if (!versioning) return { rest };
  if (!info.version) {
    const asked = askedVersion(versioning, request);
    return asked
      ? { reason: `version \`${asked}\` is asked for ${placeOf(versioning)}, and this is the API without one`, distance: 1 }
      : { rest };
  }
  const said = versionIn(api, request, rest);
  if (said?.toLowerCase() !== info.version.toLowerCase()) {
    const where = versioning.scheme === 'Segment' ? `behind \`/${info.path}\`` : placeOf(versioning);
    return { reason: `version \`${info.version}\` is expected ${where}${said === undefined ? '' : `, not \`${said}\``}`, distance: 1 };
  }
  return { rest: versioning.scheme === 'Segment' ? rest.slice(1) : rest };
}

function placeOf({ scheme, name }: NonNullable<WorkspaceApi['versioning']>): string {
  return `in ${scheme === 'Header' ? 'header' : 'query parameter'} \`${name}\``;
}

function versionIn({ versioning }: WorkspaceApi, request: Routable, rest: readonly string[]): string | undefined {
  return versioning && versioning.scheme !== 'Segment' ? askedVersion(versioning, request) : withoutRevision(rest[0]);
}

// ------------------------------------------------------------ operations

function missOf(
  api: WorkspaceApi,
  operation: WorkspaceOperation,
  { rest }: Inside,
  request: Routable,
  match: Match | undefined,
  longest: string,
): NearMiss {
  const { id, method, urlTemplate } = operation.info;
  const template = compileTemplate(urlTemplate);
  const reasons = pathReasons(template.segments, template.wildcard, rest);
  const pathCost = reasons.length * 4;
  const missing = template.queryFits(request.query) ? [] : [queryReason(urlTemplate)];
  const wrongMethod =
    method.toUpperCase() === request.method.toUpperCase() ? [] : [`the method is ${request.method.toUpperCase()}, not ${method}`];
  const all = [...wrongMethod, ...reasons, ...missing];
  return {
    ...namesOf(api),
    operation: id,
    method,
    path: fullPath(api, urlTemplate),
    reasons: all.length > 0 ? all : [beaten(api, match, longest)],
    distance: pathCost + missing.length * 2 + wrongMethod.length * 3 + (match && match.api !== api ? 1 : 0),
  };
}

/** It fits as well, and another one fits better. */
function beaten(api: WorkspaceApi, match: Match | undefined, longest: string): string {
  if (longest.toLowerCase() !== api.info.path.toLowerCase()) return `the longer API path \`/${longest}\` wins`;
  if (!match) return 'the scheme is none of its protocols';
  if (match.api !== api) return `API \`${match.api.info.id}\` comes first`;
  return `\`${match.operation.info.urlTemplate}\` is more specific, or comes first`;
}

function pathReasons(segments: readonly TemplateSegment[], wildcard: boolean, rest: readonly string[]): string[] {
  const at = segments.findIndex((segment, index) => rest[index] === undefined || !segment.test(rest[index] ?? ''));
  if (at >= 0) {
    const given = rest[at];
    const wanted = segments[at]?.text ?? '';
    return [
      given === undefined
        ? `\`${wanted}\` is missing at the end of the path`
        : `segment \`${given}\` stands where \`${wanted}\` is expected`,
    ];
  }
  if (!wildcard && rest.length > segments.length) return [`\`/${rest.slice(segments.length).join('/')}\` is more than the template takes`];
  return [];
}

function queryReason(urlTemplate: string): string {
  const query = urlTemplate.slice(urlTemplate.indexOf('?'));
  return `the query must fit \`${query}\``;
}
