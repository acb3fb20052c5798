import { Channel, type DecodeOptions, type EncodeOptions } from '../channel.ts';
import { bool, bytes, list, optional, str, u32, u64, when } from '../codec.ts';
import type { DecodeResult } from '../result.ts';
import {
  deprecated,
  limited,
  type MessageLimits,
  type MessageOf,
  MiB,
  message,
  obsolete,
  zipped,
} from '../table.ts';
import { directory, file } from './shared.ts';

/** A million files with four attributes each, in as many folders as that leaves room for. */
const shareLimits: MessageLimits = { items: 6_000_000, inflated: 256 * MiB };

/**
 * What peers say to each other on a `P` connection (Nicotine+ protocol documentation). The last fields of SharedFileListResponse and
 * FileSearchResponse come one by one: Nicotine+ leaves out an empty private list, older clients everything after `queueLength`.
 */
const peerMessages = [
  message(4, 'SharedFileListRequest', optional({ token: u32 })),
  limited(
    shareLimits,
    zipped(
      5,
      'SharedFileListResponse',
      { directories: list(directory) },
      optional({ unknown: u32 }),
      optional({ privateDirectories: list(directory) }),
    ),
  ),
  obsolete(8, 'FileSearchRequest', { token: u32, query: str }),
  zipped(
    9,
    'FileSearchResponse',
    { username: str, token: u32, results: list(file), slotFree: bool, avgSpeed: u32, queueLength: u32 },
    optional({ unknown: u32 }),
    optional({ privateResults: list(file) }),
  ),
  message(15, 'UserInfoRequest'),
  message(
    16,
    'UserInfoResponse',
    { description: str, hasPicture: bool },
    when('hasPicture', [{ picture: bytes }]),
    { uploadSlots: u32, queueSize: u32, slotsFree: bool },
    optional({ uploadPermitted: u32 }),
  ),
  message(36, 'FolderContentsRequest', { token: u32, folder: str }),
  zipped(37, 'FolderContentsResponse', { token: u32, folder: str, folders: list(directory) }),
  message(40, 'TransferRequest', { direction: u32, token: u32, filename: str }, optional({ fileSize: u64 })),
  message(
    41,
    'TransferResponse',
    { token: u32, allowed: bool },
    when('allowed', [optional({ fileSize: u64 })], [optional({ reason: str })]),
  ),
  obsolete(42, 'PlaceholdUpload', { filename: str }),
  message(43, 'QueueUpload', { filename: str }),
  message(44, 'PlaceInQueueResponse', { filename: str, place: u32 }),
  message(46, 'UploadFailed', { filename: str }),
  message(50, 'UploadDenied', { filename: str, reason: str }),
  message(51, 'PlaceInQueueRequest', { filename: str }),
  deprecated(52, 'UploadQueueNotification'),
] as const;

export type PeerMessage = MessageOf<(typeof peerMessages)[number]>;
export type PeerMessageOf<N extends PeerMessage['type']> = Extract<PeerMessage, { readonly type: N }>;

export const peerChannel = new Channel<PeerMessage>('peer', 'request', 4, peerMessages);

/** The complete frame of a peer message, compressed where the message is. Throws a `WireError` if a value does not fit. */
export const encodePeerMessage = (message: PeerMessage, options?: EncodeOptions): Uint8Array =>
  peerChannel.encode(message, options);

/** As `encodePeerMessage`, compressing in the thread pool: for lists of shares. */
export const encodePeerMessageAsync = (message: PeerMessage, options?: EncodeOptions): Promise<Uint8Array> =>
  peerChannel.encodeAsync(message, options);

/** Reads a peer message from a frame's body (code and payload), inflating it where needed. */
export const decodePeerMessage = (body: Uint8Array, options?: DecodeOptions): DecodeResult<PeerMessage> =>
  peerChannel.decode(body, options);

/** As `decodePeerMessage`, inflating in the thread pool: for bodies of more than about 100 KiB. Never rejects. */
export const decodePeerMessageAsync = (
  body: Uint8Array,
  options?: DecodeOptions,
): Promise<DecodeResult<PeerMessage>> => peerChannel.decodeAsync(body, options);
