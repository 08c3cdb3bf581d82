/** Asks Azure AI Content Safety about a text. */
import type { Backend } from '../../../exchange/entities.ts';
import type { StepInfo } from '../../../exchange/events.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { HostError } from '../../../host/host.ts';
import { itemsOf, membersOf } from '../../../source/json.ts';
import { askService, type ServiceAnswer } from './service.ts';

/** What is asked about, computed for one call. */
export interface SafetyQuestion {
  readonly backend: Backend;
  readonly shieldsPrompt: boolean;
  /** Severity at or above which a category blocks. */
  readonly thresholds: ReadonlyMap<string, number>;
  readonly outputType: string;
  readonly blocklists: readonly string[];
  readonly step: StepInfo;
}

const VERSION = 'api-version=2024-09-01';

/** Why the text must not pass; null when it may. A check that cannot be done blocks as well (captures). */
export async function objection(
  text: string,
  windows: readonly string[],
  question: SafetyQuestion,
  exchange: Exchange,
): Promise<string | null> {
  const asks = windows.filter((window) => window.trim() !== '' && (question.thresholds.size > 0 || question.blocklists.length > 0));
  for (const window of asks) {
    const found = await attempt(() => analyze(window, question, exchange), analysisObjection(question));
    if (found !== null) return found;
  }
  if (!question.shieldsPrompt || text.trim() === '') return null;
  return attempt(() => shield(text, question, exchange), shieldObjection);
}

async function attempt(ask: () => Promise<ServiceAnswer>, judge: (value: unknown) => string | null): Promise<string | null> {
  try {
    const { status, value } = await ask();
    return status === 200 && value !== undefined ? judge(value) : `the content safety service answered with status ${status}`;
  } catch (error) {
    if (error instanceof HostError) return `the content safety service did not answer: ${error.message}`;
    throw error;
  }
}

function analyze(text: string, { backend, step, thresholds, blocklists, outputType }: SafetyQuestion, exchange: Exchange) {
  const payload = { text, categories: [...thresholds.keys()], blocklistNames: blocklists, outputType };
  return askService({ backend, step, target: `/contentsafety/text:analyze?${VERSION}`, payload }, exchange);
}

function shield(text: string, { backend, step }: SafetyQuestion, exchange: Exchange) {
  const payload = { userPrompt: text, documents: [] };
  return askService({ backend, step, target: `/contentsafety/text:shieldPrompt?${VERSION}`, payload }, exchange);
}

function analysisObjection({ thresholds }: SafetyQuestion): (value: unknown) => string | null {
  return (value) => {
    const { blocklistsMatch, categoriesAnalysis } = membersOf(value);
    if (itemsOf(blocklistsMatch).length > 0) return 'a blocklist matches';
    for (const item of itemsOf(categoriesAnalysis)) {
      const { category, severity } = membersOf(item);
      const threshold = typeof category === 'string' ? thresholds.get(category) : undefined;
      if (threshold !== undefined && typeof severity === 'number' && severity >= threshold)
        return `category ${category} has severity ${severity}, allowed is below ${threshold}`;
    }
    return null;
  };
}

function shieldObjection(value: unknown): string | null {
  const { userPromptAnalysis, documentsAnalysis } = membersOf(value);
  const attacks = [userPromptAnalysis, ...itemsOf(documentsAnalysis)].some((one) => membersOf(one).attackDetected === true);
  return attacks ? 'a prompt attack was detected' : null;
}

/** Pieces of at most `size` characters, each beginning with the last `overlap` ones of the piece before. */
export function windowsOf(text: string, size: number, overlap: number): string[] {
  const windows: string[] = [];
  for (let at = 0; at === 0 || at + overlap < text.length; at += size - overlap) windows.push(text.slice(at, at + size));
  return windows;
}
