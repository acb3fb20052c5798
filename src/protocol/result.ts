import type { WireError, WireErrorCode } from './wire-error.ts';

/** A message that was read, with the count of bytes after it that nobody knows (newer senders may append fields). */
export interface Decoded<out T> {
  readonly ok: true;
  readonly message: T;
  /** Unread bytes at the end; to be ignored. */
  readonly trailing: number;
}

/** Why there is no message. The frame is to be dropped; the connection stays. */
export interface Undecoded {
  readonly ok: false;
  readonly reason: WireErrorCode;
  /** The message's code, if the frame was long enough to have one. */
  readonly code?: number;
  readonly error: WireError;
}

/** What a decoder returns; it never throws. */
export type DecodeResult<T> = Decoded<T> | Undecoded;
