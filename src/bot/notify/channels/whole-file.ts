import { constants } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import type { Clock } from '../../../platform/clock.ts';

/** A file may not be written. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

/** Refuses what is there and no file: writing to a pipe could wait for ever. Missing is fine. */
export async function assertFile(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isFile())
      throw new FileProblem('there is something at its path that is no file');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Puts a new file in place of the old one: whoever reads sees one of them whole, also after a crash. */
export async function replaceFile(clock: Clock, path: string, text: string): Promise<void> {
  const hold = clock.hold('a file is replaced');
  const fresh = `${path}.new`;
  try {
    await assertFile(path);
    // One that a crash left behind may be anything by now.
    await unlink(fresh).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    const file = await open(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } finally {
    hold.release();
  }
}

/** Why, in a few words and without the path. */
export function fileTrouble(error: unknown): string {
  if (error instanceof FileProblem) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return WORDS[code] ?? `the file cannot be written (${code})`;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder does not exist',
  EACCES: 'the file may not be written',
  EPERM: 'the file may not be written',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
};

/** Whether there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
