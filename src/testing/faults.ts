/** Wording of what only test files can have wrong; one function per message. */
import type { Fault } from '../workspace/faults.ts';

export const badPattern = (name: string, reason: string): Fault => ({
  code: 'PTC5501',
  message: `\`${name}\` is no regular expression: ${reason.replace(/^Invalid regular expression: .*: /s, '')}`,
});

export const notBoth = (first: string, second: string): Fault => ({
  code: 'PTC5502',
  message: `\`${first}\` and \`${second}\` exclude each other`,
  help: 'leave one of them out',
});

export const operatorBeside = (operator: string, member: string): Fault => ({
  code: 'PTC5508',
  message: `\`${operator}\` cannot stand beside the member \`${member}\``,
  help: `write \`$subset\` or \`$equals\` around the members, or leave \`${operator}\` out`,
});

export const onlyFor = (name: string, what: string): Fault => ({
  code: 'PTC5503',
  message: `\`${name}\` has a meaning only for ${what}`,
  help: `leave \`${name}\` out`,
});

export const emptyTable = (name: string): Fault => ({
  code: 'PTC5505',
  message: `\`${name}\` has no rows`,
  help: 'add a row, or leave it out',
});

export const noSteps = (): Fault => ({
  code: 'PTC5505',
  message: '`steps` has no steps',
  help: 'add a step, or write `request` and `expect`',
});

export const goesBack = (): Fault => ({
  code: 'PTC5509',
  severity: 'warning',
  message: '`at` is earlier than that of a step before it, and the clock never goes back',
  help: 'write the steps in the order of their times',
});

export const noSuchColumn = (name: string, columns: readonly string[]): Fault => ({
  code: 'PTC5507',
  severity: 'warning',
  message: `no row of \`each\` has a column \`${name}\``,
  help: `write one of ${columns.map((column) => `\`${column}\``).join(', ')}, or add the column`,
});

export const sameName = (name: string): Fault => ({
  code: 'PTC5506',
  severity: 'warning',
  message: `two tests are named \`${name}\``,
  help: 'give each test a name of its own',
});
