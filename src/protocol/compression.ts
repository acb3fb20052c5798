import type { Buffer } from 'node:buffer';
import { constants, deflate, deflateSync, inflate, inflateSync, type ZlibOptions } from 'node:zlib';
import { Reader } from './reader.ts';
import type { Undecoded } from './result.ts';
import { asBuffer } from './text.ts';
import { WireError } from './wire-error.ts';

/** 0 (none) to 9 (best). Any is valid on the wire; Nicotine+ uses 4, others zlib's own default of 6. */
export type CompressionLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const DEFAULT_LEVEL: CompressionLevel = 4;

/** Output is collected in pieces of this size at most. */
const LARGEST_PIECE = 64 * 1024;

/** What zlib can make of one byte at most, a property of its format. */
const LARGEST_RATIO = 1032;

/** Compressed bytes that `peekSearchResponse` looks at first; enough for a name and a token in nearly every response. */
const FIRST_LOOK = 256;

const SEARCH_RESPONSE = 9;
const CODE_WIDTH = 4;

/** A user name longer than this is no user name (Nicotine+ refuses above 256 bytes). */
const LONGEST_NAME = 1024;

const inflating = (inputLength: number, cap: number): ZlibOptions => ({
  maxOutputLength: Math.max(1, cap),
  chunkSize: Math.min(LARGEST_PIECE, Math.max(1024, inputLength * 4)),
});

/** A zlib stream (RFC 1950) of the bytes. */
export const zip = (bytes: Uint8Array, level: CompressionLevel = DEFAULT_LEVEL): Buffer =>
  deflateSync(bytes, { level });

/** As `zip`, in the thread pool. */
export const zipAsync = (bytes: Uint8Array, level: CompressionLevel = DEFAULT_LEVEL): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    deflate(bytes, { level }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });

/**
 * The bytes in a zlib stream. Bytes after its end are ignored. Throws a `WireError`: `bad-zlib` for a damaged or
 * truncated stream, `inflate-limit` when it holds more than `cap` bytes (then no more than about `cap` were made).
 */
export function unzip(bytes: Uint8Array, cap: number): Buffer {
  try {
    return withinCap(inflateSync(bytes, inflating(bytes.length, cap)), cap);
  } catch (error) {
    throw zlibError(error, cap);
  }
}

/** As `unzip`, in the thread pool: for payloads that would hold up the event loop. */
export const unzipAsync = (bytes: Uint8Array, cap: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    inflate(bytes, inflating(bytes.length, cap), (error, result) => {
      if (error !== null) reject(zlibError(error, cap));
      else if (result.length > cap) reject(overCap(cap));
      else resolve(result);
    });
  });

/** Whose search response this is, and to which search. */
export interface SearchResponsePeek {
  readonly ok: true;
  readonly username: string;
  readonly token: number;
}

/**
 * Reads the user name and the token of a FileSearchResponse and inflates hardly more than them, so that answers to a search
 * that is over can be thrown away unread. `body` is the frame without its length: code and zlib stream. Never throws.
 */
export function peekSearchResponse(body: Uint8Array): SearchResponsePeek | Undecoded {
  try {
    return peek(asBuffer(body).subarray(CODE_WIDTH));
  } catch (cause) {
    const error =
      cause instanceof WireError ? cause : new WireError('internal', 'the decoder failed', { cause });
    return { ok: false, reason: error.code, code: SEARCH_RESPONSE, error };
  }
}

function peek(stream: Buffer): SearchResponsePeek {
  const reader = new Reader();
  for (let look = FIRST_LOOK; ; look *= 2) {
    const start = unzipStart(stream.subarray(0, look));
    const nameLength = start.length >= 4 ? start.readUInt32LE(0) : 0;
    if (nameLength > LONGEST_NAME) throw new WireError('bad-value', `a user name of ${nameLength} bytes`);
    if (look < stream.length && start.length < 8 + nameLength) continue;
    reader.reset(start);
    return { ok: true, username: reader.str(), token: reader.u32() };
  }
}

/** What the first bytes of a zlib stream inflate to; the rest of it may be missing. */
function unzipStart(bytes: Buffer): Buffer {
  const cap = bytes.length * LARGEST_RATIO + 1;
  try {
    return inflateSync(bytes, { ...inflating(bytes.length, cap), finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw zlibError(error, cap);
  }
}

function withinCap(result: Buffer, cap: number): Buffer {
  if (result.length > cap) throw overCap(cap);
  return result;
}

const overCap = (cap: number): WireError =>
  new WireError('inflate-limit', `inflates to more than ${cap} bytes`);

function zlibError(error: unknown, cap: number): WireError {
  if (error instanceof WireError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'ERR_BUFFER_TOO_LARGE') return overCap(cap);
  return new WireError('bad-zlib', typeof message === 'string' ? message : 'zlib failed', { cause: error });
}
