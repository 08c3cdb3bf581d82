import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { get } from './api.ts';

/** The directory that the gateway runs. */
export const Directory = createContext('');

/** File names from the directory on, for people; links keep the whole name. */
export function useShortNames(): (file: string) => string {
  const directory = useContext(Directory);
  return (file) => (directory !== '' && file.startsWith(`${directory}/`) ? file.slice(directory.lastIndexOf('/') + 1) : file);
}

/** `#/requests/abc` as `['requests', 'abc']`. */
export function useRoute(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
}

export function linkTo(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly again: () => void;
}

/** What the gateway answers, asked again every so many milliseconds while the page is seen; 0 asks once. No path: nothing is asked. */
export function useLoaded<T>(path: string, query: Readonly<Record<string, string>> = {}, every = 0): Loaded<T> {
  const key = JSON.stringify([path, query]);
  const [state, setState] = useState<{ readonly key: string; readonly value?: T; readonly error?: string }>({ key });
  const again = useCallback(() => {
    if (path === '') return;
    get<T>(path, query).then(
      (value) => setState({ key, value }),
      (error: unknown) => setState((before) => ({ ...before, key, error: error instanceof Error ? error.message : String(error) })),
    );
  }, [key]);
  useEffect(() => {
    again();
    if (every === 0) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), every);
    return () => clearInterval(timer);
  }, [again, every]);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : undefined, error: isCurrent ? state.error : undefined, again };
}
