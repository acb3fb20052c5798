import { type FileFacts, type FilePath, type Files, FilesError, filePath } from '../../platform/files.ts';
import { slabAt } from './index/bytes.ts';
import { visibleName } from './index/path-text.ts';
import { splitParts } from './index/scanned-again.ts';
import type { SharedIndex } from './index/shared-index.ts';
import { below, isWithin } from './scan/notes.ts';

/** A shared file as it is on the disk now. */
export interface LocatedFile {
  /** Where it really is, no link on the way. Open it at once, and compare `identity` and size with what is open. */
  readonly path: FilePath;
  /** Bytes. */
  readonly size: number;
  /** Of the last change, milliseconds since the epoch. */
  readonly changed: number;
  readonly identity: string;
}

/**
 * Why a file of the index cannot be had. `gone`: it is not there any more, or leads out of the share. `changed`: it has
 * another size. `unreadable`: it is there and cannot be read. `away`: the whole share is not there.
 */
export type LocateFailure = 'gone' | 'changed' | 'unreadable' | 'away';

const WIDE = Buffer.from('\uff3c');

/** Finds a file of the index on the disk. Whatever the index says, nothing outside the share's folder is ever found. */
export async function locate(
  files: Files,
  folder: string,
  index: SharedIndex,
  id: number,
): Promise<LocatedFile | LocateFailure> {
  const { folders, names, sizes } = index.tables;
  const root = await realPathOf(files, filePath(folder));
  if (typeof root === 'string') return 'away';
  const parts = [...splitParts(slabAt(folders, index.folderOf(id))).slice(1), slabAt(names, id)];
  const path = await walk(files, root, parts);
  if (path === undefined) return 'gone';
  const real = await realPathOf(files, path);
  if (typeof real === 'string') return real;
  if (!isWithin(real, root)) return 'gone';
  let facts: FileFacts;
  try {
    facts = await files.facts(real);
  } catch (error) {
    return failureOf(error);
  }
  if (facts.kind !== 'file') return 'gone';
  if (facts.size !== sizes[id]) return 'changed';
  return { path: real, size: facts.size, changed: facts.changed, identity: facts.identity };
}

/** The path of these parts, as others see them, by the names on the disk. */
async function walk(
  files: Files,
  root: FilePath,
  parts: readonly Uint8Array[],
): Promise<FilePath | undefined> {
  let path = root;
  for (const part of parts) {
    if (!isName(part)) return undefined;
    path = below(path, Buffer.from(part).includes(WIDE) ? await nameOf(files, path, part) : part);
  }
  return path;
}

/** Which name this stands for: others see U+FF3C where there is a backslash. */
async function nameOf(files: Files, folder: FilePath, part: Uint8Array): Promise<Uint8Array> {
  try {
    const entries = await files.list(folder);
    const found = entries.find(({ name }) => Buffer.compare(visibleName(name), part) === 0);
    return found !== undefined && isName(found.name) ? found.name : part;
  } catch (error) {
    if (error instanceof FilesError) return part;
    throw error;
  }
}

/** Whether it is one name and not a way to somewhere else. */
function isName(part: Uint8Array): boolean {
  const text = Buffer.from(part).toString('latin1');
  return text !== '' && text !== '.' && text !== '..' && !/[/\0]/u.test(text);
}

async function realPathOf(files: Files, path: FilePath): Promise<FilePath | LocateFailure> {
  try {
    return await files.realPath(path);
  } catch (error) {
    return failureOf(error);
  }
}

const GONE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EINVAL',
  'ERR_INVALID_ARG_VALUE',
]);

function failureOf(error: unknown): LocateFailure {
  if (!(error instanceof FilesError)) throw error;
  return GONE.has(error.code) ? 'gone' : 'unreadable';
}
