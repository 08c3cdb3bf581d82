/** What of an outcome can be stored: values of `snapshot`. */
export const SNAPSHOT_PARTS = ['status', 'headers', 'body', 'forwarded', 'calls', 'variables', 'recorded', 'error'] as const;
export type SnapshotPart = (typeof SNAPSHOT_PARTS)[number];
