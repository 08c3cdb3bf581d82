/**
 * The gateway's log through pino: one JSON object a line, `level` and `msg` by name, secrets masked, the level changeable
 * while it runs. pino loads with the first log; access lines are written without it (access-log.ts) under the same level.
 */
import type { Logger } from 'pino';
import type { Host } from '../host/host.ts';
import { LOG_LEVELS, type LogLevel, type LogSettings } from '../workspace/operations-yaml.ts';
import { type AccessRecord, type AccessSink, accessFields, accessLevel, LineWriter, type WriteLine } from './access-log.ts';
import { prettyLine } from './log-pretty.ts';
import type { Redaction } from './redaction.ts';

export interface GatewayLog extends AccessSink {
  readonly log: Host['log'];
  readonly writer: LineWriter;
  readonly level: LogLevel;
  setLevel(level: LogLevel): void;
}

export async function openLog(write: WriteLine, settings: LogSettings, redaction: Redaction, colours = false): Promise<GatewayLog> {
  const { default: pino } = await import('pino');
  const pretty = (text: string) => write(text.replace(/[^\n]+/g, (line) => prettyLine(line, colours)));
  const writer = new LineWriter(settings.format === 'pretty' ? pretty : write);
  const options = {
    level: settings.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }), log: (fields: Record<string, unknown>) => redaction.fields(fields) },
  };
  const logger: Logger = pino(options, { write: (line: string) => writer.line(line.slice(0, -1)) });
  return new PinoLog(logger, writer, settings.level, redaction);
}

class PinoLog implements GatewayLog {
  readonly writer: LineWriter;
  readonly log: Host['log'];
  readonly #logger: Logger;
  readonly #redaction: Redaction;
  #level: LogLevel;
  /** Position in LOG_LEVELS; access lines compare it. */
  #least: number;

  constructor(logger: Logger, writer: LineWriter, level: LogLevel, redaction: Redaction) {
    this.writer = writer;
    this.#logger = logger;
    this.#redaction = redaction;
    this.#level = level;
    this.#least = LOG_LEVELS.indexOf(level);
    this.log = (at, message, fields = {}) => {
      if (LOG_LEVELS.indexOf(at) >= this.#least) this.#logger[at](fields, redaction.text(message));
    };
  }

  get level(): LogLevel {
    return this.#level;
  }

  setLevel(level: LogLevel): void {
    this.#level = level;
    this.#least = LOG_LEVELS.indexOf(level);
    this.#logger.level = level;
  }

  answered(record: AccessRecord): void {
    if (LOG_LEVELS.indexOf(accessLevel(record)) >= this.#least) this.writer.line(JSON.stringify(accessFields(record, this.#redaction)));
  }
}
