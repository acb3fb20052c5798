/*
 * The Soulseek protocol: bytes to messages and back. Knows no sockets, clocks, files or randomness.
 *
 * Messages: `encode…` makes a complete frame, `decode…` takes a frame's body and returns a result, never throws.
 * Streams: `FrameSplitter` makes frames of chunks, `obfuscate` disguises them, `relayFrame` passes searches on.
 * Tools: `allMessages` lists every message with its layout.
 */

export type { DecodeOptions, EncodeOptions } from './channel.ts';
export type { Latin1Mark } from './codec.ts';
export type { CompressionLevel, SearchResponsePeek } from './compression.ts';
export { peekSearchResponse } from './compression.ts';
export type { Advance, FrameCap, FramedKind, FrameFault, SplitterOptions } from './frames.ts';
export { defaultFrameCap, Frame, FrameSplitter } from './frames.ts';
export { allMessages, type MessageInfo } from './layouts.ts';
export type { DistributedMessage, DistributedMessageOf } from './messages/distributed.ts';
export { decodeDistributedMessage, encodeDistributedMessage } from './messages/distributed.ts';
export type { FileMessage, FileMessageOf } from './messages/file.ts';
export { decodeFileMessage, encodeFileMessage, fileMessageLength } from './messages/file.ts';
export type { InitMessage, InitMessageOf } from './messages/init.ts';
export { decodeInitMessage, encodeInitMessage } from './messages/init.ts';
export type { PeerMessage, PeerMessageOf } from './messages/peer.ts';
export {
  decodePeerMessage,
  decodePeerMessageAsync,
  encodePeerMessage,
  encodePeerMessageAsync,
} from './messages/peer.ts';
export type { ServerRequest, ServerRequestOf, ServerResponse, ServerResponseOf } from './messages/server.ts';
export {
  decodeServerRequest,
  decodeServerResponse,
  encodeServerRequest,
  encodeServerResponse,
} from './messages/server.ts';
export type { Directory, FileAttribute, FileEntry, Recommendation, UserStats } from './messages/shared.ts';
export { deobfuscate, OBFUSCATION_ROTATED, obfuscate } from './obfuscation.ts';
export type { RelaySource } from './relay.ts';
export { isRelayable, relayFrame, SEARCH_IDENTIFIER, unwrapSearch } from './relay.ts';
export type { Decoded, DecodeResult, Undecoded } from './result.ts';
export { encodeShareList, type LongDirectory, type ManyDirectories } from './share-list.ts';
export type { ConnectionKind, Direction, MessageStatus } from './table.ts';
export { WireError, type WireErrorCode } from './wire-error.ts';
