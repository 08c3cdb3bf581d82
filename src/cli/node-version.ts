/** As `engines` of package.json says. Older ones lack what our modules import, and tell that in words that help nobody. */
const OLDEST = [20, 18, 1] as const;

/** What to say to whoever runs a Node that is too old, by its version; undefined for one that will do. */
export function tooOldNode(version: string): string | undefined {
  const parts = version.split('.').map(Number);
  const at = OLDEST.findIndex((needed, index) => needed !== parts[index]);
  if (at < 0 || (parts[at] ?? 0) > (OLDEST[at] ?? 0)) return undefined;
  return `Node ${version} is too old: install version ${OLDEST.join('.')} or newer`;
}
