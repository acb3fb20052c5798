import type { Slab } from './bytes.ts';
import type { Postings } from './postings.ts';

/**
 * A whole index as plain arrays: it crosses to another thread, and to the disk, without being looked at. Folders are in the
 * order of the bytes of their paths, the files of a folder in that of their names; a file's number is its place.
 */
export interface IndexTables {
  /** Names of the shares, and who may have them: 0 everyone, 1 buddies. */
  readonly shares: Slab;
  readonly audiences: Uint8Array;
  /** Paths of folders as others see them, share included. */
  readonly folders: Slab;
  readonly folderShare: Uint16Array;
  /** One more than there are folders: folder `i` has the files from `firstFile[i]` to `firstFile[i + 1]`. */
  readonly firstFile: Uint32Array;
  readonly names: Slab;
  readonly sizes: Float64Array;
  readonly changed: Float64Array;
  /** kbit/s, seconds, Hz; `ABSENT` when not known. */
  readonly bitrates: Uint16Array;
  readonly durations: Uint32Array;
  readonly sampleRates: Uint32Array;
  /** The lowest 6 bits: bits per sample, 0 when not known. Then: whether vbr is known, and vbr. */
  readonly formats: Uint8Array;
  /** Words in the order of their bytes. */
  readonly words: Slab;
  /** Numbers of words in the order of their bytes read backwards, for endings. */
  readonly backwards: Uint32Array;
  readonly postings: Postings;
}

export const ABSENT_16 = 0xffff;
export const ABSENT_32 = 0xffff_ffff;
export const VBR_KNOWN = 0x40;
export const VBR = 0x80;
export const DEPTH = 0x3f;

/** Every array of an index, for measuring and for handing over. */
export function arraysOf(tables: IndexTables): readonly ArrayBufferView[] {
  const { shares, folders, names, words, postings, ...rest } = tables;
  return [
    ...[shares, folders, names, words].flatMap(({ bytes, offsets }) => [bytes, offsets]),
    postings.bytes,
    postings.offsets,
    postings.counts,
    ...Object.values(rest),
  ];
}

/** Bytes that the arrays take. */
export function sizeOf(tables: IndexTables): number {
  return arraysOf(tables).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
