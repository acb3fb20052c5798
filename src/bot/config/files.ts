import { readFileSync, statSync } from 'node:fs';

/** Reading files, as the config needs it; a test gives its own. */
export interface Files {
  /** The whole file as UTF-8. Throws the system's error. */
  read(path: string): string;
  /** Permission bits; undefined where they mean nothing. Throws the system's error. */
  mode(path: string): number | undefined;
}

/** The real ones. */
export const realFiles: Files = {
  read: (path) => readFileSync(path, 'utf8'),
  mode: (path) => (process.platform === 'win32' ? undefined : statSync(path).mode & 0o777),
};

/** Why a file could not be read, in a few words. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read';
    case 'EISDIR':
      return 'is a folder';
    default:
      return `cannot be read${code === '' ? '' : ` (${code})`}`;
  }
}
