import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/**
 * Sees to it that a file exists and that only its owner can read it, before SQLite would create it with whatever the
 * umask leaves. A file that exists is never opened: closing it would drop every lock that this process holds on it
 * (a rule of POSIX [sqlite.org/howtocorrupt.html, 2.2]).
 * @returns its permissions before, if others could read or write it.
 * @throws the system's error.
 */
export function ensurePrivateFile(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    closeSync(openSync(path, 'a', 0o600));
    return undefined;
  }
  const mode = found.mode & 0o777;
  if ((mode & 0o077) === 0 || !found.isFile()) return undefined;
  chmodSync(path, 0o600);
  return mode;
}
