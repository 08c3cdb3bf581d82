/** Token counts of answers: from `usage` in its several forms, else estimated. */
import type { Host } from '../../../host/host.ts';
import { itemsOf, type Members, membersOf, tryJson } from '../../../source/json.ts';
import { textsOf } from './texts.ts';

export interface TokenUsage {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
}

/** Characters that a token has on average; the real tokenizers are the models' own. */
const CHARACTERS_PER_TOKEN = 4;

/** Longer texts are estimated in any case: a caller decides how long they are. */
const LONGEST_COUNTED = 256 * 1024;

/** The host's tokenizer when it has one; else an estimate: English text has about four characters a token. */
export function countTokens(text: string, { countTokens: count }: Host): number {
  return count && text.length <= LONGEST_COUNTED ? count(text) : estimateTokens(text.length);
}

function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Collects counts and the length of the completion over an answer's JSON or events. */
export class UsageReading {
  #prompt: number | undefined;
  #completion: number | undefined;
  #total: number | undefined;
  #characters = 0;
  /** Of the texts, when the host has a tokenizer. */
  #counted = 0;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A whole answer; one that is no JSON counts by its length. */
  whole(text: string): void {
    const value = tryJson(text);
    if (value === undefined) this.characters(text.length);
    else this.take(value);
  }

  characters(count: number): void {
    this.#characters += count;
  }

  /** A JSON answer, or the data of one event. */
  take(value: unknown): void {
    const members = membersOf(value);
    for (const text of completionTexts(members)) {
      if (this.#host.countTokens) this.#counted += countTokens(text, this.#host);
      else this.#characters += text.length;
    }
    for (const holder of [members, membersOf(members.response), membersOf(members.message)]) this.#counts(holder);
  }

  /** Prompts of streaming calls are always estimated (policies-b, llm_common). */
  result(estimatePrompt: () => number, streams: boolean): TokenUsage {
    const prompt = streams ? estimatePrompt() : (this.#prompt ?? estimatePrompt());
    const completion = this.#completion ?? (this.#total === undefined ? this.#counted + estimateTokens(this.#characters) : 0);
    const total = streams ? prompt + completion : (this.#total ?? prompt + completion);
    return { prompt, completion, total };
  }

  #counts({ usage, usageMetadata }: Members): void {
    const counts = { ...membersOf(usageMetadata), ...membersOf(usage) };
    this.#prompt = firstCount(counts, ['prompt_tokens', 'input_tokens', 'promptTokenCount']) ?? this.#prompt;
    this.#completion = firstCount(counts, ['completion_tokens', 'output_tokens', 'candidatesTokenCount']) ?? this.#completion;
    this.#total = firstCount(counts, ['total_tokens', 'totalTokenCount']) ?? this.#total;
  }
}

function firstCount(counts: Members, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = counts[name];
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  }
  return undefined;
}

/** The texts that a model wrote: Chat Completions, Completions, Responses, Messages, Vertex AI; whole or a piece of a stream. */
export function completionTexts(members: Members): string[] {
  const choices = itemsOf(members.choices).flatMap((choice) => {
    const { message, delta, text } = membersOf(choice);
    return textsOf([message, delta, text]);
  });
  const candidates = itemsOf(members.candidates).flatMap((candidate) => textsOf(membersOf(candidate).content));
  return [...choices, ...candidates, ...textsOf([members.output, members.content, members.delta])];
}
