import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import type { Random } from '../../platform/random.ts';
import type { PeerMessage } from '../../protocol/index.ts';
import type { Spoil } from './behaviour.ts';

const LENGTH_WIDTH = 4;
/** Length field and code of a peer message. */
const PEER_HEADER = 8;
const MIB = 1024 * 1024;
/** What a bomb inflates to, far above what any reader allows a search result. */
const BOMB_MIB = 256;
/** A file entry of zeros: code, empty name, size, empty extension, no attributes. A bomb is a list of these. */
const EMPTY_FILE_BYTES = 21;
const MOST = 0xffff_ffff;
/** First bytes of a zlib stream. */
const ZLIB_HEADER = Buffer.from([0x78, 0x9c]);

/** A frame as a broken or malicious peer sends it. @param message what the frame says, if it is one of the compressed kinds. */
export function spoil(frame: Uint8Array, how: Spoil, random: Random, message?: PeerMessage): Uint8Array {
  switch (how) {
    case 'half':
      return frame.subarray(0, Math.max(1, frame.length >> 1));
    case 'garbage':
      return random.bytes(frame.length);
    case 'oversize': {
      const bytes = Buffer.from(frame);
      bytes.writeUInt32LE(0x8000_0000, 0);
      return bytes;
    }
    case 'bomb':
    case 'lying-count': {
      const before = message && beforeList(message);
      if (!before) return frame;
      return how === 'bomb' ? bomb(frame, before) : lie(frame, before);
    }
  }
}

/** The payload of a compressed message up to the count of its first list, which is left out. */
function beforeList(message: PeerMessage): Buffer | undefined {
  switch (message.type) {
    case 'FileSearchResponse':
      return Buffer.concat([text(message.username), u32(message.token)]);
    case 'SharedFileListResponse':
      return Buffer.alloc(0);
    case 'FolderContentsResponse':
      return Buffer.concat([u32(message.token), text(message.folder)]);
    default:
      return undefined;
  }
}

/** A list as long as its count says, of files that are nothing: some hundred kilobytes that hold {@link BOMB_MIB}. */
function bomb(frame: Uint8Array, before: Uint8Array): Buffer {
  const count = Math.floor((BOMB_MIB * MIB) / EMPTY_FILE_BYTES);
  const mebibyte = piece(Buffer.alloc(MIB));
  const pieces = Array.from({ length: BOMB_MIB }, () => mebibyte);
  // The checksum at the end is missing: whoever reads that far has been had already.
  return withPayload(frame, [ZLIB_HEADER, piece(Buffer.concat([before, u32(count)])), ...pieces]);
}

/** A sound stream, of a list that ends where it should begin. */
function lie(frame: Uint8Array, before: Uint8Array): Buffer {
  return withPayload(frame, [deflateSync(Buffer.concat([before, u32(MOST)]))]);
}

/** A part of a deflate stream that other parts may follow. */
const piece = (bytes: Uint8Array): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });

function withPayload(frame: Uint8Array, pieces: readonly Uint8Array[]): Buffer {
  const header = Buffer.from(frame.subarray(0, PEER_HEADER));
  const spoilt = Buffer.concat([header, ...pieces]);
  spoilt.writeUInt32LE(spoilt.length - LENGTH_WIDTH, 0);
  return spoilt;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u32(bytes.length), bytes]);
}
