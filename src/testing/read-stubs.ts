/** Stubs as test files write them. */
import { hasHeader } from '../host/raw-headers.ts';
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import { readDuration } from './duration.ts';
import { badPattern } from './faults.ts';
import { entriesOf } from './format.ts';
import { type Check, passes } from './matching.ts';
import { readBody, readHeaders } from './request.ts';
import { requestCheck } from './request-check.ts';
import { type Answer, isStubLine, isUrlPattern, lineStub, type RecordedRequest, type Stub, urlFits } from './stubs.ts';
import { checkShape } from './typed-entries.ts';

export function readStubs(entry: Entry): Stub[] {
  return entry.items().map(readStub);
}

/** One answer, several in turn, or answers for requests that fit. */
export function readBackend(entry: Entry): Stub[] {
  if (!entry.exists) return [];
  const items = entry.isList ? entry.items() : [entry];
  const matched = items.filter((item) => item.get('request').exists);
  const inTurn = items.filter((item) => !item.get('request').exists);
  return [
    ...matched.map(readStub),
    ...(inTurn.length > 0 ? [{ fits: undefined, answers: inTurn.flatMap(answersOf), times: timesOf(inTurn) }] : []),
  ];
}

function timesOf([only, ...more]: readonly Entry[]): number {
  return more.length === 0 && only ? countOf(only) : Number.POSITIVE_INFINITY;
}

function countOf(entry: Entry): number {
  return Number(entry.get('times').text() ?? Number.POSITIVE_INFINITY);
}

function readStub(entry: Entry): Stub {
  const request = entry.get('request');
  const answers = answersOf(entry);
  const times = countOf(entry);
  if (request.isMapping) return { fits: fitsRequest(request), answers, times };
  const line = request.requiredText();
  if (line === undefined) return { fits: () => false, answers, times };
  if (!isStubLine(line.trim())) reportStub(request, line.trim());
  return tried(request, () => lineStub(line, answers, times)) ?? { fits: () => false, answers, times };
}

/** A stub answers whole URLs, those of the backend, too. */
function reportStub(entry: Entry, text: string): void {
  const help = /^(?:\S+\s+)?\/\S*$/.test(text) ? `write \`${text.replace('/', '*/')}\` for this path on any host` : undefined;
  entry.report(faults.wrongType(entry.name, '`METHOD https://host/path` or a mapping', help));
}

/** A URL may be a regular expression, which may be none. */
function tried<T>(entry: Entry, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    entry.report(badPattern(entry.name, error instanceof Error ? error.message : String(error)));
    return undefined;
  }
}

/** The URL has stars and patterns; the rest compares as expectations do. */
function fitsRequest(entry: Entry): (request: RecordedRequest) => boolean {
  entry.onlyMembers(entriesOf('stubRequest'));
  const url = entry.get('url');
  const path = url.isMapping ? '' : (url.text() ?? '');
  if (path.startsWith('/') && !isUrlPattern(path)) reportStub(url, path);
  const fitsUrl = (url.exists && !url.isMapping ? tried(url, () => urlFits(url.text() ?? '')) : undefined) ?? (() => true);
  const check: Check = requestCheck(entry, url.isMapping ? [] : ['url']);
  return (request) => fitsUrl(request.url) && passes(check, request);
}

function answersOf(entry: Entry): Answer[] {
  if (!entry.isMapping) {
    entry.report(faults.wrongType(entry.name, 'a mapping'));
    return [];
  }
  checkShape(entry, 'stub');
  const { answers } = { answers: entry.get('answers') };
  return answers.exists ? answers.items().map(readAnswer) : [readAnswer(entry)];
}

function readAnswer(entry: Entry): Answer {
  if (entry.name.includes('.answers[')) checkShape(entry, 'answer');
  const headers = readHeaders(entry.get('headers'));
  const { body, type } = readBody(entry);
  if (type !== undefined && !hasHeader(headers, 'content-type')) headers.push('Content-Type', type);
  return {
    status: Number(entry.get('status').text() ?? 200),
    reason: entry.get('reason').text(),
    headers,
    body,
    delay: entry.get('delay').exists ? readDuration(entry.get('delay')) : 0,
    fault: entry.get('fault').choice(['refuse', 'reset', 'timeout', 'truncated']),
  };
}
