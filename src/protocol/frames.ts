import { Buffer } from 'node:buffer';
import { LENGTH_WIDTH } from './channel.ts';
import { peerChannel } from './messages/peer.ts';
import { KEY_WIDTH, reveal } from './obfuscation.ts';
import type { ConnectionKind } from './table.ts';
import { asBuffer } from './text.ts';
import { WireError } from './wire-error.ts';

/** Connections that carry frames; an `F` connection does so only until its init frame. */
export type FramedKind = Exclude<ConnectionKind, 'file'>;

/** The largest length field that is accepted for a code, in bytes (it counts code and payload). */
export type FrameCap = (code: number) => number;

const KiB = 1024;
const MiB = 1024 * KiB;

const peerCaps: Readonly<Record<number, number>> = { 5: 448 * MiB, 9: 16 * MiB, 16: 448 * MiB, 37: 16 * MiB };

/**
 * Caps that Nicotine+ enforces: 448 MiB from the server and for lists of shares and user infos, 16 MiB for search and folder responses
 * and for unknown codes, 1 MiB for other peer messages, 16 KiB for init and distributed ones. A careful owner gives 0 for lists of
 * shares and user infos that it has not asked for.
 */
export const defaultFrameCap: Readonly<Record<FramedKind, FrameCap>> = {
  server: () => 448 * MiB,
  init: () => 16 * KiB,
  distributed: () => 16 * KiB,
  peer: (code) => peerCaps[code] ?? (peerChannel.entryOf(code) === undefined ? 16 * MiB : MiB),
};

const codeWidths: Readonly<Record<FramedKind, 1 | 4>> = { server: 4, peer: 4, init: 1, distributed: 1 };

/** A frame, complete and plain. */
export class Frame {
  readonly ok = true;
  readonly code: number;
  /** All of it, length field included. A view of the chunk that it came in: copy what is to be kept for long. */
  readonly bytes: Uint8Array;

  constructor(code: number, bytes: Uint8Array) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Code and payload, which is what decoders take. */
  get body(): Uint8Array {
    return this.bytes.subarray(LENGTH_WIDTH);
  }
}

/**
 * A length field that is out of bounds. `bad-length`: below the width of a code; the splitter goes on after it. `too-long`: above
 * the cap; the splitter says so again until its owner closes the connection or calls `skip`.
 */
export interface FrameFault {
  readonly ok: false;
  readonly reason: 'bad-length' | 'too-long';
  /** What the length field says, in bytes. */
  readonly length: number;
  /** Present when `reason` is `too-long`. */
  readonly code?: number;
  readonly error: WireError;
}

/** What `advance` found: a frame, nothing complete yet, or a fault. */
export type Advance = 'frame' | 'more' | 'fault';

export interface SplitterOptions {
  /** Frames are obfuscated, each under its own key. @default false */
  readonly obfuscated?: boolean;
  /** @default `defaultFrameCap` of the kind */
  readonly capOf?: FrameCap;
}

/**
 * Cuts a stream into frames. Frames that lie within one chunk are views of it; others are copied once. Takes time in
 * proportion to the bytes, however they are chunked, and allocates no more than twice what has arrived.
 *
 * Of kind `init` it yields a single frame and then waits for `switchTo` or `takeRest`, because what follows is of another kind.
 */
export class FrameSplitter {
  #kind: FramedKind;
  #codeWidth: 1 | 4;
  #capOf: FrameCap;
  #obfuscated: boolean;
  #waiting = false;
  #chunks: Buffer[] = [];
  /** Index of the first chunk with unread bytes, and where in it they start. */
  #head = 0;
  #at = 0;
  /** A frame that came in several chunks, as far as it has come. */
  #partial: Buffer | undefined;
  #filled = 0;
  /** Bytes to throw away before the next frame. */
  #skipping = 0;
  #tooLong: { readonly fault: FrameFault; readonly wireLength: number } | undefined;

  /** After `advance` returned `frame`: its code, and where it is, length field included. */
  code = 0;
  source: Buffer;
  start = 0;
  end = 0;
  /** After `advance` returned `fault`. */
  fault: FrameFault | undefined;

