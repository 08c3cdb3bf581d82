/** `portico token providers`: the packs there are, and what of a real provider would break token checks. */
import { checkProvider, type KeyRow, type ProviderCheck } from '../identity/providers/check.ts';
import { PACKS } from '../identity/providers/packs.ts';
import { StandInProvider } from '../identity/providers/stand-in.ts';
import type { Paint } from '../source/render.ts';
import { count, EXIT, painter, UsageError } from './output.ts';
import { readText } from './token-files.ts';
import { networkHost } from './token-sources.ts';

export interface ProvidersOptions {
  readonly format: 'pretty' | 'json';
}

export function listProviders({ format }: ProvidersOptions): void {
  const rows = PACKS.map((pack) => {
    const standIn = new StandInProvider({ pack });
    return {
      name: pack.name,
      title: pack.title,
      aliases: pack.aliases,
      settings: pack.settings,
      issuer: standIn.issuer,
      discovery: standIn.discoveryUrl,
    };
  });
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, title, discovery, settings }) => {
    const indent = ' '.repeat(width + 2);
    return `${name.padEnd(width)}  ${title}\n${indent}${discovery}\n${indent}settings: ${Object.keys(settings).join(', ')}\n`;
  });
  process.stdout.write(lines.join(''));
}

export async function providersCheck(url: string, options: ProvidersOptions & { readonly ca?: string }): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`\`${url}\` is no URL: write the issuer, or the address of its discovery document`);
  const host = networkHost(options.ca === undefined ? [] : [readText(options.ca)]);
  try {
    const check = await checkProvider(url, host);
    process.stdout.write(
      options.format === 'json' ? `${JSON.stringify(jsonOf(check), undefined, 2)}\n` : prettyOf(check, painter(process.stdout)),
    );
    process.exitCode = isBroken(check) ? EXIT.problems : EXIT.clean;
  } finally {
    await host.close();
  }
}

function isBroken({ findings }: ProviderCheck): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function jsonOf(check: ProviderCheck): object {
  return {
    ok: !isBroken(check),
    ...check,
    findings: check.findings.map(({ help, ...rest }) => (help === undefined ? rest : { ...rest, help })),
  };
}

function prettyOf(check: ProviderCheck, paint: Paint): string {
  const head = [
    check.url,
    `  issuer    ${check.issuer ?? 'absent'}`,
    `  jwks_uri  ${check.jwksUri ?? 'absent'}`,
    ...check.keys.map((key) => `  key       ${keyText(key)}`),
    '',
  ];
  const findings = check.findings.map(({ severity, subject, message, help }) => {
    const mark = severity === 'error' ? paint('red', 'error') : severity === 'warning' ? paint('yellow', 'warning') : paint('blue', 'info');
    return `${mark}: ${subject}: ${message}${help === undefined ? '' : `\n  help: ${help}`}`;
  });
  const errors = check.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = check.findings.filter(({ severity }) => severity === 'warning').length;
  const verdict = errors > 0 ? 'validate-jwt would refuse tokens' : 'nothing keeps validate-jwt from using it';
  return `${[...head, ...findings, ...(findings.length > 0 ? [''] : [])].join('\n')}${verdict}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`;
}

function keyText({ kid, kty, alg, use, bits, x5c }: KeyRow): string {
  const size = bits === undefined ? '' : ` ${bits}`;
  return `${kid ?? '(without id)'}  ${kty ?? '?'}${size}, alg ${alg ?? 'absent'}, use ${use ?? 'absent'}${x5c ? ', x5c' : ''}`;
}
