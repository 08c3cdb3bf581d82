/** Errors of the operating system in words: what is wrong, without the name of the call and the number that the runtime prints. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'it is no address of this machine',
  EAI_AGAIN: 'the name cannot be resolved',
  EEXIST: 'a file of this name is in the way',
  EISDIR: 'it is a directory',
  ELOOP: 'links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of the path is no directory',
  ENOTFOUND: 'the name cannot be resolved',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
};

/** What was tried, by the name of the call. */
const TRIED: Readonly<Record<string, string>> = {
  listen: 'listened on',
  mkdir: 'made',
  open: 'opened',
  read: 'read',
  readlink: 'read',
  rename: 'renamed',
  scandir: 'read',
  stat: 'read',
  unlink: 'removed',
  write: 'written',
};

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: unknown;
  readonly dest?: unknown;
}

/** Whether the operating system refused something. */
export function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Partial<SystemError>;
  return typeof code === 'string' && typeof syscall === 'string';
}

/** Why, for a message that names the file itself: `permission is denied`. Other errors give their own message. */
export function reasonOf(error: unknown): string {
  if (isSystemError(error)) return REASONS[error.code] ?? error.message;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE') return 'it is larger than 512 MiB';
  return error instanceof Error ? error.message : String(error);
}

/** The whole of it: `` `a/policy.xml` cannot be opened: permission is denied ``. Other errors give their own message. */
export function messageOf(error: unknown): string {
  if (!isSystemError(error) || typeof error.path !== 'string') return reasonOf(error);
  return `\`${error.path}\` cannot be ${TRIED[error.syscall] ?? 'used'}: ${reasonOf(error)}`;
}
