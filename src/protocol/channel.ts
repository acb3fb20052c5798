import type { Buffer } from 'node:buffer';
import { type CompressionLevel, unzip, unzipAsync, zip, zipAsync } from './compression.ts';
import { compileLayout, type Layout } from './layout.ts';
import { Reader } from './reader.ts';
import type { DecodeResult, Undecoded } from './result.ts';
import type { StructShape } from './shape.ts';
import { type ConnectionKind, type Direction, type MessageRow, payloadShape } from './table.ts';
import { asBuffer } from './text.ts';
import { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

/** Bytes of a frame's length field. */
export const LENGTH_WIDTH = 4;

export interface EncodeOptions {
  /** Level for compressed messages. @default 4 */
  readonly level?: CompressionLevel;
}

export interface DecodeOptions {
  /**
   * Largest inflated payload, in bytes.
   * @default 33554432 (32 MiB); 268435456 (256 MiB) for SharedFileListResponse
   */
  readonly inflateCap?: number;
}

/** A row with its layout, which is made when it is first needed. */
export class MessageEntry {
  readonly row: MessageRow;
  readonly shape: StructShape;
  #layout: Layout | undefined;

  constructor(row: MessageRow) {
    this.row = row;
    this.shape = payloadShape(row);
  }

  get layout(): Layout {
    this.#layout ??= compileLayout(this.shape, this.row.name);
    return this.#layout;
  }
}

// Reading and writing are synchronous and never re-entered, so one cursor of each serves all.
const reader = new Reader();
const writer = new Writer();

/** One direction of one kind of connection: its messages, from and to bytes. */
export class Channel<M extends { readonly type: string }> {
  readonly kind: ConnectionKind;
  readonly direction: Direction;
  /** Bytes of the code: 4 on server and peer connections, 1 on others. */
  readonly codeWidth: 1 | 4;
  readonly entries: readonly MessageEntry[];
  readonly #byName: ReadonlyMap<string, MessageEntry>;
  readonly #byCode: readonly (MessageEntry | undefined)[];

  constructor(kind: ConnectionKind, direction: Direction, codeWidth: 1 | 4, rows: readonly MessageRow[]) {
    this.kind = kind;
    this.direction = direction;
    this.codeWidth = codeWidth;
    this.entries = rows.map((row) => new MessageEntry(row));
    this.#byName = new Map(this.entries.map((entry) => [entry.row.name, entry]));
    const byCode: (MessageEntry | undefined)[] = [];
    for (const entry of this.entries) byCode[entry.row.code] = entry;
    this.#byCode = Array.from(byCode);
  }

  entryOf(code: number): MessageEntry | undefined {
    return this.#byCode[code];
  }

  entryNamed(name: string): MessageEntry | undefined {
    return this.#byName.get(name);
  }

  /** The complete frame of a message, header included. Throws a `WireError` if a value does not fit. */
  encode(message: M, options?: EncodeOptions): Buffer {
    const entry = this.#entryFor(message);
    if (entry.row.compressed) return this.#frame(entry, zip(this.encodePayload(message), options?.level));
    writer.beginFrame(entry.row.code, this.codeWidth);
    entry.layout.write(writer, message);
    return writer.finishFrame();
  }

  /** As `encode`; compresses in the thread pool. */
  async encodeAsync(message: M, options?: EncodeOptions): Promise<Buffer> {
    const entry = this.#entryFor(message);
    if (!entry.row.compressed) return this.encode(message);
    return this.#frame(entry, await zipAsync(this.encodePayload(message), options?.level));
  }

  /** What follows the code, before any compression. */
  encodePayload(message: M): Buffer {
    const entry = this.#entryFor(message);
    writer.begin();
    entry.layout.write(writer, message);
    return writer.finish();
  }

  /** Reads a frame's body: code and payload. Never throws. Byte fields are views of `body`. */
  decode(body: Uint8Array, options?: DecodeOptions): DecodeResult<M> {
    const bytes = asBuffer(body);
    const entry = this.#entryIn(bytes);
    if (!(entry instanceof MessageEntry)) return entry;
    if (!entry.row.compressed) return this.#read(entry, bytes, this.codeWidth);
    try {
      return this.#read(entry, unzip(bytes.subarray(this.codeWidth), inflateCap(entry, options)), 0);
    } catch (error) {
      return failure(entry.row.code, error);
    }
  }

  /** As `decode`; inflates in the thread pool. Never rejects. */
  async decodeAsync(body: Uint8Array, options?: DecodeOptions): Promise<DecodeResult<M>> {
    const bytes = asBuffer(body);
    const entry = this.#entryIn(bytes);
    if (!(entry instanceof MessageEntry)) return entry;
    if (!entry.row.compressed) return this.#read(entry, bytes, this.codeWidth);
    try {
      return this.#read(
        entry,
        await unzipAsync(bytes.subarray(this.codeWidth), inflateCap(entry, options)),
        0,
      );
    } catch (error) {
      return failure(entry.row.code, error);
    }
  }

  /** Reads what follows the code, inflated if it was compressed. Never throws. */
  decodePayload(code: number, payload: Uint8Array): DecodeResult<M> {
    const entry = this.#byCode[code];
    return entry === undefined ? unknownCode(code) : this.#read(entry, asBuffer(payload), 0);
  }

  #read(entry: MessageEntry, bytes: Buffer, start: number): DecodeResult<M> {
    reader.reset(bytes, start, bytes.length, entry.row.limits.items);
    try {
      const message = entry.layout.read(reader) as unknown as M;
      return { ok: true, message, trailing: reader.end - reader.at };
    } catch (error) {
      return failure(entry.row.code, error);
    } finally {
      reader.release();
    }
  }

  #entryIn(bytes: Buffer): MessageEntry | Undecoded {
    if (bytes.length < this.codeWidth) {
      const error = new WireError('truncated', `a frame of ${bytes.length} bytes has no code`);
      return { ok: false, reason: error.code, error };
    }
    const code = this.codeWidth === 4 ? bytes.readUInt32LE(0) : bytes[0]!;
    return this.#byCode[code] ?? unknownCode(code);
  }

  #entryFor(message: M): MessageEntry {
    const entry = this.#byName.get(message.type);
    if (entry !== undefined) return entry;
    throw new WireError(
      'unknown-type',
      `${this.kind} connections have no ${this.direction} ${JSON.stringify(message.type)}`,
    );
  }

  #frame(entry: MessageEntry, payload: Buffer): Buffer {
    writer.beginFrame(entry.row.code, this.codeWidth);
    writer.raw(payload);
    return writer.finishFrame();
  }
}

const inflateCap = (entry: MessageEntry, options: DecodeOptions | undefined): number =>
  options?.inflateCap ?? entry.row.limits.inflated;

function unknownCode(code: number): Undecoded {
  const error = new WireError('unknown-code', `no message has code ${code}`);
  return { ok: false, reason: error.code, code, error };
}

function failure(code: number, cause: unknown): Undecoded {
  const error =
    cause instanceof WireError ? cause : new WireError('internal', 'the decoder failed', { cause });
  return { ok: false, reason: error.code, code, error };
}
