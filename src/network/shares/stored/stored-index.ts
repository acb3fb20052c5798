import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import { type FilePath, type Files, FilesError, type ReadingFile } from '../../../platform/files.ts';
import type { IndexTables } from '../index/tables.ts';
import { fromArrays, toArrays } from './table-fields.ts';

/** What is known of a share beside its files. */
export interface StoredShare {
  readonly name: string;
  /** `shareKey` of when it was scanned. */
  readonly key: string;
  /** Since when nothing is found there though there were files, milliseconds since the epoch; then the files are the old ones. */
  readonly missingSince?: number;
}

/** An index as it rests on the disk. */
export interface StoredIndex {
  readonly tables: IndexTables;
  readonly shares: readonly StoredShare[];
  /** Whether files were asked what they say of themselves. */
  readonly attributes: boolean;
  /** When the scan began, milliseconds since the epoch. */
  readonly at: number;
}

interface Header extends Omit<StoredIndex, 'tables'> {
  /** Of the machine that wrote it: arrays lie there as they do in memory. */
  readonly endianness: 'BE' | 'LE';
  readonly files: number;
  /** Bytes of each array. */
  readonly lengths: readonly number[];
  /** CRC-32 of all arrays. */
  readonly sum: number;
}

/** Begins the file. The last byte is the version: other versions are not read. */
const MAGIC = Buffer.from('SKSHARE\x01', 'latin1');
/** Behind it: bytes of the header, and their CRC-32. */
const START = MAGIC.length + 8;
const MAX_HEADER = 4 * 1024 * 1024;

/** Bytes that are read or written at a time; the event loop turns between them. */
const PIECE = 2 * 1024 * 1024;

/** Writes an index beside the old one and then into its place: there is always a whole one. Rejects with a FilesError. */
export async function saveIndex(files: Files, path: FilePath, index: StoredIndex): Promise<void> {
  const { tables, ...rest } = index;
  const arrays = toArrays(tables);
  let sum = 0;
  for (const piece of pieces(arrays)) sum = crc32(piece, sum);
  const header: Header = {
    ...rest,
    endianness: endianness(),
    files: tables.sizes.length,
    lengths: arrays.map(({ length }) => length),
    sum,
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(START);
  MAGIC.copy(start);
  start.writeUInt32LE(text.length, MAGIC.length);
  start.writeUInt32LE(crc32(text), MAGIC.length + 4);
  const fresh = Buffer.concat([path, Buffer.from('.new')]);
  const file = await files.openAppend(fresh);
  try {
    await file.truncate(0);
    await file.append(Buffer.concat([start, text]));
    for (const piece of pieces(arrays)) await file.append(piece);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(fresh, path);
}

/** The index that was saved; undefined when there is none, or none that can be trusted. Never rejects. */
export async function loadIndex(files: Files, path: FilePath): Promise<StoredIndex | undefined> {
  try {
    const file = await files.openRead(path);
    try {
      return await read(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof FilesError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function read(file: ReadingFile): Promise<StoredIndex | undefined> {
  const start = Buffer.from(await file.read(0, START));
  if (start.length < START || !start.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const length = start.readUInt32LE(MAGIC.length);
  if (length > MAX_HEADER) return undefined;
  const text = Buffer.from(await file.read(START, length));
  if (text.length < length || crc32(text) !== start.readUInt32LE(MAGIC.length + 4)) return undefined;
  const { endianness: order, files, lengths, sum, ...rest } = JSON.parse(text.toString()) as Header;
  if (order !== endianness()) return undefined;
  const size = lengths.reduce((whole, each) => whole + each, 0);
  if ((await file.facts()).size !== START + length + size) return undefined;
  const memory = new Uint8Array(size);
  let found = 0;
  for (let at = 0; at < size; ) {
    const piece = await file.read(START + length + at, Math.min(PIECE, size - at));
    if (piece.length === 0) return undefined;
    found = crc32(piece, found);
    memory.set(piece, at);
    at += piece.length;
  }
  const tables = found === sum ? fromArrays(memory.buffer, lengths, files) : undefined;
  return tables && { ...rest, tables };
}

function* pieces(arrays: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const array of arrays)
    for (let at = 0; at < array.length; at += PIECE) yield array.subarray(at, at + PIECE);
}
