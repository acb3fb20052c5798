import { Buffer } from 'node:buffer';
import type { Random } from '../../platform/random.ts';
import { obfuscate } from '../../protocol/index.ts';

/** Obfuscates whole frames that follow each other, each under a key of its own. */
export function disguise(frames: Uint8Array, random: Random): Uint8Array {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    pieces.push(obfuscate(bytes.subarray(at, end), random.u32()));
    at = end;
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
