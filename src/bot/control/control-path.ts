import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { ControlError } from './control-error.ts';

/** Longest path that every system binds a socket to: Linux takes 107 bytes, macOS 103. */
const MAX_PATH = 100;

/**
 * Where the control socket of a store is: beside it as `<store>.sock`, or, where that path is too long for a socket,
 * under the system's folder for temporary files in a folder that only this user can enter, named by a hash of the
 * store's path. On Windows it is a named pipe.
 * @throws ControlError `denied` when that folder is there and somebody else's.
 */
export function controlPath(storePath: string): string {
  const path = `${real(storePath)}.sock`;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\seekeeper-${hash}`;
  if (Buffer.byteLength(path) <= MAX_PATH) return path;
  return join(privateFolder(), `${hash}.sock`);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // No store yet; its folder may be there.
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return resolve(path);
  }
}

function privateFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `seekeeper-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = statSync(folder);
  if (owner === uid && (mode & 0o077) === 0) return folder;
  throw new ControlError(
    'denied',
    `The folder ${folder} can be entered by other users: remove it, or give the store a shorter path`,
  );
}
