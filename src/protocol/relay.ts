import { Buffer } from 'node:buffer';
import { asBuffer } from './text.ts';

/** The only identifier that a distributed search may carry; others are neither relayed nor answered (Nicotine+). */
export const SEARCH_IDENTIFIER = 49;

const SEARCH = 3;
const EMBEDDED = 93;

/** Where a frame that may hold a search came from: the server (EmbeddedMessage) or the parent (DistribSearch, DistribEmbeddedMessage). */
export type RelaySource = 'server' | 'distributed';

/**
 * The DistribSearch frame in a frame (length field included): itself, or what is embedded in it, byte for byte. Null when
 * it holds no search. Does not look into the search.
 */
export function unwrapSearch(source: RelaySource, frame: Uint8Array): Uint8Array | null {
  const bytes = asBuffer(frame);
  if (source === 'server') {
    return bytes.length >= 9 && bytes.readUInt32LE(4) === EMBEDDED && bytes[8] === SEARCH
      ? cut(bytes, 8)
      : null;
  }
  if (bytes.length < 5) return null;
  if (bytes[4] === SEARCH) return bytes;
  if (bytes[4] !== EMBEDDED) return null;
  // Two dialects: the outer code as u8, or as u32 and so with three more zero bytes.
  const wide = bytes.length >= 9 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
  const at = wide ? 8 : 5;
  return bytes[at] === SEARCH ? cut(bytes, at) : null;
}

/**
 * The frame to pass to children for a frame (length field included) from the server or the parent: the search byte for byte, fields
 * that nobody knows included. Null when there is nothing to relay: no search, an identifier other than 49, or a search cut short.
 */
export function relayFrame(source: RelaySource, frame: Uint8Array): Uint8Array | null {
  const search = unwrapSearch(source, frame);
  return search !== null && isRelayable(asBuffer(search), 0, search.length) ? search : null;
}

/** Whether the bytes from `start` to `end` are a DistribSearch frame (length field included) that should be relayed. */
export function isRelayable(bytes: Buffer, start: number, end: number): boolean {
  // 5 bytes of header, then identifier, length of the user name, user name, token, length of the query, query.
  const shortest = 21;
  if (
    end - start < shortest ||
    bytes[start + 4] !== SEARCH ||
    bytes.readUInt32LE(start + 5) !== SEARCH_IDENTIFIER
  )
    return false;
  const afterName = start + 13 + bytes.readUInt32LE(start + 9);
  if (afterName + 8 > end) return false;
  return afterName + 8 + bytes.readUInt32LE(afterName + 4) <= end;
}

/** A frame of the bytes from `at` on, which begin with a code. */
function cut(bytes: Buffer, at: number): Buffer {
  const frame = Buffer.allocUnsafe(4 + bytes.length - at);
  frame.writeUInt32LE(bytes.length - at, 0);
  bytes.copy(frame, 4, at);
  return frame;
}
