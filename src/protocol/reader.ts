import { Buffer } from 'node:buffer';
import { isStrictUtf8, latin1Slice, utf8Slice } from './text.ts';
import { WireError } from './wire-error.ts';
import { HIGH, LOW, whole, words } from './words.ts';

const EMPTY = Buffer.alloc(0);

/** Up to this many bytes a loop beats the call into the runtime. */
const SHORT_TEXT = 8;

/** Items that the lists of one message may have, all together, unless its row in the table says otherwise. */
export const DEFAULT_ITEM_LIMIT = 1_000_000;

/**
 * A cursor over one message. Integers are little-endian. Every read is checked against the end of the message and
 * throws a `WireError` (`truncated`, `bad-count`) instead of reading past it. The items of all its lists
 * are counted too (`item-limit`), because an item of a few bytes becomes an object of many.
 */
export class Reader {
  /** The bytes that hold the message. */
  bytes: Buffer = EMPTY;
  /** Where the next read starts. */
  at = 0;
  /** One past the last byte of the message. */
  end = 0;
  /** Set when a string was no UTF-8 and was read as ISO-8859-1; whoever wants to know resets it. */
  fellBack = false;
  /** List items that may still follow. Whoever reads the message a second time puts it back. */
  itemsLeft = DEFAULT_ITEM_LIMIT;

  /** Reads `bytes` from `start` on, with no more than `items` list items in all. */
  reset(bytes: Buffer, start = 0, end = bytes.length, items = DEFAULT_ITEM_LIMIT): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.fellBack = false;
    this.itemsLeft = items;
  }

  /** Lets go of the bytes, so that a reader that is kept does not keep them. */
  release(): void {
    this.bytes = EMPTY;
    this.at = 0;
    this.end = 0;
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    const at = this.at;
    if (at >= this.end) this.#truncated(1);
    this.at = at + 1;
    return this.bytes[at]!;
  }

  u16(): number {
    const at = this.at;
    if (at + 2 > this.end) this.#truncated(2);
    this.at = at + 2;
    return this.bytes[at]! | (this.bytes[at + 1]! << 8);
  }

  i32(): number {
    const at = this.at;
    if (at + 4 > this.end) this.#truncated(4);
    this.at = at + 4;
    const bytes = this.bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  u64(): bigint {
    const low = this.i32();
    words[HIGH] = this.i32();
    words[LOW] = low;
    return whole[0]!;
  }

  /**
   * A file's size. The old Windows client writes sizes above 2 GiB with the upper word all ones, so of such a size
   * only the lower word counts (Nicotine+, Soulseek.NET).
   */
  size(): bigint {
    const low = this.i32();
    const high = this.i32();
    words[HIGH] = high === -1 ? 0 : high;
    words[LOW] = low;
    return whole[0]!;
  }

  /** One byte; anything but 0 is true. */
  bool(): boolean {
    return this.u8() !== 0;
  }

  /** A boolean that takes a u32. */
  flag(): boolean {
    return this.i32() !== 0;
  }

  /** An IPv4 address, whose four bytes travel in reverse: `04 03 02 01` is 1.2.3.4. */
  ip(): string {
    const at = this.at;
    if (at + 4 > this.end) this.#truncated(4);
    this.at = at + 4;
    const bytes = this.bytes;
    return `${bytes[at + 3]!}.${bytes[at + 2]!}.${bytes[at + 1]!}.${bytes[at]!}`;
  }

  /** A string with its byte count in front: strict UTF-8, or else the whole of it ISO-8859-1 (then `fellBack` is set). */
  str(): string {
    const length = this.u32();
    const start = this.at;
    const end = start + length;
    if (end > this.end) this.#truncated(length);
    this.at = end;
    const bytes = this.bytes;
    if (length <= SHORT_TEXT) {
      let text = '';
      let i = start;
      for (; i < end; i++) {
        const byte = bytes[i]!;
        if (byte > 0x7f) break;
        text += String.fromCharCode(byte);
      }
      if (i === end) return text;
    }
    const text = utf8Slice(bytes, start, end);
    if (!text.includes('\uFFFD') || isStrictUtf8(bytes, start, end)) return text;
    this.fellBack = true;
    return latin1Slice(bytes, start, end);
  }

  /** Bytes with their count in front, as a view of the message. */
  bin(): Uint8Array {
    const length = this.u32();
    const start = this.at;
    if (start + length > this.end) this.#truncated(length);
    this.at = start + length;
    return this.bytes.subarray(start, start + length);
  }

  /** All that is left, as a view of the message. */
  raw(): Uint8Array {
    const start = this.at;
    this.at = this.end;
    return this.bytes.subarray(start, this.end);
  }

  /** The code of a message embedded in another; old senders put three zero bytes before it (see `embeddedCode`). */
  embedded(): number {
    const at = this.at;
    const bytes = this.bytes;
    const zeros = this.end - at >= 4 && bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 0;
    if (zeros && bytes[at + 3] !== 0) this.at = at + 3;
    return this.u8();
  }

  /** The count of a list whose items take at least `min` bytes each; refuses one that cannot fit or goes beyond `itemsLeft`, before anything is allocated for it. */
  count(min: number): number {
    const count = this.u32();
    if (count * min > this.end - this.at) {
      throw new WireError(
        'bad-count',
        `a list of ${count} items of at least ${min} bytes, but ${this.end - this.at} bytes left`,
      );
    }
    const itemsLeft = this.itemsLeft - count;
    if (itemsLeft < 0)
      throw new WireError('item-limit', `a list of ${count} items, ${-itemsLeft} above the message's limit`);
    this.itemsLeft = itemsLeft;
    return count;
  }

  #truncated(wanted: number): never {
    throw new WireError('truncated', `${wanted} bytes wanted at ${this.at}, ${this.end - this.at} left`);
  }
}
