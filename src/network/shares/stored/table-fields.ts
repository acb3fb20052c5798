import type { IndexTables } from '../index/tables.ts';

/** The kinds of arrays that an index is made of. */
const KINDS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f64: Float64Array,
} as const;

type Kind = keyof typeof KINDS;
type TableArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Every array of an index, in the order in which it is stored. */
const FIELDS: readonly (readonly [name: string, kind: Kind])[] = [
  ['sizes', 'f64'],
  ['changed', 'f64'],
  ['shares.offsets', 'u32'],
  ['folders.offsets', 'u32'],
  ['firstFile', 'u32'],
  ['names.offsets', 'u32'],
  ['durations', 'u32'],
  ['sampleRates', 'u32'],
  ['words.offsets', 'u32'],
  ['backwards', 'u32'],
  ['postings.offsets', 'u32'],
  ['postings.counts', 'u32'],
  ['folderShare', 'u16'],
  ['bitrates', 'u16'],
  ['audiences', 'u8'],
  ['formats', 'u8'],
  ['shares.bytes', 'u8'],
  ['folders.bytes', 'u8'],
  ['names.bytes', 'u8'],
  ['words.bytes', 'u8'],
  ['postings.bytes', 'u8'],
];

/** The arrays of an index in a fixed order: those with wide items first, so that each begins where it may. */
export function toArrays(tables: IndexTables): readonly Uint8Array[] {
  return FIELDS.map(([name]) => {
    const array = name
      .split('.')
      .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], tables) as TableArray;
    return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  });
}

/**
 * The index that these arrays were, over the same memory.
 * @param lengths bytes of each array
 * @returns undefined when they cannot be one
 */
export function fromArrays(
  memory: ArrayBuffer,
  lengths: readonly number[],
  fileCount: number,
): IndexTables | undefined {
  const arrays = new Map<string, TableArray>();
  let at = 0;
  for (const [index, [name, kind]] of FIELDS.entries()) {
    const length = lengths[index];
    const { BYTES_PER_ELEMENT } = KINDS[kind];
    if (length === undefined || length % BYTES_PER_ELEMENT !== 0 || at % BYTES_PER_ELEMENT !== 0)
      return undefined;
    if (at + length > memory.byteLength) return undefined;
    arrays.set(name, new KINDS[kind](memory, at, length / BYTES_PER_ELEMENT));
    at += length;
  }
  const get = <T extends TableArray>(name: string) => arrays.get(name) as T;
  const slab = (name: string) => ({
    bytes: get<Uint8Array>(`${name}.bytes`),
    offsets: get<Uint32Array>(`${name}.offsets`),
  });
  const tables: IndexTables = {
    shares: slab('shares'),
    audiences: get('audiences'),
    folders: slab('folders'),
    folderShare: get('folderShare'),
    firstFile: get('firstFile'),
    names: slab('names'),
    sizes: get('sizes'),
    changed: get('changed'),
    bitrates: get('bitrates'),
    durations: get('durations'),
    sampleRates: get('sampleRates'),
    formats: get('formats'),
    words: slab('words'),
    backwards: get('backwards'),
    postings: {
      bytes: get('postings.bytes'),
      offsets: get('postings.offsets'),
      counts: get('postings.counts'),
      files: fileCount,
    },
  };
  return fits(tables, fileCount) ? tables : undefined;
}

/** Whether the arrays have the lengths that belong together. */
function fits(tables: IndexTables, files: number): boolean {
  const { shares, folders, names, words, postings, folderShare } = tables;
  const perFile = ['sizes', 'changed', 'bitrates', 'durations', 'sampleRates', 'formats'] as const;
  const wordCount = words.offsets.length - 1;
  return (
    perFile.every((name) => tables[name].length === files) &&
    names.offsets.length === files + 1 &&
    shares.offsets.length === tables.audiences.length + 1 &&
    folders.offsets.length === folderShare.length + 1 &&
    tables.firstFile.length === folderShare.length + 1 &&
    tables.firstFile.at(-1) === files &&
    tables.backwards.length === wordCount &&
    postings.counts.length === wordCount &&
    postings.offsets.length === wordCount + 1 &&
    [shares, folders, names, words, postings].every(({ bytes, offsets }) => offsets.at(-1) === bytes.length)
  );
}
