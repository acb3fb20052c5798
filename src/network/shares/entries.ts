import type { Directory, FileAttribute, FileEntry, LongDirectory } from '../../protocol/index.ts';
import type { FileAttributes } from '../search/hit.ts';
import { slabAt } from './index/bytes.ts';
import { pathText } from './index/path-text.ts';
import type { SharedIndex } from './index/shared-index.ts';

/** A file as a search response has it: with its whole path. */
export function searchEntry(index: SharedIndex, id: number): FileEntry {
  const { path, latin1, size, attributes } = index.file(id);
  return entry({ text: path, latin1 }, size, attributes);
}

/** A folder as lists have it, its files by their bare names. */
export function longDirectory(index: SharedIndex, folder: number): LongDirectory {
  const { text, latin1 } = index.folderPath(folder);
  const [from, to] = index.filesOf(folder);
  return {
    name: text,
    count: to - from,
    files: entriesOf(index, from, to),
    ...(latin1 && { latin1: ['name'] }),
  };
}

/** A folder as an answer about it alone has it. @param except files to leave out @param most files at most */
export function directoryEntry(
  index: SharedIndex,
  folder: number,
  { except, most }: { readonly except: ReadonlySet<number>; readonly most: number },
): Directory {
  const { text, latin1 } = index.folderPath(folder);
  const [from, to] = index.filesOf(folder);
  const files: FileEntry[] = [];
  for (let id = from; id < to && files.length < most; id++)
    if (!except.has(id)) files.push(bareEntry(index, id));
  return { name: text, files, ...(latin1 && { latin1: ['name'] }) };
}

function* entriesOf(index: SharedIndex, from: number, to: number): Generator<FileEntry> {
  for (let id = from; id < to; id++) yield bareEntry(index, id);
}

function bareEntry(index: SharedIndex, id: number): FileEntry {
  const { names, sizes } = index.tables;
  return entry(pathText(slabAt(names, id)), sizes[id]!, index.attributes(id));
}

function entry(
  { text, latin1 }: { readonly text: string; readonly latin1: boolean },
  size: number,
  attributes: FileAttributes,
): FileEntry {
  return {
    code: 1,
    filename: text,
    size: BigInt(size),
    // Empty from most clients: whoever wants it reads the name.
    extension: '',
    attributes: numbered(attributes),
    ...(latin1 && { latin1: ['filename'] }),
  };
}

function numbered({ bitrate, duration, vbr, sampleRate, bitDepth }: FileAttributes): FileAttribute[] {
  const found: FileAttribute[] = [];
  if (bitrate !== undefined) found.push({ type: 0, value: bitrate });
  if (duration !== undefined) found.push({ type: 1, value: duration });
  if (vbr !== undefined) found.push({ type: 2, value: vbr ? 1 : 0 });
  if (sampleRate !== undefined) found.push({ type: 4, value: sampleRate });
  if (bitDepth !== undefined) found.push({ type: 5, value: bitDepth });
  return found;
}
