/** Actions, errors and refusals that the four content validation policies share (policies-b, validation_common). */
import { parseJson } from '../../dotnet/json/reader.ts';
import type { SectionName } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional, required } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { setVariable } from './variables.ts';

const ACTIONS = ['ignore', 'prevent', 'detect'] as const;
export type Action = (typeof ACTIONS)[number];

export function requiredAction(name: string, meaning: string): AttributeDeclaration {
  return required(name, 'enum', meaning, { values: ACTIONS });
}

export const ERRORS_VARIABLE: AttributeDeclaration = optional(
  'errors-variable-name',
  'string',
  'Variable that receives the list of errors.',
  {
    expressions: false,
  },
);

export type ActionReader = (exchange: Exchange) => Action;

/** The attribute as an action; undefined when it is not there. */
export function actionReader(element: PolicyElement | undefined, attribute: string): ActionReader | undefined {
  const input = element?.text(attribute);
  return input && ((exchange) => actionOf(input.read(exchange), attribute));
}

/** An attribute that must be there. */
export function neededAction(element: PolicyElement, attribute: string): ActionReader {
  return actionReader(element, attribute) ?? (() => 'prevent');
}

function actionOf(text: string | null, attribute: string): Action {
  const action = ACTIONS.find((known) => known === text);
  if (!action) throw invalidValue(`'${text ?? ''}' is not a valid ${attribute}.`);
  return action;
}

/** One thing that is wrong with a message. */
export interface Finding {
  readonly name: string;
  readonly type: string;
  readonly rule: string;
  readonly details: string;
  /** What the caller is told; null hides it behind the internal error text. */
  readonly shown: string | null;
}

const INTERNAL = 'The request could not be processed due to an internal error. Contact the API owner.';

/** Gathers what is wrong with one message. */
export class Findings {
  readonly #exchange: Exchange;
  readonly #section: SectionName;
  readonly #variable: string | undefined;
  readonly #errors: object[] = [];

  constructor(exchange: Exchange, section: SectionName, variable: string | undefined) {
    this.#exchange = exchange;
    this.#section = section;
    this.#variable = variable;
  }

  /** Records the finding; throws the refusal when the action is to prevent. */
  add(finding: Finding, action: Action): void {
    if (action === 'ignore') return;
    const { name, type, rule, details } = finding;
    this.#errors.push({ Name: name, Type: type, ValidationRule: rule, Details: details, Action: action });
    if (action === 'prevent') {
      this.tell();
      throw refusal(finding, this.#section);
    }
  }

  /** Puts what was found into the variable; it stays unset when nothing was. */
  tell(): void {
    if (this.#variable === undefined || this.#errors.length === 0) return;
    setVariable(this.#exchange, this.#variable, parseJson(JSON.stringify(this.#errors)));
  }
}

function refusal({ details, shown }: Finding, section: SectionName): PolicyError {
  const isRequest = section === 'inbound' || section === 'backend';
  return new PolicyError({
    reason: isRequest ? 'Bad request' : 'Response not allowed',
    message: details,
    status: isRequest ? 400 : 502,
    clientMessage: shown ?? INTERNAL,
    standsInOnError: true,
  });
}
