/** Clocks and dates. */
import { advice, type Repairs } from '../facts.ts';

/** Clocks that differ by less are taken for clocks that differ; more is an old token. */
const CLOCK_SECONDS = 300;

/** A date beyond is in milliseconds (the year 5138 in seconds). */
const MILLISECONDS_FROM = 1e11;

export const lifetimeRepairs: Repairs = ({ payload, rules, now }) => {
  const { exp, nbf, iat } = payload;
  const skew = rules.clockSkewSeconds;
  if (typeof exp !== 'number') return noExpiration(exp);
  if (exp > MILLISECONDS_FROM || (typeof nbf === 'number' && nbf > MILLISECONDS_FROM))
    return ['`exp` and `nbf` are seconds since 1970, these are milliseconds: have the issuer divide by 1000'];
  const late = now - exp;
  const early = typeof nbf === 'number' ? nbf - now : 0;
  return advice(
    typeof nbf === 'number' && nbf > exp && 'the token is valid from after its end: its issuer has to be corrected',
    late > 0 &&
      late <= CLOCK_SECONDS &&
      `it ended ${late} s ago: get a new one, or allow for clocks that differ with \`clock-skew="${late}"\``,
    late > CLOCK_SECONDS && `it ended ${duration(late)} ago: get a new one (\`--at ${replayMoment(exp, iat)}\` replays it as it was)`,
    early > skew &&
      early <= CLOCK_SECONDS &&
      `the issuer's clock is ${early} s ahead: set the clocks by NTP, or allow for it with \`clock-skew="${early}"\``,
    early > CLOCK_SECONDS && `it is valid in ${duration(early)}: the issuer's clock, or this one, is wrong`,
  );
};

/** A moment at which it was valid: when it was issued, or a minute before its end. */
function replayMoment(exp: number, iat: unknown): string {
  const seconds = typeof iat === 'number' && iat <= exp ? iat : exp - 60;
  return Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000).toISOString() : String(seconds);
}

function noExpiration(exp: unknown): readonly string[] {
  return advice(
    typeof exp === 'string' && '`exp` must be a number, not a text: the issuer has to be corrected',
    exp === undefined && 'have the issuer set `exp`; `require-expiration-time="false"` accepts tokens that never end',
  );
}

/** `3 min`, `2 h`, `5 d`. */
function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
