/** `portico eval -i`: a prompt for expressions, with completion of the members that a policy may use. */
import { createInterface } from 'node:readline/promises';
import { completions } from './eval-completion.ts';
import type { EvalResult, Evaluator } from './eval-run.ts';

const HELP = `An expression, with or without @( ), or a block in @{ }, which may go on over several lines.
Each one meets the request of the command line as new: see --method, --url, --header, --body, --variable.
  Tab     complete a member or type      .help   this text
  Ctrl-D  leave                          .exit   leave
`;

/** Reads and evaluates until the end of the input. `evaluate` makes a fresh request each time, `show` prints the outcome. */
export async function repl(
  evaluator: Evaluator,
  evaluate: (text: string) => EvalResult,
  show: (result: EvalResult) => void,
): Promise<void> {
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(isTerminal ? { output: process.stdout, prompt: '> ', completer: (line: string) => completions(line, evaluator) } : {}),
  });
  if (isTerminal) process.stdout.write('portico: policy expressions; .help tells more\n');
  let pending = '';
  lines.prompt();
  for await (const line of lines) {
    pending = pending === '' ? line : `${pending}\n${line}`;
    if (pending.trim() === '.exit') break;
    if (!isOpenBlock(pending)) {
      answer(pending.trim(), evaluate, show);
      pending = '';
    }
    lines.setPrompt(pending === '' ? '> ' : '… ');
    lines.prompt();
  }
  lines.close();
}

function answer(text: string, evaluate: (text: string) => EvalResult, show: (result: EvalResult) => void): void {
  if (text === '') return;
  if (text === '.help') process.stdout.write(HELP);
  else show(evaluate(text));
}

/** Whether a block has been begun whose braces are not all closed; an empty line ends it anyway. */
function isOpenBlock(text: string): boolean {
  if (!text.trimStart().startsWith('@{') || text.endsWith('\n')) return false;
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'/g, '');
  return bare.split('{').length > bare.split('}').length;
}
