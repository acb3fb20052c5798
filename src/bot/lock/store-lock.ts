import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile } from '../store/private-file.ts';
import { type SqliteConnection, sqliteDriver } from '../store/sqlite-driver.ts';
import { StoreError, toStoreError } from '../store/store-error.ts';

/** Another process (or this one) runs a bot on the same store. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  readonly code = 'already-running';
  /** As far as is known. */
  readonly pid: number | undefined;

  constructor(storePath: string, pid: number | undefined) {
    const who = pid === undefined ? '' : ` (pid ${pid})`;
    super(`A bot is already running on the store ${storePath}${who}`);
    this.pid = pid;
  }
}

export interface StoreLock {
  /** Lets the next bot start. A second call does nothing. */
  release(): void;
}

/**
 * Locks held by this process. Checked before any file is touched: opening and closing a lock file once more would
 * silently release what is held.
 */
const held = new Set<string>();

/**
 * Makes this process the only one that runs a bot on a store. The lock is the kernel's, taken through SQLite on a file
 * of its own (`<store>.lock`), so it ends with the process however that dies, and no stale lock can exist. Beside it
 * `<store>-pid` says who holds it, for people.
 * @throws AlreadyRunningError; StoreError when the lock file cannot be made.
 */
export function acquireStoreLock(storePath: string): StoreLock {
  const path = lockTarget(storePath);
  const pidPath = `${path}-pid`;
  if (held.has(path)) throw new AlreadyRunningError(storePath, process.pid);
  const connection = lockFile(`${path}.lock`, () => new AlreadyRunningError(storePath, readPid(pidPath)));
  held.add(path);
  try {
    writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    // Only people read it; a full disk is reported by the store itself.
  }
  return {
    release() {
      if (!held.delete(path)) return;
      rmSync(pidPath, { force: true });
      connection.close();
    },
  };
}

function lockFile(path: string, taken: () => AlreadyRunningError): SqliteConnection {
  let connection: SqliteConnection | undefined;
  try {
    ensurePrivateFile(path);
    connection = sqliteDriver().open(path);
    connection.exec('begin exclusive');
    return connection;
  } catch (error) {
    connection?.close();
    const failure = toStoreError(error, path);
    throw failure.code === 'locked' ? taken() : failure;
  }
}

/** One file has one lock, whatever links lead to it. */
function lockTarget(storePath: string): string {
  try {
    return realpathSync(storePath);
  } catch {
    // Not there yet: its folder must be.
  }
  try {
    return join(realpathSync(dirname(storePath)), basename(storePath));
  } catch (error) {
    throw new StoreError('unwritable', `The folder of the store does not exist: ${dirname(storePath)}`, {
      cause: error,
    });
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
