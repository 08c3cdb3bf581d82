import type { TraceSeverity } from '../exchange/events.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import * as faults from './faults.ts';
import { constantInput, needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<trace>`: writes a message to the trace and the log; the older short form has the message as text of the element. */
export const trace: PolicyDefinition = {
  name: 'trace',
  summary: 'Writes a message to request tracing and logs.',
  page: 'trace-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('source', 'string', 'Label of the message.', { expressions: false }),
    optional('severity', 'enum', 'Level.', { values: ['verbose', 'information', 'error'], default: 'verbose', expressions: false }),
  ],
  content: 'mixed',
  text: { type: 'string', expressions: true, required: false },
  anyOrder: true,
  children: [
    valueChild('message', 0, 1),
    {
      name: 'metadata',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [required('name', 'string', 'Property name.'), required('value', 'string', 'Property value.')],
    },
  ],
  compile: compileTrace,
};

const LEVELS = { verbose: 'debug', information: 'info', error: 'error' } as const;

function compileTrace(element: PolicyElement, compiler: PolicyCompiler): Step {
  const source = element.literal('source') ?? '';
  const severity = severityOf(element.literal('severity'));
  const own = element.content();
  const [child] = element.children('message');
  if (!child && own?.constant === '') compiler.report(faults.missingChild('trace', 'message'), element.xml.nameSpan);
  const text = child?.content() ?? own ?? constantInput<string | null>('');
  const metadata = element
    .children('metadata')
    .map((child) => [needed(child.text('name'), 'name'), needed(child.text('value'), 'value')] as const);
  return (exchange) => {
    const message = text.read(exchange) ?? '';
    const fields: Record<string, string> = {};
    for (const [name, value] of metadata) fields[name.read(exchange) ?? ''] = value.read(exchange) ?? '';
    exchange.host.log(LEVELS[severity], exchange.mask(message), {
      source: exchange.mask(source),
      ...maskAll(fields, (one) => exchange.mask(one)),
    });
    if (exchange.listener) exchange.emit({ kind: 'message', step: exchange.current, source, severity, message, metadata: fields });
  };
}

function severityOf(literal: string | undefined): TraceSeverity {
  return literal === 'information' || literal === 'error' ? literal : 'verbose';
}

function maskAll(fields: Readonly<Record<string, string>>, mask: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mask(value)]));
}
