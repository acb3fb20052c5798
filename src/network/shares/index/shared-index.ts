import type { FileAttributes } from '../../search/hit.ts';
import type { IncomingQuery } from '../../search/incoming-query.ts';
import { findInSlab, slabAt } from './bytes.ts';
import { hasEnding, openEnding } from './endings.ts';
import { joinParts, pathBytes, pathText } from './path-text.ts';
import { openPostings, type PostingCursor } from './postings.ts';
import type { Audience, IndexedFile } from './shared-file.ts';
import { ABSENT_16, ABSENT_32, DEPTH, type IndexTables, sizeOf, VBR, VBR_KNOWN } from './tables.ts';

export interface SearchBounds {
  /** Files at most. */
  readonly limit: number;
  /** Which files the asker may see at all; the others are passed over. @default all */
  readonly audiences?: readonly Audience[];
}

export interface FoundFiles {
  readonly files: readonly number[];
  /** There may be more: the limit was reached, or it would have taken too long to look at all. */
  readonly cut: boolean;
}

/** Candidates that are looked at when an ending decides: each costs a look at its path. */
const MAX_LOOKS = 20_000;
/** Steps of walking through lists; they take about four milliseconds. */
const MAX_STEPS = 25_000;

/** What is shared, ready to be searched. It never changes; a new scan makes a new one. */
export class SharedIndex {
  readonly tables: IndexTables;

  constructor(tables: IndexTables) {
    this.tables = tables;
  }

  get fileCount(): number {
    return this.tables.sizes.length;
  }

  get folderCount(): number {
    return this.tables.folderShare.length;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return sizeOf(this.tables);
  }

  /** Files whose path has all the words, one of the words with each ending, and none of the excluded ones. */
  search({ words, endings, excluded }: IncomingQuery, { limit, audiences }: SearchBounds): FoundFiles {
    const wanted = this.#open(words);
    if (wanted === undefined || wanted.length === 0) return { files: [], cut: false };
    const looked: string[] = [];
    for (const ending of new Set(endings)) {
      const found = openEnding(this.tables, ending);
      if (found === 'none') return { files: [], cut: false };
      if (found === 'many') looked.push(ending);
      else wanted.push(found);
    }
    const unwanted = this.#openKnown(excluded);
    wanted.sort((a, b) => a.count - b.count);
    const [rarest, ...others] = wanted as [PostingCursor, ...PostingCursor[]];
    const files: number[] = [];
    let looks = 0;
    let steps = 0;
    for (let id = rarest.seek(0); id >= 0; ) {
      if (++steps > MAX_STEPS) return { files, cut: true };
      const next = firstBeyond(others, id);
      if (next < 0) break;
      if (next > id) {
        id = rarest.seek(next);
        continue;
      }
      if (unwanted.every((cursor) => cursor.seek(id) !== id) && this.#visible(id, audiences)) {
        if (looked.length > 0 && ++looks > MAX_LOOKS) return { files, cut: true };
        if (looked.every((ending) => hasEnding(this.#pathOf(id).text, ending))) files.push(id);
        if (files.length >= limit) return { files, cut: true };
      }
      id = rarest.seek(id + 1);
    }
    return { files, cut: false };
  }

  /** @param id below `fileCount` */
  file(id: number): IndexedFile {
    const { sizes, changed } = this.tables;
    const { text, latin1 } = this.#pathOf(id);
    return {
      id,
      path: text,
      latin1,
      size: sizes[id]!,
      changed: changed[id]!,
      audience: this.#audienceOf(id),
      attributes: this.attributes(id),
    };
  }

  /** The file of this path; undefined when none is shared under it. @param latin1 how the path came over the wire */
  find(path: string, latin1 = false): number | undefined {
    const cut = path.lastIndexOf('\\');
    if (cut < 0) return undefined;
    const folder = this.folder(path.slice(0, cut), latin1);
    if (folder === undefined) return undefined;
    const { firstFile, names } = this.tables;
    return findInSlab(
      names,
      pathBytes(path.slice(cut + 1), latin1),
      firstFile[folder],
      firstFile[folder + 1],
    );
  }

  /** The number of a folder by its whole path. */
  folder(path: string, latin1 = false): number | undefined {
    return findInSlab(this.tables.folders, pathBytes(path, latin1));
  }

  folderPath(folder: number): { readonly text: string; readonly latin1: boolean } {
    return pathText(slabAt(this.tables.folders, folder));
  }

  /** The files of a folder: from, and to which excluded. */
  filesOf(folder: number): readonly [from: number, to: number] {
    const { firstFile } = this.tables;
    return [firstFile[folder]!, firstFile[folder + 1]!];
  }

  audienceOfFolder(folder: number): Audience {
    return this.tables.audiences[this.tables.folderShare[folder]!] === 1 ? 'buddies' : 'everyone';
  }

  /** Every word of them; undefined when there is one that no file has. */
  #open(words: readonly string[]): PostingCursor[] | undefined {
    const cursors: PostingCursor[] = [];
    for (const word of new Set(words)) {
      const number = findInSlab(this.tables.words, Buffer.from(word));
      if (number === undefined) return undefined;
      cursors.push(openPostings(this.tables.postings, number));
    }
    return cursors;
  }

  #openKnown(words: readonly string[]): PostingCursor[] {
    return [...new Set(words)].flatMap((word) => {
      const number = findInSlab(this.tables.words, Buffer.from(word));
      return number === undefined ? [] : [openPostings(this.tables.postings, number)];
    });
  }

  #visible(id: number, audiences: readonly Audience[] | undefined): boolean {
    return audiences === undefined || audiences.includes(this.#audienceOf(id));
  }

  #audienceOf(id: number): Audience {
    return this.audienceOfFolder(this.folderOf(id));
  }

  /** The folder that has this file. */
  folderOf(id: number): number {
    const { firstFile } = this.tables;
    let low = 0;
    let high = firstFile.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (firstFile[middle]! <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #pathOf(id: number): { readonly text: string; readonly latin1: boolean } {
    const { folders, names } = this.tables;
    return pathText(joinParts([slabAt(folders, this.folderOf(id)), slabAt(names, id)]));
  }

  /** What the scan read from the file itself. */
  attributes(id: number): FileAttributes {
    const { bitrates, durations, sampleRates, formats } = this.tables;
    const format = formats[id]!;
    return {
      ...(bitrates[id] !== ABSENT_16 && { bitrate: bitrates[id]! }),
      ...(durations[id] !== ABSENT_32 && { duration: durations[id]! }),
      ...((format & VBR_KNOWN) !== 0 && { vbr: (format & VBR) !== 0 }),
      ...(sampleRates[id] !== ABSENT_32 && { sampleRate: sampleRates[id]! }),
      ...((format & DEPTH) !== 0 && { bitDepth: format & DEPTH }),
    };
  }
}

/** The least file from `id` on that could be in all of them: `id` itself when it is; -1 when there is none. */
function firstBeyond(cursors: readonly PostingCursor[], id: number): number {
  for (const cursor of cursors) {
    const next = cursor.seek(id);
    if (next !== id) return next;
  }
  return id;
}
