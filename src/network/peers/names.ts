import { Buffer } from 'node:buffer';
import type { PeerType } from './peer-link.ts';

/** Control, format and unassigned characters, and separators of lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Whether a peer may call itself that. [Nicotine+] */
export function isPeerName(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return bytes >= 1 && bytes <= 256 && name !== 'server' && !UNPRINTABLE.test(name);
}

export const isPeerType = (type: string): type is PeerType => type === 'P' || type === 'D' || type === 'F';
