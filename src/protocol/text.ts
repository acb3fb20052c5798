import { Buffer, isUtf8 } from 'node:buffer';

/** Methods that every Buffer has had since the first Node; the typings leave them out. They skip the look-up of the encoding's name. */
interface DirectText {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  utf8Write(text: string, at: number, length: number): number;
}

/** A Buffer with the direct text methods. */
type TextBuffer = Buffer & DirectText;

const direct = Buffer.prototype as Partial<DirectText>;
const hasDirect =
  typeof direct.utf8Slice === 'function' &&
  typeof direct.latin1Slice === 'function' &&
  typeof direct.utf8Write === 'function';

/** The bytes from `start` to `end` as UTF-8, U+FFFD for what is not; a byte order mark stays. */
export const utf8Slice: (bytes: Buffer, start: number, end: number) => string = hasDirect
  ? (bytes, start, end) => (bytes as TextBuffer).utf8Slice(start, end)
  : (bytes, start, end) => bytes.toString('utf8', start, end);

/** The bytes from `start` to `end` as ISO-8859-1: each byte is the code point of the same number. */
export const latin1Slice: (bytes: Buffer, start: number, end: number) => string = hasDirect
  ? (bytes, start, end) => (bytes as TextBuffer).latin1Slice(start, end)
  : (bytes, start, end) => bytes.toString('latin1', start, end);

/** Writes UTF-8 at `at`; the caller has made room for 3 bytes a UTF-16 unit. Returns the count of bytes. */
export const utf8Write: (bytes: Buffer, text: string, at: number) => number = hasDirect
  ? (bytes, text, at) => (bytes as TextBuffer).utf8Write(text, at, bytes.length - at)
  : (bytes, text, at) => bytes.write(text, at, 'utf8');

/** Whether the bytes from `start` to `end` are UTF-8 without a flaw (no surrogates, no overlong forms). */
export const isStrictUtf8 = (bytes: Buffer, start: number, end: number): boolean =>
  isUtf8(bytes.subarray(start, end));

/** Whether every UTF-16 unit fits one byte, so that ISO-8859-1 can carry the text. */
export function fitsLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** A view of the same bytes as a Buffer. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
