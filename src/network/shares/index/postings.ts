import { GrowingBytes } from './bytes.ts';

/**
 * Which files have a word: numbers in rising order. A word of many files is a bitmap, because then asking for one file is
 * what it is needed for; others are distances in varints, with a mark every so often to jump to.
 */
export interface Postings {
  /** Of all words, one behind the other. */
  readonly bytes: Uint8Array;
  /** One more than there are words. */
  readonly offsets: Uint32Array;
  /** How many files each word has. */
  readonly counts: Uint32Array;
  /** Files there are: the length of a bitmap in bits. */
  readonly files: number;
}

/** From this share of all files on a bitmap is smaller, or little larger, and much quicker to ask. */
const BITMAP_SHARE = 1 / 24;

export const isBitmap = (count: number, files: number): boolean => count > files * BITMAP_SHARE && count > 64;

/** Writes the lists of one word after the other. */
export class PostingsWriter {
  readonly #bytes = new GrowingBytes();
  readonly #offsets: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #files: number;
  #words = 0;

  constructor(words: number, files: number) {
    this.#offsets = new Uint32Array(words + 1);
    this.#counts = new Uint32Array(words);
    this.#files = files;
  }

  /** @param ids rising, each once */
  push(ids: Uint32Array): void {
    this.#counts[this.#words] = ids.length;
    if (isBitmap(ids.length, this.#files)) this.#bytes.push(bitmapOf(ids, this.#files));
    else {
      let before = -1;
      for (const id of ids) {
        this.#bytes.pushVarint(id - before - 1);
        before = id;
      }
    }
    this.#offsets[++this.#words] = this.#bytes.length;
  }

  whole(): Postings {
    return {
      bytes: this.#bytes.whole(),
      offsets: this.#offsets,
      counts: this.#counts,
      files: this.#files,
    };
  }
}

function bitmapOf(ids: Uint32Array, files: number): Uint8Array {
  const bits = new Uint8Array((files + 7) >>> 3);
  for (const id of ids) bits[id >>> 3]! |= 1 << (id & 7);
  return bits;
}

/** The files of one word, in order, one at a time. */
export interface PostingCursor {
  /** How many there are in all. */
  readonly count: number;
  /** The first file from `id` on, or -1. `id` must not become smaller. */
  seek(id: number): number;
}

/** @param word its number in the dictionary */
export function openPostings(postings: Postings, word: number): PostingCursor {
  const { bytes, offsets, counts, files } = postings;
  const piece = bytes.subarray(offsets[word], offsets[word + 1]);
  const count = counts[word]!;
  return isBitmap(count, files) ? new BitmapCursor(piece, count, files) : new ListCursor(piece, count);
}

class BitmapCursor implements PostingCursor {
  readonly count: number;
  readonly #bits: Uint8Array;
  readonly #files: number;

  constructor(bits: Uint8Array, count: number, files: number) {
    this.#bits = bits;
    this.count = count;
    this.#files = files;
  }

  seek(id: number): number {
    if (id >= this.#files) return -1;
    let at = id >>> 3;
    let byte = this.#bits[at]! >>> (id & 7);
    if (byte !== 0) return id + lowestBit(byte);
    for (at++; at < this.#bits.length; at++) {
      byte = this.#bits[at]!;
      if (byte !== 0) return (at << 3) + lowestBit(byte);
    }
    return -1;
  }
}

const lowestBit = (byte: number): number => 31 - Math.clz32(byte & -byte);

class ListCursor implements PostingCursor {
  readonly count: number;
  readonly #bytes: Uint8Array;
  #at = 0;
  /** The last one read; -1 before the first. */
  #id = -1;
  #over = false;

  constructor(bytes: Uint8Array, count: number) {
    this.#bytes = bytes;
    this.count = count;
  }

  seek(id: number): number {
    if (this.#over) return -1;
    if (this.#id >= id) return this.#id;
    const bytes = this.#bytes;
    let at = this.#at;
    let current = this.#id;
    while (at < bytes.length) {
      let byte = bytes[at++]!;
      let distance = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = bytes[at++]!;
        distance |= (byte & 0x7f) << shift;
      }
      current += (distance >>> 0) + 1;
      if (current >= id) {
        this.#at = at;
        this.#id = current;
        return current;
      }
    }
    this.#over = true;
    return -1;
  }
}
