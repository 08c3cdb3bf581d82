/** What json-to-xml and xml-to-json share: when they convert, and how the result takes the body's place. */
import { BudgetExhausted } from '../../csharp/runtime/budget.ts';
import { NetException } from '../../csharp/runtime/exception.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional, required } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import type { Step } from '../step.ts';
import { applyBody } from './body-element.ts';
import { needed } from './inputs.ts';
import { isJsonType, isXmlType } from './media-type.ts';
import { messageKind, presentMessage } from './message.ts';

export interface Conversion {
  readonly from: 'json' | 'xml';
  /** Prepared once for an element; the inner function converts a body's text and may throw NetException. */
  readonly prepare: (element: PolicyElement) => (text: string, exchange: Exchange) => string;
}

const IS: Readonly<Record<'json' | 'xml', (mediaType: string) => boolean>> = { json: isJsonType, xml: isXmlType };
const RESULT_TYPE = { json: 'text/xml', xml: 'application/json' } as const;

/** `apply` and `consider-accept-header`. */
export function conversionAttributes(from: 'json' | 'xml'): readonly AttributeDeclaration[] {
  const target = from === 'json' ? 'XML' : 'JSON';
  return [
    required('apply', 'enum', `\`always\`, or only when Content-Type shows ${from.toUpperCase()}.`, {
      values: ['always', `content-type-${from}`],
    }),
    optional('consider-accept-header', 'boolean', `Converts only when the request accepts ${target}.`, { default: 'true' }),
  ];
}

/** The step: converts when the message has a body and both tests are passed. */
export function conversionStep(element: PolicyElement, compiler: PolicyCompiler, { from, prepare }: Conversion): Step {
  const apply = needed(element.text('apply'), 'apply');
  const considers = element.boolean('consider-accept-header');
  const convert = prepare(element);
  const kind = messageKind(compiler.section);
  compiler.reads({ [kind]: true });
  return (exchange) => {
    const message = presentMessage(exchange, kind);
    if (!message || !applies(apply.read(exchange), from, message.headers.first('Content-Type'))) return undefined;
    if ((considers?.read(exchange) ?? true) && !isAccepted(exchange, IS[from === 'json' ? 'xml' : 'json'])) return undefined;
    const text = message.body.text();
    if (text.trim() === '') return undefined;
    applyBody(converted(convert, text, exchange), message, kind, exchange);
    message.headers.set('Content-Type', [RESULT_TYPE[from]]);
    return undefined;
  };
}

function applies(apply: string | null, from: 'json' | 'xml', contentType: string | undefined): boolean {
  if (apply === 'always') return true;
  if (apply !== `content-type-${from}`) throw invalidValue(`'${apply ?? ''}' is not a value of 'apply'.`);
  return IS[from](contentType ?? '');
}

/** Whether the caller's Accept header names such a media type; wildcards do not ask for a conversion. */
function isAccepted(exchange: Exchange, matches: (mediaType: string) => boolean): boolean {
  const accept = exchange.request.headers.joined('Accept') ?? '';
  return accept.split(',').some((range) => matches(range) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range));
}

function converted(convert: (text: string, exchange: Exchange) => string, text: string, exchange: Exchange): string {
  try {
    return convert(text, exchange);
  } catch (error) {
    if (error instanceof NetException || error instanceof BudgetExhausted)
      throw new PolicyError({ reason: null, message: error.message, cause: error });
    throw error;
  }
}
