import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AlreadyRunningError, acquireStoreLock } from '../../bot/lock/store-lock.ts';
import { sqliteDriver } from '../../bot/store/sqlite-driver.ts';

/** What can be seen without asking a bot. */
export interface MachineFacts {
  /** Of this process. */
  readonly node: string;
  readonly platform: NodeJS.Platform;
  readonly store: StoreFacts;
}

export interface StoreFacts {
  readonly path: string;
  readonly exists: boolean;
  /** Its folder is there, and files can be made in it. */
  readonly folderWritable: boolean;
  readonly writable: boolean;
  /** Permission bits; absent when there is no file. */
  readonly mode?: number;
  /** Why it cannot be read as a database. */
  readonly unreadable?: string;
  readonly bytes?: number;
  /** On its disk; absent where the system does not tell. */
  readonly freeBytes?: number;
  /** Somebody holds its lock. `pid` as far as is known. */
  readonly locked?: { readonly pid?: number };
}

/**
 * Looks at this machine, and changes nothing.
 * @param storePath absolute
 * @param lock also who has the store; a bot that starts in that moment finds it taken.
 */
export function machineFacts(storePath: string, { lock }: { readonly lock: boolean }): MachineFacts {
  return { node: process.versions.node, platform: process.platform, store: storeFacts(storePath, lock) };
}

function storeFacts(path: string, lock: boolean): StoreFacts {
  const folder = dirname(path);
  const exists = existsSync(path);
  const freeBytes = freeAt(folder);
  const rest = { ...(freeBytes === undefined ? {} : { freeBytes }) };
  const folderWritable = can(folder, constants.W_OK);
  if (!exists) return { path, exists, folderWritable, writable: folderWritable, ...rest };
  const { mode, size } = statSync(path);
  const locked = lock ? lockHolder(path) : undefined;
  const unreadable = damage(path);
  return {
    path,
    exists,
    folderWritable,
    writable: can(path, constants.R_OK | constants.W_OK),
    mode: mode & 0o777,
    bytes: size,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(locked === undefined ? {} : { locked }),
    ...rest,
  };
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function freeAt(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Reads the list of tables, which fails for what is no database; a running bot is not kept from anything. */
function damage(path: string): string | undefined {
  if (!can(path, constants.R_OK | constants.W_OK)) return undefined;
  let connection: ReturnType<ReturnType<typeof sqliteDriver>['open']> | undefined;
  try {
    connection = sqliteDriver().open(path);
    connection.prepare('select count(*) as tables from sqlite_master').all([]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    connection?.close();
  }
}

function lockHolder(path: string): { readonly pid?: number } | undefined {
  if (!existsSync(`${path}.lock`)) return undefined;
  try {
    acquireStoreLock(path).release();
    return undefined;
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) return undefined;
    return error.pid === undefined ? {} : { pid: error.pid };
  }
}
