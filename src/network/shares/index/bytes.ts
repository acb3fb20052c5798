/** Bytes that grow at their end; read as one piece once they are whole. */
export class GrowingBytes {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A number from 0 to 2^32 - 1 in 7-bit pieces, the lowest first. */
  pushVarint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A copy without spare room. */
  whole(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Texts as bytes, one behind the other; read by number. */
export interface Slab {
  readonly bytes: Uint8Array;
  /** One more than there are texts: text `i` goes from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array;
}

export function slabOf(texts: Iterable<Uint8Array>, count: number): Slab {
  const bytes = new GrowingBytes();
  const offsets = new Uint32Array(count + 1);
  let index = 0;
  for (const text of texts) {
    bytes.push(text);
    offsets[++index] = bytes.length;
  }
  return { bytes: bytes.whole(), offsets };
}

export function slabAt({ bytes, offsets }: Slab, index: number): Uint8Array {
  return bytes.subarray(offsets[index], offsets[index + 1]);
}

/** Order of bytes, which is that of code points in UTF-8. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Where `text` is in a slab whose texts are in order; undefined when it is not there. */
export function findInSlab(
  slab: Slab,
  text: Uint8Array,
  from = 0,
  to = slab.offsets.length - 1,
): number | undefined {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareBytes(slabAt(slab, middle), text);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
