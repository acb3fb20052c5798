import type { Random } from '../../platform/random.ts';
import { encodeInitMessage, type InitMessage, obfuscate } from '../../protocol/index.ts';
import { isPort } from './address-book.ts';
import type { DialAddress, PeerType } from './peer-link.ts';

export interface DialTarget {
  readonly host: string;
  readonly port: number;
  readonly obfuscated: boolean;
}

/**
 * Which port to dial; undefined if there is none. The plain one whenever it exists, for D and F even if obfuscation is
 * preferred: whether what follows init is obfuscated there is disputed.
 */
export function dialTarget(
  type: PeerType,
  { host, port, obfuscatedPort }: DialAddress,
  preferObfuscated: boolean,
): DialTarget | undefined {
  if (host === '0.0.0.0') return undefined;
  const prefers = type === 'P' && preferObfuscated;
  if (isPort(port) && !(prefers && isPort(obfuscatedPort))) return { host, port, obfuscated: false };
  return isPort(obfuscatedPort) ? { host, port: obfuscatedPort, obfuscated: true } : undefined;
}

/** The first bytes of a connection that we open. */
export function initBytes(message: InitMessage, obfuscated: boolean, random: Random): Uint8Array {
  const frame = encodeInitMessage(message);
  return obfuscated ? obfuscate(frame, random.u32()) : frame;
}