  constructor(kind: FramedKind, options: SplitterOptions = {}) {
    this.#kind = kind;
    this.#codeWidth = codeWidths[kind];
    this.#capOf = options.capOf ?? defaultFrameCap[kind];
    this.#obfuscated = options.obfuscated ?? false;
    this.source = Buffer.alloc(0);
  }

  get kind(): FramedKind {
    return this.#kind;
  }

  get obfuscated(): boolean {
    return this.#obfuscated;
  }

  /** Bytes that have arrived and belong to no frame yet. */
  get buffered(): number {
    let sum = this.#filled - this.#at;
    for (let i = this.#head; i < this.#chunks.length; i++) sum += this.#chunks[i]!.length;
    return sum;
  }

  /** Adds what has arrived. The bytes must not change afterwards. */
  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(asBuffer(chunk));
  }

  /** The next frame, a fault, or undefined when there is no complete frame yet. */
  next(): Frame | FrameFault | undefined {
    const found = this.advance();
    if (found === 'frame') return new Frame(this.code, this.source.subarray(this.start, this.end));
    return found === 'fault' ? this.fault : undefined;
  }

  /** All frames and faults that are complete; ends after a frame that is too long. */
  *[Symbol.iterator](): Generator<Frame | FrameFault, void, undefined> {
    for (;;) {
      const next = this.next();
      if (next === undefined) return;
      yield next;
      if (!next.ok && this.#tooLong !== undefined) return;
    }
  }

  /**
   * As `next`, without making objects: says where the frame is in `source`, `start` and `end`. Frames of one source that follow
   * each other without a gap can be passed on as one piece.
   */
  advance(): Advance {
    if (this.#tooLong !== undefined) return this.#report(this.#tooLong.fault);
    if (this.#waiting || !this.#skipped()) return 'more';
    if (this.#partial === undefined) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return 'more';
      const left = chunk.length - this.#at;
      const wanted = this.#measure(chunk, this.#at, left);
      if (wanted < 0) return 'fault';
      if (left >= wanted) {
        const start = this.#at;
        this.#consume(wanted);
        return this.#found(chunk, start, start + wanted);
      }
      this.#partial = Buffer.allocUnsafe(Math.min(wanted, Math.max(64, left * 2)));
      this.#filled = 0;
    }
    return this.#advancePartial(this.#partial);
  }

  /**
   * After `advance` returned `frame`: passes over the whole frames of `source` that follow, up to `to`, because they have
   * been looked through already. Throws a RangeError when `source` does not go on up to there.
   */
  passTo(to: number): void {
    if (to === this.end) return;
    const isLatest = this.#chunks[this.#head] === this.source && this.#at === this.end;
    if (!isLatest || to < this.end || to > this.source.length) throw new RangeError(`no frame ends at ${to}`);
    this.#consume(to - this.end);
    this.end = to;
  }

  /** After a frame that is too long: throws it away, without keeping it, and goes on behind it. */
  skip(): void {
    if (this.#tooLong === undefined) return;
    this.#skipping = this.#tooLong.wireLength - this.#filled;
    this.#tooLong = undefined;
    this.#dropPartial();
  }

  /**
   * Goes on with frames of another kind, from the first byte that no frame has taken. After an init frame obfuscation stays on
   * only if the new kind is `peer`: on `D` connections all that follows is plain (aioslsk documentation).
   */
  switchTo(kind: FramedKind, options: SplitterOptions = {}): void {
    this.#kind = kind;
    this.#codeWidth = codeWidths[kind];
    this.#capOf = options.capOf ?? defaultFrameCap[kind];
    this.#obfuscated = options.obfuscated ?? (this.#obfuscated && kind === 'peer');
    this.#waiting = false;
  }

  /** Takes out all that belongs to no frame yet, as it came: for an `F` connection, which has no frames after its init frame. */
  takeRest(): Uint8Array {
    const partial = this.#partial?.subarray(0, this.#filled);
    const chunks = this.#chunks.slice(this.#head);
    if (chunks[0] !== undefined) chunks[0] = chunks[0].subarray(this.#at);
    const pieces = partial === undefined ? chunks : [partial, ...chunks];
    this.#chunks = [];
    this.#head = 0;
    this.#at = 0;
    this.#dropPartial();
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** Gathers a frame from several chunks. */
  #advancePartial(first: Buffer): Advance {
    let partial = first;
    for (;;) {
      const wanted = this.#measure(partial, 0, this.#filled);
      if (wanted < 0) return 'fault';
      if (this.#filled >= wanted) {
        this.#dropPartial();
        return this.#found(partial, 0, wanted);
      }
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return 'more';
      const taken = Math.min(wanted - this.#filled, chunk.length - this.#at);
      partial = this.#roomFor(partial, this.#filled + taken, wanted);
      chunk.copy(partial, this.#filled, this.#at, this.#at + taken);
      this.#filled += taken;
      this.#consume(taken);
    }
  }

  /** The partial frame with room for `size` bytes; doubles, but never above `wanted`. */
  #roomFor(partial: Buffer, size: number, wanted: number): Buffer {
    if (partial.length >= size) return partial;
    const grown = Buffer.allocUnsafe(Math.max(size, Math.min(wanted, partial.length * 2)));
    partial.copy(grown, 0, 0, this.#filled);
    this.#partial = grown;
    return grown;
  }

  #dropPartial(): void {
    this.#partial = undefined;
    this.#filled = 0;
  }

  /**
   * How many bytes the frame at `at` takes on the wire, as far as the `left` bytes there tell: more than `left` if not even its
   * header is complete. Below 0: its length is out of bounds.
   */
  #measure(bytes: Buffer, at: number, left: number): number {
    const prefix = this.#obfuscated ? KEY_WIDTH : 0;
    const width = this.#codeWidth;
    const head = prefix + LENGTH_WIDTH;
    if (left < head) return head;
    const header = prefix === 0 ? bytes : reveal(bytes, at, at + Math.min(left, head + width));
    const headerAt = prefix === 0 ? at : 0;
    const length = header.readUInt32LE(headerAt);
    if (length < width) return this.#refuseShort(length, head);
    if (left < head + width) return head + width;
    const codeAt = headerAt + LENGTH_WIDTH;
    const code = width === 1 ? header[codeAt]! : header.readUInt32LE(codeAt);
    const cap = this.#capOf(code);
    if (length > cap) return this.#refuseLong(code, length, cap, head + length);
    this.code = code;
    return head + length;
  }

  #refuseShort(length: number, head: number): number {
    const error = new WireError('bad-length', `a frame of length ${length} has no code`);
    this.fault = { ok: false, reason: 'bad-length', length, error };
    this.#skipping = head + length - this.#filled;
    this.#dropPartial();
    return -1;
  }

  #refuseLong(code: number, length: number, cap: number, wireLength: number): number {
    const error = new WireError(
      'too-long',
      `a frame of code ${code} and length ${length}, above its cap of ${cap}`,
    );
    this.#tooLong = { fault: { ok: false, reason: 'too-long', length, code, error }, wireLength };
    this.fault = this.#tooLong.fault;
    return -1;
  }

  #report(fault: FrameFault): Advance {
    this.fault = fault;
    return 'fault';
  }

  #found(bytes: Buffer, start: number, end: number): Advance {
    this.#waiting = this.#kind === 'init';
    if (this.#obfuscated) {
      this.source = reveal(bytes, start, end);
      this.start = 0;
      this.end = this.source.length;
    } else {
      this.source = bytes;
      this.start = start;
      this.end = end;
    }
    return 'frame';
  }

  /** Throws away what is to be skipped; whether all of it has arrived. */
  #skipped(): boolean {
    while (this.#skipping > 0) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return false;
      const taken = Math.min(this.#skipping, chunk.length - this.#at);
      this.#skipping -= taken;
      this.#consume(taken);
    }
    return true;
  }

  #consume(count: number): void {
    this.#at += count;
    if (this.#at < this.#chunks[this.#head]!.length) return;
    this.#at = 0;
    this.#head++;
    if (this.#head === this.#chunks.length) {
      this.#chunks.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1024) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
    }
  }
}
