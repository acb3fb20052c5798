import type { ReadingFile } from '../../../platform/files.ts';

/** Bytes that are read at a time. */
const PIECE = 64 * 1024;

/** What a parser may read of one file: what it needs lies at the beginning, and with some formats at the end. */
const MAX_READ = 32 * 1024 * 1024;

/** A file as the parser of music metadata reads it: a Blob of which pieces are asked for. */
export class FileBlob extends Blob {
  readonly #read: ReadingFile['read'];
  override readonly size: number;
  #left = MAX_READ;
  #at = 0;
  #piece: Uint8Array = new Uint8Array(0);

  /** @param type its media type */
  constructor(read: ReadingFile['read'], size: number, type: string) {
    super([], { type });
    this.#read = read;
    this.size = size;
  }

  override slice(from = 0, to = this.size): Blob {
    return new Piece(() => this.#bytes(from, Math.min(to, this.size)));
  }

  async #bytes(from: number, to: number): Promise<ArrayBuffer> {
    const length = Math.max(0, to - from);
    if (from < this.#at || to > this.#at + this.#piece.length) {
      const wanted = Math.max(length, PIECE);
      this.#left -= wanted;
      if (this.#left < 0) throw new RangeError('too much of the file would have to be read');
      this.#piece = await this.#read(from, wanted);
      this.#at = from;
      if (this.#piece.length < length) throw new RangeError('the file became shorter');
    }
    const start = from - this.#at;
    return new Uint8Array(this.#piece.subarray(start, start + length)).buffer;
  }
}

class Piece extends Blob {
  readonly #read: () => Promise<ArrayBuffer>;

  constructor(read: () => Promise<ArrayBuffer>) {
    super([]);
    this.#read = read;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read();
  }
}
