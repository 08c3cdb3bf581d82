/** Numbers and times for people. */

export function milliseconds(value: number | null): string {
  if (value === null) return '';
  if (value < 1) return `${value.toFixed(2)} ms`;
  if (value < 100) return `${value.toFixed(1)} ms`;
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

export function bytes(value: number | null): string {
  if (value === null) return '';
  if (value < 1024) return `${value} B`;
  return value < 1024 * 1024 ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 1024 / 1024).toFixed(1)} MiB`;
}

export function clockTime(time: number): string {
  const date = new Date(time);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `3 s ago`, `in 2 min` */
export function distance(time: number, now: number): string {
  const seconds = Math.round(Math.abs(now - time) / 1000);
  const text = seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
  return time > now ? `in ${text}` : `${text} ago`;
}

/** Path and query of a URL. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '') || '/';
}

export function statusClass(status: number | null): string {
  return status === null ? 'none' : status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'moved' : 'good';
}

/** Indented when it is JSON. */
export function pretty(text: string): string {
  try {
    return /^\s*[[{]/.test(text) ? JSON.stringify(JSON.parse(text), undefined, 2) : text;
  } catch {
    return text;
  }
}
