import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { applyBody } from './shared/body-element.ts';
import { replaceBytes } from './shared/bytes.ts';
import { needed } from './shared/inputs.ts';
import { messageKind, presentMessage } from './shared/message.ts';
import type { Step } from './step.ts';

/** `<find-and-replace>`: replaces every occurrence of a text in the body of the section's message. */
export const findAndReplace: PolicyDefinition = {
  name: 'find-and-replace',
  summary: 'Replaces a text in the body of the request or response.',
  page: 'find-and-replace-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('from', 'string', 'Text to find; upper and lower case differ.', { verbatim: true }),
    required('to', 'string', 'What stands there afterwards; may be empty.', { verbatim: true }),
  ],
  content: 'empty',
  compile: compileFindAndReplace,
};

function compileFindAndReplace(element: PolicyElement, compiler: PolicyCompiler): Step {
  const from = needed(element.text('from'), 'from');
  const to = needed(element.text('to'), 'to');
  const kind = messageKind(compiler.section);
  compiler.reads({ [kind]: true });
  return (exchange) => {
    const wanted = from.read(exchange) ?? '';
    const replacement = to.read(exchange) ?? '';
    if (wanted === '') throw invalidValue('The text to find is empty.');
    const message = presentMessage(exchange, kind);
    const bytes = message?.body.plain();
    if (!message || !bytes) return undefined;
    const replaced = replaceBytes(bytes, wanted, replacement);
    if (replaced !== bytes) applyBody(replaced, message, kind, exchange);
    return undefined;
  };
}
