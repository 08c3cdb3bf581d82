import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { Span } from '../source/span.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import * as faults from './faults.ts';
import { valueSpan } from './shared/attribute-span.ts';
import { needed } from './shared/inputs.ts';
import { type IpAddress, isBetween, parseIpAddress } from './shared/ip-address.ts';
import type { Step } from './step.ts';

/** `<ip-filter>`: lets calls through, or refuses them, by `context.Request.IpAddress`. */
export const ipFilter: PolicyDefinition = {
  name: 'ip-filter',
  summary: 'Allows or forbids calls by caller IP address.',
  page: 'ip-filter-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [required('action', 'enum', 'What happens to listed addresses.', { values: ['allow', 'forbid'] })],
  content: 'children',
  anyOrder: true,
  children: [
    valueChild('address', 0, UNBOUNDED),
    {
      name: 'address-range',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [required('from', 'string', 'First address, inclusive.'), required('to', 'string', 'Last address, inclusive.')],
    },
  ],
  compile: compileIpFilter,
};

interface Range {
  readonly from: Input<string | null>;
  readonly to: Input<string | null>;
}

function compileIpFilter(element: PolicyElement, compiler: PolicyCompiler): Step {
  const action = needed(element.text('action'), 'action');
  const ranges = element.children().map((child) => rangeOf(child, compiler));
  if (ranges.length === 0) compiler.report(faults.missingOneOf('ip-filter', ['address', 'address-range']), element.xml.nameSpan);
  return (exchange) => {
    const text = exchange.request.ipAddress;
    const caller = parseIpAddress(text);
    if (!caller) throw denied('FailedToParseCallerIP', 'Failed to establish IP address for the caller. Access denied.');
    const listed = ranges.some((range) => isBetween(caller, addressOf(range.from, exchange), addressOf(range.to, exchange)));
    const allows = action.read(exchange) !== 'forbid';
    if (allows && !listed) throw denied('CallerIpNotAllowed', `Caller IP address ${text} is not allowed. Access denied.`);
    if (!allows && listed) throw denied('CallerIpBlocked', 'Caller IP address is blocked. Access denied.');
  };
}

function rangeOf(child: PolicyElement, compiler: PolicyCompiler): Range {
  const isRange = child.name === 'address-range';
  const from = needed(isRange ? child.text('from') : child.content(), child.name);
  const to = isRange ? needed(child.text('to'), child.name) : from;
  if (isRange) {
    checkAddress(from, valueSpan(child, 'from'), compiler);
    checkAddress(to, valueSpan(child, 'to'), compiler);
    checkRange(from.constant, to.constant, child, compiler);
  } else checkAddress(from, child.xml.span, compiler);
  return { from, to };
}

function checkAddress({ constant }: Input<string | null>, at: Span, compiler: PolicyCompiler): void {
  if (typeof constant === 'string' && !constant.includes('{{') && !parseIpAddress(constant))
    compiler.report(faults.notAddress(constant), at);
}

function checkRange(from: string | null | undefined, to: string | null | undefined, child: PolicyElement, compiler: PolicyCompiler): void {
  const [first, last] = [parseIpAddress(from ?? ''), parseIpAddress(to ?? '')];
  if (first && last && !isBetween(first, first, last)) compiler.report(faults.emptyRange(from ?? '', to ?? ''), child.xml.nameSpan);
}

function addressOf(input: Input<string | null>, exchange: Exchange): IpAddress {
  const text = input.read(exchange) ?? '';
  const address = parseIpAddress(text);
  if (!address) throw invalidValue(`'${text}' is not an IP address.`);
  return address;
}

function denied(reason: string, message: string): PolicyError {
  return new PolicyError({ reason, message, status: 403, clientMessage: 'Forbidden' });
}
