/** Why a request is not for an operation: what fits, what does not, nearest first. For people, not for the hot path. */
import type { WorkspaceApi, WorkspaceOperation } from './model.ts';
import type { Match, Routable } from './router.ts';
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
  return apis.flatMap((api) => missesOf(api, request, match)).sort((a, b) => a.distance - b.distance || (a.path < b.path ? -1 : 1));
}

function missesOf(api: WorkspaceApi, request: Routable, match: Match | undefined): NearMiss[] {
  const found = insideApi(api, request);
  if ('reason' in found)
    return [{ ...namesOf(api), operation: '', method: '', path: fullPath(api, ''), reasons: [found.reason], distance: found.distance }];
  return api.operations
    .filter((operation) => operation !== match?.operation)
    .map((operation) => missOf(api, operation, found, request, match));
}

function namesOf({ info }: WorkspaceApi): Pick<NearMiss, 'api' | 'revision'> {
  return { api: info.id, revision: info.revision };
}

/** `/shop/orders/v1;rev=2/{id}` */
export function fullPath({ info, versioning }: WorkspaceApi, template: string): string {
  const version = versioning?.scheme === 'Segment' && info.version ? `/${info.version}` : '';
  const revision = info.isCurrentRevision ? '' : `;rev=${info.revision}`;
  const start = `${info.path === '' ? '' : `/${info.path}`}${version}${revision}`;
  const rest = template === '/' || template === '' ? '' : template.startsWith('/') ? template : `/${template}`;
  return `${start}${rest}` || '/';
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
  const plain = given.map((segment) => segment.split(';rev=')[0] ?? '');
  const same = wanted.findIndex((segment, at) => segment.toLowerCase() !== plain[at]?.toLowerCase());
  if (same >= 0) {
    const here = plain[same];
    const what = here === undefined ? 'the path ends before it' : `segment ${same + 1} is \`${here}\``;
    return {
      reason: `the API is at \`/${api.info.path}\`: ${what}`,
      distance: OTHER_API + wanted.length - same + editCost(wanted[same], here),
    };
  }
  if (api.isOffline) return { reason: 'the revision is offline', distance: 1 };
  return insideVersion(api, request, given, wanted.length);
}

function editCost(wanted: string | undefined, given: string | undefined): number {
  if (wanted === undefined || given === undefined) return 1;
  return Math.abs(wanted.length - given.length) <= 2 && wanted[0]?.toLowerCase() === given[0]?.toLowerCase() ? 0 : 1;
}

function insideVersion(api: WorkspaceApi, request: Routable, given: readonly string[], from: number): ReturnType<typeof insideApi> {
  const { info, versioning } = api;
  const revisions = given.slice(Math.max(0, from - 1), from + 1).flatMap((segment) => /;rev=([^/;]+)/.exec(segment)?.[1] ?? []);
  const asked = revisions[0];
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
  if (!versioning || !info.version) return { rest };
  const said = versionIn(api, request, rest);
  if (said?.toLowerCase() !== info.version.toLowerCase()) {
    const where =
      versioning.scheme === 'Segment'
        ? `behind \`/${info.path}\``
        : `in ${versioning.scheme === 'Header' ? 'header' : 'query parameter'} \`${versioning.name}\``;
    return { reason: `version \`${info.version}\` is expected ${where}${said === undefined ? '' : `, not \`${said}\``}`, distance: 1 };
  }
  return { rest: versioning.scheme === 'Segment' ? rest.slice(1) : rest };
}

function versionIn({ versioning }: WorkspaceApi, request: Routable, rest: readonly string[]): string | undefined {
  if (versioning?.scheme === 'Header') return request.header(versioning.name);
  if (versioning?.scheme === 'Query') return new URLSearchParams(request.query).get(versioning.name) ?? undefined;
  return rest[0]?.split(';rev=')[0];
}

// ------------------------------------------------------------ operations

function missOf(api: WorkspaceApi, operation: WorkspaceOperation, { rest }: Inside, request: Routable, match: Match | undefined): NearMiss {
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
    reasons: all.length > 0 ? all : [beaten(api, match)],
    distance: pathCost + missing.length * 2 + wrongMethod.length * 3 + (match && match.api !== api ? 1 : 0),
  };
}

/** It fits as well, and another one fits better. */
function beaten(api: WorkspaceApi, match: Match | undefined): string {
  if (!match) return 'the scheme is none of its protocols';
  if (match.api !== api) return `the longer API path \`/${match.api.info.path}\` wins`;
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
