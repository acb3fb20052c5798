interface Entry {
  chunk: Uint8Array;
  readonly due: number;
  next: Entry | undefined;
}

/**
 * Chunks of bytes, each with the moment when it arrives, first in first out. A linked list: most queues are empty most
 * of the time, and there are four for each connection.
 */
export class ChunkQueue {
  #first: Entry | undefined;
  #last: Entry | undefined;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** When the first chunk arrives; `Infinity` when there is none. */
  get firstDue(): number {
    return this.#first?.due ?? Infinity;
  }

  /** Empty chunks are ignored. */
  push(chunk: Uint8Array, due: number): void {
    if (chunk.length === 0) return;
    const entry: Entry = { chunk, due, next: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#bytes += chunk.length;
  }

  /** Removes and returns at most `max` bytes of the first chunk, without copying them; undefined when empty. */
  take(max: number): Uint8Array | undefined {
    const entry = this.#first;
    if (entry === undefined) return undefined;
    const { chunk } = entry;
    if (chunk.length > max) {
      entry.chunk = chunk.subarray(max);
      this.#bytes -= max;
      return chunk.subarray(0, max);
    }
    this.#bytes -= chunk.length;
    this.#first = entry.next;
    if (this.#first === undefined) this.#last = undefined;
    return chunk;
  }

  /** Removes and copies everything due by `now`, at most `max` bytes; undefined when nothing is. */
  takeDue(now: number, max: number): Uint8Array | undefined {
    let size = 0;
    for (let entry = this.#first; entry !== undefined && entry.due <= now && size < max; entry = entry.next) {
      size += entry.chunk.length;
    }
    if (size === 0) return undefined;
    // A Buffer, as sockets give: its methods differ from those of a plain Uint8Array here and there.
    const joined = Buffer.allocUnsafe(Math.min(size, max));
    for (let at = 0; at < joined.length; ) {
      const part = this.take(joined.length - at)!;
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#bytes = 0;
  }
}
