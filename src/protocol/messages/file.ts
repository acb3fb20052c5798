import { Channel } from '../channel.ts';
import { u32, u64 } from '../codec.ts';
import type { DecodeResult } from '../result.ts';
import { type MessageOf, message } from '../table.ts';

/**
 * What is said on an `F` connection after the init frame: bare values, without length or code, told apart by who sends them. The
 * uploader's first 4 bytes are the token, the downloader answers with 8 bytes of offset, and the rest is the file. The codes
 * are only our numbers for the rows.
 */
const fileMessages = [
  message(0, 'FileTransferInit', { token: u32 }),
  message(1, 'FileOffset', { offset: u64 }),
] as const;

export type FileMessage = MessageOf<(typeof fileMessages)[number]>;
export type FileMessageOf<N extends FileMessage['type']> = Extract<FileMessage, { readonly type: N }>;

export const fileChannel = new Channel<FileMessage>('file', 'request', 1, fileMessages);

/** The bytes of a file message. Throws a `WireError` if a value does not fit its wire type. */
export const encodeFileMessage = (message: FileMessage): Uint8Array => fileChannel.encodePayload(message);

/** Reads the file message that is due; bytes after it (`trailing`) are the start of the file. */
export const decodeFileMessage = <N extends FileMessage['type']>(
  type: N,
  bytes: Uint8Array,
): DecodeResult<FileMessageOf<N>> =>
  fileChannel.decodePayload(fileChannel.entryNamed(type)!.row.code, bytes) as DecodeResult<FileMessageOf<N>>;

/** Bytes that a file message takes. */
export const fileMessageLength: Readonly<Record<FileMessage['type'], number>> = {
  FileTransferInit: 4,
  FileOffset: 8,
};
