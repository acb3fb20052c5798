import { Buffer } from 'node:buffer';
import { asBuffer } from './text.ts';

/** Bytes of the key in front of each obfuscated frame. */
export const KEY_WIDTH = 4;

/** What SetWaitPort and GetPeerAddress call this kind of obfuscation; 0 means none. */
export const OBFUSCATION_ROTATED = 1;

/**
 * Obfuscates a whole frame, header included, in the way called "rotated" (aioslsk documentation): for every four bytes the key is rotated
 * left by one bit, then they are XORed with it, low byte first.
 *
 * @param key a fresh random number from 0 to 2^32 - 1 for each frame; it travels in front of the frame
 */
export function obfuscate(frame: Uint8Array, key: number): Uint8Array {
  const wire = Buffer.allocUnsafe(KEY_WIDTH + frame.length);
  wire.writeUInt32LE(key >>> 0, 0);
  xor(frame, 0, frame.length, wire, KEY_WIDTH, key);
  return wire;
}

/** The frame in its obfuscated form, whose first four bytes are the key. Fewer than four bytes yield an empty frame. */
export const deobfuscate = (wire: Uint8Array): Uint8Array => reveal(wire, 0, wire.length);

/** As `deobfuscate`, of the bytes from `start` to `end`. */
export function reveal(wire: Uint8Array, start: number, end: number): Buffer {
  const frame = Buffer.allocUnsafe(Math.max(0, end - start - KEY_WIDTH));
  if (frame.length > 0) xor(wire, start + KEY_WIDTH, end, frame, 0, asBuffer(wire).readUInt32LE(start));
  return frame;
}

/** The keystream repeats after 32 rotations of the key, but a loop over it is quick enough. */
function xor(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number, key: number): void {
  let word = key;
  let out = at;
  for (let i = start; i < end; ) {
    word = (word << 1) | (word >>> 31);
    for (let shift = 0; shift < 32 && i < end; shift += 8) to[out++] = from[i++]! ^ (word >>> shift);
  }
}
