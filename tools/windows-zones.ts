/**
 * Writes src/dotnet/time/windows-zones.ts from the windows-iana package: only what is asked of it, as text that is read at the
 * first question. The package itself is 160 KB of objects that every start would build.
 */
import { writeFileSync } from 'node:fs';
import { findIana, findWindows, IANA_ALIAS_MAP, WINDOWS_TO_IANA_MAP } from 'windows-iana';

const names = [...new Set(WINDOWS_TO_IANA_MAP.map((one) => one.windowsName))];
const ids = [...new Set([...IANA_ALIAS_MAP.flatMap((one) => one.alias), ...WINDOWS_TO_IANA_MAP.flatMap((one) => one.iana)])];

function lineOf(name: string): string {
  const regions = WINDOWS_TO_IANA_MAP.filter((one) => one.windowsName === name).map(
    ({ territory }) => `${territory}=${findIana(name, territory)[0] ?? ''}`,
  );
  return `${name}|${findIana(name)[0] ?? ''}|${regions.join(',')}|${ids.filter((id) => findWindows(id)[0] === name).join(',')}`;
}

const text = `/** Written by tools/windows-zones.ts from the windows-iana package (Unicode CLDR); not edited by hand. */

/** A Windows zone a line: its name, its IANA zone, that of each region, and the IANA zones that it stands for. */
export const WINDOWS_ZONES = \`
${names.map(lineOf).join('\n')}
\`;
`;
writeFileSync(new URL('../src/dotnet/time/windows-zones.ts', import.meta.url), text);
