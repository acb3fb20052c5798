import { Buffer } from 'node:buffer';

/**
 * Frames that are to be passed on together. Frames that lie one after the other in a received chunk become one slice of
 * it; only where a chunk holds something else in between, or a frame came in two chunks, is there anything to copy.
 */
export class RelayBatch {
  #pieces: Buffer[] = [];
  #source: Buffer | undefined;
  #start = 0;
  #end = 0;
  /** Frames since the last `take`. */
  count = 0;

  /** Adds the frames in `source` from `start` to `end`, `count` of them. */
  add(source: Buffer, start: number, end: number, count = 1): void {
    this.count += count;
    if (source === this.#source && start === this.#end) {
      this.#end = end;
      return;
    }
    this.#cut();
    this.#source = source;
    this.#start = start;
    this.#end = end;
  }

  /** All frames as one piece; empties the batch, which must not be empty. One piece, because each is a system call per child. */
  take(): Buffer {
    this.#cut();
    const pieces = this.#pieces;
    this.#source = undefined;
    this.count = 0;
    if (pieces.length === 1) {
      const piece = pieces[0]!;
      pieces.length = 0;
      return piece;
    }
    this.#pieces = [];
    return Buffer.concat(pieces);
  }

  #cut(): void {
    if (this.#source !== undefined) this.#pieces.push(this.#source.subarray(this.#start, this.#end));
  }
}
