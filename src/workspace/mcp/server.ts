/**
 * An MCP server over operations of other APIs: streamable HTTP in its stateless form, so that any process can answer any
 * call. It takes the place of the backend: policies of the MCP API run around it, those of the operation inside a tool call.
 */
import { Body } from '../../exchange/body.ts';
import type { Exchange, Forwarder } from '../../exchange/exchange.ts';
import { Headers } from '../../exchange/headers.ts';
import { GatewayResponse } from '../../exchange/message.ts';
import { isJsonObject, type Members } from '../../source/json.ts';
import type { WorkspaceApi, WorkspaceTool } from '../model.ts';
import { ToolArguments, type ToolRequest } from './arguments.ts';
import { CODES, errorOf, type Message, messageOf, RpcError, resultOf } from './messages.ts';
import { toolResult } from './tool-result.ts';

/** Runs the operation behind a tool for the caller of the outer exchange, and gives the finished call. */
export type RunTool = (tool: WorkspaceTool, asked: ToolRequest, outer: Exchange) => Promise<Exchange>;

/** The newest first. Later revisions know no handshake: their clients go back to it when a server does not know theirs. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
type Version = (typeof VERSIONS)[number];

/** What holds for clients that name no version (specification 2025-06-18, transports). */
const UNNAMED: Version = '2025-03-26';

/** Messages of one batch. */
const MOST_MESSAGES = 50;

export function mcpForwarder(api: WorkspaceApi, run: RunTool): Forwarder {
  let server: McpServer | undefined;
  return async (exchange) => {
    server ??= new McpServer(api, run);
    return server.answer(exchange);
  };
}

interface Tool {
  readonly definition: WorkspaceTool;
  readonly arguments: ToolArguments;
  /** As `tools/list` shows it. */
  readonly shown: Members;
}

/** One POST: what its messages are answered with. */
interface Conversation {
  readonly exchange: Exchange;
  readonly version: Version;
}

class McpServer {
  readonly #api: WorkspaceApi;
  readonly #run: RunTool;
  readonly #tools: ReadonlyMap<string, Tool>;

  constructor(api: WorkspaceApi, run: RunTool) {
    this.#api = api;
    this.#run = run;
    this.#tools = new Map((api.tools ?? []).map((tool) => [tool.name, madeTool(tool)]));
  }

  async answer(exchange: Exchange): Promise<GatewayResponse> {
    const { method, headers } = exchange.request;
    // No stream of its own, and no session that could be ended (transports, "Listening for Messages", "Session Management").
    if (method !== 'POST') return new GatewayResponse(405, 'Method Not Allowed', new Headers(['Allow', 'POST', 'Content-Length', '0']));
    const form = answerForm(headers.joined('Accept'));
    if (!form) return failure(406, CODES.transport, 'Not Acceptable: Client must accept application/json or text/event-stream');
    if (!/^application\/json\s*(?:;|$)/i.test(headers.first('Content-Type')?.trim() ?? ''))
      return failure(415, CODES.transport, 'Unsupported Media Type: Content-Type must be application/json');
    const named = headers.first('MCP-Protocol-Version');
    const version = named === undefined ? UNNAMED : VERSIONS.find((one) => one === named.trim());
    if (!version)
      return failure(
        400,
        CODES.transport,
        `Bad Request: Unsupported protocol version: ${named} (supported versions: ${VERSIONS.join(', ')})`,
      );
    await exchange.request.body.buffer(exchange.settings.bodyLimit);
    return this.#converse({ exchange, version }, form);
  }

