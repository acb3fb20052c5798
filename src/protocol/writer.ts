import { Buffer } from 'node:buffer';
import { fitsLatin1, utf8Write } from './text.ts';
import { WireError } from './wire-error.ts';
import { HIGH, LOW, whole, words } from './words.ts';

/** Messages are written one after the other into blocks of this many bytes. */
const BLOCK = 64 * 1024;

/** Up to this many UTF-16 units a loop beats the call into the runtime, if all of them are ASCII. */
const SHORT_TEXT = 20;

/** From this many UTF-16 units on the bytes are counted first, rather than reserving three for each. */
const LONG_TEXT = 4096;

/**
 * Writes messages into a growing block. What `finish` returns is a view of the block and is never written again;
 * small messages share one, as Node's own small Buffers do. Values that do not fit their type throw a `WireError`.
 */
export class Writer {
  bytes: Buffer;
  /** Where the next byte goes. */
  at = 0;
  /** Where the current message starts. */
  start = 0;
  /** Name of the field being written, for errors; set by whoever knows. */
  field = '';

  constructor(capacity = 0) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Starts a message, throwing away what an unfinished one has left. */
  begin(): void {
    this.at = this.start;
    this.field = '';
  }

  /** The message's bytes. Big ones leave the block to themselves. */
  finish(): Buffer {
    const { bytes, start, at } = this;
    const done = bytes.subarray(start, at);
    if (bytes.length <= BLOCK) {
      this.start = at;
      return done;
    }
    this.bytes = Buffer.allocUnsafeSlow(0);
    this.start = 0;
    this.at = 0;
    // Doubling may have left much behind the end: do not keep that alive together with the message.
    return bytes.length - done.length > done.length / 4 ? Buffer.from(done) : done;
  }

  /** Count of bytes of the current message. */
  get length(): number {
    return this.at - this.start;
  }

  u8(value: number): void {
    if ((value & 0xff) !== value) this.bad('u8', value);
    if (this.at + 1 > this.bytes.length) this.#grow(1);
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    if ((value & 0xffff) !== value) this.bad('u16', value);
    if (this.at + 2 > this.bytes.length) this.#grow(2);
    this.bytes[this.at++] = value;
    this.bytes[this.at++] = value >>> 8;
  }

  u32(value: number): void {
    if (value >>> 0 !== value) this.bad('u32', value);
    this.#word(value);
  }

  i32(value: number): void {
    if ((value | 0) !== value) this.bad('i32', value);
    this.#word(value);
  }

  u64(value: bigint): void {
    if (typeof value !== 'bigint') this.bad('u64', value);
    whole[0] = value;
    if (whole[0] !== value) this.bad('u64', value);
    const high = words[HIGH]!;
    this.#word(words[LOW]!);
    this.#word(high);
  }

  /** A file's size, written as it is. */
  size(value: bigint): void {
    this.u64(value);
  }

  bool(value: boolean): void {
    if (typeof value !== 'boolean') this.bad('bool', value);
    this.u8(value ? 1 : 0);
  }

  /** A boolean that takes a u32. */
  flag(value: boolean): void {
    if (typeof value !== 'boolean') this.bad('flag', value);
    this.#word(value ? 1 : 0);
  }

  /** Dotted IPv4; see `Reader.ip`. */
  ip(value: string): void {
    const parts = typeof value === 'string' ? value.split('.') : [];
    if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
      this.bad('ip', value);
    for (let i = 3; i >= 0; i--) this.u8(Number(parts[i]));
  }

  /** UTF-8 with its byte count in front. Lone surrogates become U+FFFD. */
  str(value: string): void {
    if (typeof value !== 'string') this.bad('str', value);
    const length = value.length;
    const room = 4 + (length < LONG_TEXT ? length * 3 : Buffer.byteLength(value));
    if (this.at + room > this.bytes.length) this.#grow(room);
    const bytes = this.bytes;
    const at = this.at;
    const start = at + 4;
    let size = length;
    if (length <= SHORT_TEXT) {
      let i = 0;
      for (; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[start + i] = unit;
      }
      if (i < length) size = utf8Write(bytes, value, start);
    } else size = utf8Write(bytes, value, start);
    bytes[at] = size;
    bytes[at + 1] = size >>> 8;
    bytes[at + 2] = size >>> 16;
    bytes[at + 3] = size >>> 24;
    this.at = start + size;
  }

  /** ISO-8859-1 with its byte count in front; UTF-8 after all if the text has what ISO-8859-1 lacks. */
  latin1(value: string): void {
    if (typeof value !== 'string' || !fitsLatin1(value)) {
      this.str(value);
      return;
    }
    this.bin(Buffer.from(value, 'latin1'));
  }

  /** Bytes with their count in front. */
  bin(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) this.bad('bytes', value);
    this.#word(value.length);
    this.raw(value);
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) this.bad('raw', value);
    if (this.at + value.length > this.bytes.length) this.#grow(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /** The code of an embedded message: one byte, as it is written today. */
  embedded(value: number): void {
    this.u8(value);
  }

  /** The count of a list; refuses what is no list. */
  count(list: readonly unknown[]): number {
    if (!Array.isArray(list)) this.bad('list', list);
    this.#word(list.length);
    return list.length;
  }

  /** Starts a frame: leaves room for its length and writes its code, in 1 or 4 bytes. */
  beginFrame(code: number, codeWidth: 1 | 4): void {
    this.begin();
    if (this.at + 8 > this.bytes.length) this.#grow(8);
    const bytes = this.bytes;
    const at = this.at + 4;
    bytes[at] = code;
    if (codeWidth === 4) {
      bytes[at + 1] = code >>> 8;
      bytes[at + 2] = code >>> 16;
      bytes[at + 3] = code >>> 24;
    }
    this.at = at + codeWidth;
  }

  /** The frame's bytes, with its length filled in. */
  finishFrame(): Buffer {
    const { bytes, start } = this;
    const length = this.at - start - 4;
    bytes[start] = length;
    bytes[start + 1] = length >>> 8;
    bytes[start + 2] = length >>> 16;
    bytes[start + 3] = length >>> 24;
    return this.finish();
  }

  /** Refuses a message whose optional group is given in part. */
  missing(field: string): never {
    throw new WireError(
      'missing-field',
      `${field} is missing, though a field that comes with it or after it is given`,
    );
  }

  #word(value: number): void {
    const at = this.at;
    if (at + 4 > this.bytes.length) {
      this.#wordAfterGrowth(value);
      return;
    }
    const bytes = this.bytes;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.at = at + 4;
  }

  #wordAfterGrowth(value: number): void {
    this.#grow(4);
    this.#word(value);
  }

  #grow(room: number): void {
    const used = this.at - this.start;
    const wanted = used + room;
    const grown = Buffer.allocUnsafeSlow(wanted > BLOCK / 2 ? Math.max(wanted * 2, BLOCK + 1) : BLOCK);
    this.bytes.copy(grown, 0, this.start, this.at);
    this.bytes = grown;
    this.start = 0;
    this.at = used;
  }

  /** Refuses a value. */
  bad(type: string, value: unknown): never {
    const where = this.field === '' ? '' : `${this.field}: `;
    if (value === undefined) throw new WireError('missing-field', `${where}a ${type} is missing`);
    const shown =
      typeof value === 'bigint'
        ? `${value.toString()}n`
        : typeof value === 'number'
          ? String(value)
          : typeof value;
    throw new WireError('bad-value', `${where}${shown} is no ${type}`);
  }
}
