import type { Headers } from '../exchange/headers.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import { applyBody, BODY_ELEMENT, bodyReader, isLiquid } from './shared/body-element.ts';
import { messageKind, messageOf } from './shared/message.ts';
import type { Step } from './step.ts';

/**
 * `<set-body>`: replaces the body of the section's message. Its page does not list on-error, the policies overview recommends
 * it there and published documents do so.
 */
export const setBody: PolicyDefinition = {
  ...BODY_ELEMENT,
  summary: 'Sets the body of the request or response.',
  page: 'set-body-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileSetBody,
};

function compileSetBody(element: PolicyElement, compiler: PolicyCompiler): Step {
  const read = bodyReader(element, compiler);
  const kind = messageKind(compiler.section);
  const liquid = isLiquid(element);
  return (exchange) => {
    const content = read(exchange);
    const message = messageOf(exchange, kind);
    applyBody(content, message, kind, exchange);
    if (liquid) writtenAsUtf8(message.headers);
  };
}

/** A template's text is UTF-8, so a charset that says otherwise is changed (policies-b.yaml, set-body-liquid: runtime). */
function writtenAsUtf8(headers: Headers): void {
  const type = headers.first('Content-Type');
  const changed = type?.replace(/(;\s*charset\s*=\s*)("[^"]*"|[^;\s]+)/i, '$1utf-8');
  if (changed !== undefined && changed !== type) headers.set('Content-Type', [changed]);
}
