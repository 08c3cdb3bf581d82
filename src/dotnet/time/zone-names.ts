/** Which IANA zone a Windows name means, and the other way round. */
import { WINDOWS_ZONES } from './windows-zones.ts';

/** The IANA zone of a Windows name, in a region such as `DE` when one is given; undefined for an unknown name or region. */
export function ianaOfWindows(name: string, region?: string): string | undefined {
  const [, iana = '', regions = ''] = lineOf(name)?.split('|') ?? [];
  if (region === undefined) return iana || undefined;
  const entry = regions.split(',').find((one) => one.startsWith(`${region}=`));
  return entry?.slice(region.length + 1) || undefined;
}

/** The Windows name that stands for an IANA zone; undefined when none does. */
export function windowsOfIana(id: string): string | undefined {
  if (!/^[\w/+-]+$/.test(id)) return undefined;
  const at = [`|${id}\n`, `|${id},`, `,${id}\n`, `,${id},`].map((entry) => inLastColumn(entry)).find((place) => place >= 0);
  if (at === undefined) return undefined;
  const start = WINDOWS_ZONES.lastIndexOf('\n', at) + 1;
  return WINDOWS_ZONES.slice(start, WINDOWS_ZONES.indexOf('|', start));
}

/** Where an entry stands in the last column of a line; the columns before it also hold zones. */
function inLastColumn(entry: string): number {
  for (let at = WINDOWS_ZONES.indexOf(entry); at >= 0; at = WINDOWS_ZONES.indexOf(entry, at + 1)) {
    const start = WINDOWS_ZONES.lastIndexOf('\n', at) + 1;
    if (WINDOWS_ZONES.slice(start, at + 1).split('|').length === 4) return at;
  }
  return -1;
}

function lineOf(name: string): string | undefined {
  if (name === '' || /[|\n]/.test(name)) return undefined;
  const at = WINDOWS_ZONES.indexOf(`\n${name}|`);
  return at < 0 ? undefined : WINDOWS_ZONES.slice(at + 1, WINDOWS_ZONES.indexOf('\n', at + 1));
}
