import { wordsOf } from '../../search/words.ts';
import { compareBytes, slabAt, slabOf } from './bytes.ts';
import { joinParts, pathText, visibleName } from './path-text.ts';
import { PostingsWriter } from './postings.ts';
import type { ScannedFile, ScannedShare } from './shared-file.ts';
import { ABSENT_16, ABSENT_32, DEPTH, type IndexTables, VBR, VBR_KNOWN } from './tables.ts';

/** A file whose name others would see as another's, in the same folder. */
export interface Clash {
  readonly path: string;
}

interface Folder {
  readonly share: number;
  readonly path: Uint8Array;
  readonly files: readonly { readonly name: Uint8Array; readonly file: ScannedFile }[];
}

/** Makes an index of everything that was scanned. */
export function buildIndex(shares: readonly ScannedShare[]): {
  readonly tables: IndexTables;
  readonly clashes: readonly Clash[];
} {
  const clashes: Clash[] = [];
  const folders = foldersOf(shares, clashes);
  const files = folders.flatMap((folder) => folder.files);
  const firstFile = new Uint32Array(folders.length + 1);
  folders.forEach((folder, index) => {
    firstFile[index + 1] = firstFile[index]! + folder.files.length;
  });
  return {
    tables: {
      shares: slabOf(
        shares.map(({ name }) => Buffer.from(name)),
        shares.length,
      ),
      audiences: Uint8Array.from(shares, ({ audience }) => (audience === 'buddies' ? 1 : 0)),
      folders: slabOf(
        folders.map(({ path }) => path),
        folders.length,
      ),
      folderShare: Uint16Array.from(folders, ({ share }) => share),
      firstFile,
      names: slabOf(
        files.map(({ name }) => name),
        files.length,
      ),
      sizes: Float64Array.from(files, ({ file }) => file.size),
      changed: Float64Array.from(files, ({ file }) => file.changed),
      bitrates: Uint16Array.from(files, ({ file }) =>
        Math.min(file.attributes.bitrate ?? ABSENT_16, ABSENT_16),
      ),
      durations: Uint32Array.from(files, ({ file }) => file.attributes.duration ?? ABSENT_32),
      sampleRates: Uint32Array.from(files, ({ file }) => file.attributes.sampleRate ?? ABSENT_32),
      formats: Uint8Array.from(files, ({ file }) => formatOf(file)),
      ...indexWords(folders, files.length),
    },
    clashes,
  };
}

function formatOf({ attributes: { bitDepth = 0, vbr } }: ScannedFile): number {
  return Math.min(bitDepth, DEPTH) | (vbr === undefined ? 0 : VBR_KNOWN) | (vbr === true ? VBR : 0);
}

/** In the order of their paths; a folder that two shares have under the same path counts once, with the first's files. */
function foldersOf(shares: readonly ScannedShare[], clashes: Clash[]): readonly Folder[] {
  const all = shares.flatMap((share, number) =>
    share.folders.map(({ parts, files }) => ({
      share: number,
      path: joinParts([Buffer.from(share.name), ...parts.map(visibleName)]),
      files: files.map((file) => ({ name: visibleName(file.name), file })),
    })),
  );
  all.sort((a, b) => compareBytes(a.path, b.path) || a.share - b.share);
  return all
    .filter((folder, index) => {
      const before = all[index - 1];
      if (before === undefined || compareBytes(before.path, folder.path) !== 0) return true;
      clashes.push({ path: pathText(folder.path).text });
      return false;
    })
    .map((folder) => ({ ...folder, files: inOrder(folder, clashes) }));
}

function inOrder({ path, files }: Folder, clashes: Clash[]): Folder['files'] {
  const sorted = [...files].sort((a, b) => compareBytes(a.name, b.name));
  return sorted.filter((entry, index) => {
    const before = sorted[index - 1];
    if (before === undefined || compareBytes(before.name, entry.name) !== 0) return true;
    clashes.push({ path: pathText(joinParts([path, entry.name])).text });
    return false;
  });
}

function indexWords(
  folders: readonly Folder[],
  fileCount: number,
): Pick<IndexTables, 'words' | 'backwards' | 'postings'> {
  const numbers = new Map<string, number>();
  const pairs = new Pairs();
  const numberOf = (word: string) => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
  let id = 0;
  for (const folder of folders) {
    const above = [...new Set(wordsOf(pathText(folder.path).text))].map(numberOf);
    for (const { name } of folder.files) {
      const own = new Set(above);
      for (const word of wordsOf(pathText(name).text)) own.add(numberOf(word));
      for (const word of own) pairs.push(word, id);
      id++;
    }
  }
  const texts = [...numbers.keys()].map((word) => Buffer.from(word));
  const order = Uint32Array.from(texts.keys()).sort((a, b) => compareBytes(texts[a]!, texts[b]!));
  const words = slabOf(
    Array.from(order, (word) => texts[word]!),
    texts.length,
  );
  const lists = pairs.byWord(texts.length);
  const writer = new PostingsWriter(texts.length, fileCount);
  for (const word of order) writer.push(lists(word));
  const mirrored = texts.map((_text, index) => slabAt(words, index).slice().reverse());
  const backwards = Uint32Array.from(texts.keys()).sort((a, b) => compareBytes(mirrored[a]!, mirrored[b]!));
  return { words, backwards, postings: writer.whole() };
}

/** Words and files that belong together, in the order of files. */
class Pairs {
  #words = new Uint32Array(1 << 16);
  #files = new Uint32Array(1 << 16);
  #length = 0;

  push(word: number, file: number): void {
    if (this.#length === this.#words.length) {
      this.#words = grown(this.#words);
      this.#files = grown(this.#files);
    }
    this.#words[this.#length] = word;
    this.#files[this.#length++] = file;
  }

  /** The files of each word, rising, because they came so. */
  byWord(words: number): (word: number) => Uint32Array {
    const ends = new Uint32Array(words + 1);
    for (let i = 0; i < this.#length; i++) ends[this.#words[i]! + 1]!++;
    for (let word = 0; word < words; word++) ends[word + 1]! += ends[word]!;
    const next = ends.slice();
    const sorted = new Uint32Array(this.#length);
    for (let i = 0; i < this.#length; i++) sorted[next[this.#words[i]!]!++] = this.#files[i]!;
    return (word) => sorted.subarray(ends[word], ends[word + 1]);
  }
}

function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