  async #converse(conversation: Conversation, form: AnswerForm): Promise<GatewayResponse> {
    let content: unknown;
    try {
      content = JSON.parse(conversation.exchange.request.body.text());
    } catch {
      return failure(400, CODES.parse, 'Parse error: Invalid JSON');
    }
    if (!Array.isArray(content)) return this.#single(messageOf(content), conversation, form);
    const refusal = batchProblem(content, conversation.version);
    if (refusal !== undefined) return failure(400, CODES.invalidRequest, `Invalid Request: ${refusal}`);
    const answers: Members[] = [];
    for (const message of content) {
      const answer = await this.#answerTo(messageOf(message), conversation);
      if (answer) answers.push(answer);
    }
    return answers.length === 0 ? accepted() : response(200, answers, form);
  }

  async #single(message: Message, conversation: Conversation, form: AnswerForm): Promise<GatewayResponse> {
    const answer = await this.#answerTo(message, conversation);
    if (!answer) return accepted();
    return message.kind === 'invalid' ? response(400, answer, 'json') : response(200, answer, form);
  }

  async #answerTo(message: Message, conversation: Conversation): Promise<Members | undefined> {
    if (message.kind === 'silent') return undefined;
    if (message.kind === 'invalid') return errorOf(message.id, new RpcError(CODES.invalidRequest, `Invalid Request: ${message.reason}`));
    const params = message.params ?? {};
    try {
      if (!isJsonObject(params)) throw new RpcError(CODES.invalidParams, 'Invalid params: `params` must be an object');
      return resultOf(message.id, await this.#result(message.method, params, conversation));
    } catch (error) {
      const told = error instanceof RpcError ? error : new RpcError(CODES.internal, 'Internal error');
      if (told !== error) conversation.exchange.host.log('error', 'an MCP call failed inside the gateway', { error: String(error) });
      return errorOf(message.id, told);
    }
  }

  #result(method: string, params: Members, conversation: Conversation): Members | Promise<Members> {
    switch (method) {
      case 'initialize':
        return this.#initialize(params);
      case 'ping':
        return {};
      case 'tools/list':
        return this.#list(params);
      case 'tools/call':
        return this.#call(params, conversation);
      default:
        throw new RpcError(CODES.methodNotFound, `Method not found: ${method}`);
    }
  }

  /** The version that the client asks for when it is known here, else the newest. */
  #initialize({ protocolVersion }: Members): Members {
    if (typeof protocolVersion !== 'string') throw new RpcError(CODES.invalidParams, 'Invalid params: `protocolVersion` must be a string');
    const { info, description } = this.#api;
    return {
      protocolVersion: VERSIONS.find((one) => one === protocolVersion) ?? VERSIONS[0],
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: info.name, version: info.version ?? info.revision },
      ...(description === undefined ? {} : { instructions: description }),
    };
  }

  /** All at once: nobody is given a cursor. */
  #list({ cursor }: Members): Members {
    if (cursor !== undefined) throw new RpcError(CODES.invalidParams, 'Invalid params: unknown cursor');
    return { tools: [...this.#tools.values()].map(({ shown }) => shown) };
  }

  async #call({ name, arguments: given = {} }: Members, { exchange, version }: Conversation): Promise<Members> {
    const tool = typeof name === 'string' ? this.#tools.get(name) : undefined;
    if (!tool) throw new RpcError(CODES.invalidParams, `Unknown tool: ${String(name)}`);
    if (!isJsonObject(given)) throw new RpcError(CODES.invalidParams, 'Invalid params: `arguments` must be an object');
    // A parameter may be named as something that every object has.
    const own = Object.assign(Object.create(null) as object, given);
    const problem = tool.arguments.problem(own);
    if (problem === undefined) return toolResult(await this.#run(tool.definition, tool.arguments.request(own), exchange));
    // Since 2025-11-25 the model is to see it, so that it can do better.
    if (version < '2025-11-25') throw new RpcError(CODES.invalidParams, `Invalid params: ${problem}`);
    return { content: [{ type: 'text', text: problem }], isError: true };
  }
}

function madeTool(definition: WorkspaceTool): Tool {
  const { info } = definition.operation;
  const taken = new ToolArguments(info);
  const description = definition.description ?? info.description ?? info.name;
  return {
    definition,
    arguments: taken,
    shown: {
      name: definition.name,
      ...(info.name === definition.name ? {} : { title: info.name }),
      description,
      inputSchema: taken.inputSchema,
    },
  };
}

/** Batches came with 2025-03-26 and went with 2025-06-18. */
function batchProblem(messages: readonly unknown[], version: Version): string | undefined {
  if (version >= '2025-06-18') return `batches are not part of protocol version ${version}`;
  if (messages.length === 0) return 'the batch is empty';
  return messages.length > MOST_MESSAGES ? `the batch has more than ${MOST_MESSAGES} messages` : undefined;
}

type AnswerForm = 'json' | 'events';

/** JSON where the client takes it; an event stream of one event for those that take nothing else. */
function answerForm(accept: string | undefined): AnswerForm | undefined {
  if (accept === undefined || /(?:^|,)\s*(?:application\/(?:json|\*)|\*\/\*)\s*(?:[;,]|$)/i.test(accept)) return 'json';
  return /(?:^|,)\s*text\/(?:event-stream|\*)\s*(?:[;,]|$)/i.test(accept) ? 'events' : undefined;
}

function response(status: number, content: unknown, form: AnswerForm): GatewayResponse {
  const text = JSON.stringify(content);
  const [type, body] = form === 'json' ? ['application/json', text] : ['text/event-stream', `event: message\ndata: ${text}\n\n`];
  return new GatewayResponse(status, undefined, new Headers(['Content-Type', type, 'Cache-Control', 'no-store']), Body.text(body));
}

function failure(status: number, code: number, message: string): GatewayResponse {
  return response(status, errorOf(null, new RpcError(code, message)), 'json');
}

function accepted(): GatewayResponse {
  return new GatewayResponse(202, 'Accepted', new Headers(['Content-Length', '0']));
}
