import { expect, test } from 'vitest';
import { findIana, findWindows, IANA_ALIAS_MAP, WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { ianaOfWindows, windowsOfIana } from '../../../src/dotnet/time/zone-names.ts';

test('Windows names mean the zones that CLDR gives them', () => {
  for (const { windowsName, territory } of WINDOWS_TO_IANA_MAP) {
    expect(ianaOfWindows(windowsName), windowsName).toBe(findIana(windowsName)[0]);
    expect(ianaOfWindows(windowsName, territory), `${windowsName} ${territory}`).toBe(findIana(windowsName, territory)[0]);
  }
});

test('zones have the Windows names that CLDR gives them', () => {
  const ids = new Set(IANA_ALIAS_MAP.flatMap((one) => one.alias));
  for (const id of ids) expect(windowsOfIana(id), id).toBe(findWindows(id)[0]);
});

test.each(['', 'x', '001', 'Etc', 'UTC|', 'UTC\n', 'W. Europe Standard Time|Europe/Berlin', '__proto__', 'Europe/Berlin,'])(
  '%j is no zone',
  (name) => {
    expect(ianaOfWindows(name)).toBeUndefined();
    expect(ianaOfWindows('W. Europe Standard Time', name === '' ? 'YY' : name)).toBe(name === '001' ? 'Europe/Berlin' : undefined);
    expect(windowsOfIana(name)).toBeUndefined();
  },
);
