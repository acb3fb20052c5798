/**
 * Why bytes could not be read, or a message could not be written.
 *
 * - `truncated`: a field needs more bytes than the message has.
 * - `bad-count`: a list announces more items than the remaining bytes could hold.
 * - `item-limit`: a message's lists announce more items, all together, than are read of such a message.
 * - `bad-length`: a frame's length is below the width of its code.
 * - `too-long`: a frame's length is above the cap of its connection.
 * - `unknown-code`: no message of this connection and direction has the code.
 * - `bad-zlib`: a compressed payload is damaged or cut off.
 * - `inflate-limit`: a compressed payload inflates beyond its cap.
 * - `bad-value`: a value to be written does not fit its wire type.
 * - `missing-field`: a value to be written lacks a field that its layout asks for.
 * - `unknown-type`: a message to be written has a `type` that this connection does not know.
 * - `internal`: a decoder failed in a way that it should not; `cause` says how.
 */
export type WireErrorCode =
  | 'truncated'
  | 'bad-count'
  | 'item-limit'
  | 'bad-length'
  | 'too-long'
  | 'unknown-code'
  | 'bad-zlib'
  | 'inflate-limit'
  | 'bad-value'
  | 'missing-field'
  | 'unknown-type'
  | 'internal';

/** The only error that reading and writing the wire throws. Compare `code`, not the text. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
