/** What a request asks a language model, whichever API's form it has (policies-b, llm_common). */
import type { Exchange } from '../../../exchange/exchange.ts';
import { itemsOf, type Members, membersOf, tryJson } from '../../../source/json.ts';
import { textsOf } from './texts.ts';

export const PROMPT_TYPES = ['auto', 'chat-completion', 'completion', 'embeddings'] as const;

export interface Prompt {
  /** All texts in order, a line each. */
  readonly text: string;
  /** `stream: true`: the answer comes as events. */
  readonly streams: boolean;
  readonly kind: 'chat' | 'completion' | 'embeddings' | 'other';
  /** Length of the dialog. */
  readonly messages: number;
}

export interface PromptOptions {
  /** A literal of `prompt-type`; `auto` takes whatever is there. */
  readonly type?: string | undefined;
  readonly withoutSystem?: boolean;
}

/** Reads the buffered request body; what is no JSON object has no prompt. */
export function promptOf(exchange: Exchange, options: PromptOptions = {}): Prompt {
  const members = membersOf(tryJson(exchange.request.body.text()));
  const dialog = [...itemsOf(members.messages), ...itemsOf(members.contents)];
  return {
    text: textsOf(contentsOf(members, dialog, options)).join('\n'),
    streams: members.stream === true,
    kind: kindOf(members, dialog, exchange.request.url.path),
    messages: dialog.length,
  };
}

function contentsOf(members: Members, dialog: readonly unknown[], { type = 'auto', withoutSystem = false }: PromptOptions): unknown[] {
  const chat = [
    ...(withoutSystem ? [] : [members.system, members.instructions, members.systemInstruction]),
    ...dialog.filter((message) => !withoutSystem || !isSystem(message)),
  ];
  const all: Readonly<Record<string, readonly unknown[]>> = {
    'chat-completion': chat,
    completion: [members.prompt],
    embeddings: [members.input],
    auto: [...chat, members.prompt, members.input],
  };
  return (all[type] ?? []).filter((content) => content !== undefined && content !== null);
}

function isSystem(message: unknown): boolean {
  const { role } = membersOf(message);
  return role === 'system' || role === 'developer';
}

function kindOf(members: Members, dialog: readonly unknown[], path: string): Prompt['kind'] {
  if (dialog.length > 0) return 'chat';
  if (members.prompt !== undefined) return 'completion';
  return members.input !== undefined && path.endsWith('/embeddings') ? 'embeddings' : 'other';
}
