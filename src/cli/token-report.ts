/** How an explained token is shown: never the token itself, never a signature, no secret. */
import type { StepInfo } from '../exchange/events.ts';
import type { Explanation, ReplayedCheck } from '../identity/explain/replay.ts';
import type { Paint } from '../source/render.ts';
import type { CallEnd } from './token-rules.ts';

export interface PolicyReport {
  readonly step: StepInfo | undefined;
  readonly explanation: Explanation;
}

export interface ExplainReport {
  readonly verdict: Explanation['verdict'];
  readonly policies: readonly PolicyReport[];
  /** What the user should know about where the keys came from. */
  readonly notes: readonly string[];
  /** What became of the call behind the checks, where that is a refusal. */
  readonly end: CallEnd | undefined;
}

/** Longest value that is shown whole. */
const LONGEST = 160;

export function prettyReport(report: ExplainReport, paint: Paint): string {
  const [first] = report.policies;
  const blocks = [
    ...(first?.explanation.token ? [tokenText(first.explanation.token)] : []),
    ...report.policies.map((policy) => policyText(policy, paint)),
    ...report.notes.map((note) => `note: ${note}\n`),
    verdictText(report, paint),
  ];
  return masked(blocks.join('\n'));
}

function tokenText({ header, payload, provider, kind }: NonNullable<Explanation['token']>): string {
  const rows: readonly (readonly [string, unknown])[] = [
    [
      'kind',
      [provider, kind === 'id' ? 'ID token' : kind === 'application' ? 'token of an application' : kind && 'access token']
        .filter(Boolean)
        .join(', '),
    ],
    ['alg', header.alg],
    ['kid', header.kid],
    ['iss', payload.iss],
    ['aud', payload.aud],
    ['sub', payload.sub],
    ['scp', payload.scp ?? payload.scope],
    ['roles', payload.roles],
  ];
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  return `token\n${shown.map(([name, value]) => `  ${name.padEnd(6)} ${shortened(value)}\n`).join('')}`;
}

function policyText({ step, explanation }: PolicyReport, paint: Paint): string {
  const width = Math.max(...explanation.checks.map(({ check }) => check.length), 9);
  return `${placeText(step)}\n${explanation.checks.map((check) => checkText(check, width, paint)).join('')}`;
}

function placeText(step: StepInfo | undefined): string {
  if (!step) return 'validate-jwt';
  return `${step.policy} at ${step.file.name}:${step.file.positionAt(step.span.start).line}`;
}

function checkText({ check, outcome, expected, actual, decidedBy, repairs }: ReplayedCheck, width: number, paint: Paint): string {
  const mark = outcome === 'passed' ? 'ok  ' : outcome === 'failed' ? paint('red', 'FAIL') : paint('yellow', 'skip');
  const indent = ' '.repeat(width + 9);
  if (outcome === 'passed') return `  ${mark} ${check.padEnd(width)}  ${shortened(actual)}\n`;
  const decided = decidedBy === undefined ? '' : `${indent}decided by ${decidedBy}\n`;
  const repair = repairs.map((one) => `${indent}${paint('blue', 'repair')}   ${one}\n`).join('');
  return `  ${mark} ${check.padEnd(width)}  expected ${shortened(expected)}\n${indent}actual   ${shortened(actual)}\n${decided}${repair}`;
}

function verdictText({ verdict, policies, end }: ExplainReport, paint: Paint): string {
  const refused = policies.find(({ explanation }) => explanation.verdict === 'refused')?.explanation;
  if (refused) {
    const reason = refused.reason === undefined ? '' : `${refused.reason}: `;
    return `${paint('red', 'refused')}: ${reason}${oneLine(refused.message ?? '')}\n`;
  }
  const rest = end ? `, and then ${placeText(end.answeredBy)} answers ${end.status}` : '';
  if (verdict === 'unverified')
    return `${paint('yellow', 'not verified')}: nothing refuses the token, but its signature was not checked${rest}\n`;
  return `${paint('bold', 'accepted')}${rest}\n`;
}

/** The library's texts about signatures have line breaks. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

export function jsonReport({ verdict, policies, notes, end }: ExplainReport): string {
  const [first] = policies;
  const refused = policies.find(({ explanation }) => explanation.verdict === 'refused')?.explanation;
  const report = {
    verdict,
    accepted: verdict === 'accepted',
    reason: refused?.reason ?? null,
    message: refused?.message ?? null,
    token: first?.explanation.token ?? null,
    policies: policies.map(({ step, explanation }) => ({
      policy: step?.policy ?? 'validate-jwt',
      file: step?.file.name ?? null,
      line: step ? step.file.positionAt(step.span.start).line : null,
      verdict: explanation.verdict,
      reason: explanation.reason ?? null,
      message: explanation.message ?? null,
      checks: explanation.checks.map((check) => ({ ...check, passed: check.outcome === 'passed', decidedBy: check.decidedBy ?? null })),
    })),
    notes,
    afterwards: end ? { status: end.status, policy: end.answeredBy?.policy ?? null } : null,
  };
  return `${masked(JSON.stringify(report, undefined, 2))}\n`;
}

/** A value on one line; long ones are cut, and so is whatever looks like a token inside. */
function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = masked(text).replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}… (${line.length} characters)` : line;
}

/** Tokens inside claims count as tokens. */
function masked(text: string): string {
  return text.replace(/eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)+/g, 'eyJ…');
}
