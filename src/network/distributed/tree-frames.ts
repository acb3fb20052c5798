import { Buffer } from 'node:buffer';
import {
  decodeDistributedMessage,
  encodeDistributedMessage,
  isRelayable,
  relayFrame,
} from '../../protocol/index.ts';
import type { TreeEvent } from './tree-events.ts';
import type { Branch } from './tree-state.ts';

/** The code of DistribSearch. */
export const SEARCH = 3;
const LEVEL = 4;
const ROOT = 5;
const EMBEDDED = 93;

/** What a frame from a peer is to us. Pings and depths of old clients are nothing. */
export type Heard =
  | { readonly kind: 'search'; readonly frame: Buffer }
  | { readonly kind: 'update'; readonly event: Extract<TreeEvent, { type: 'level' | 'root' }> }
  | { readonly kind: 'nothing' }
  /** A search that may not be relayed: another identifier, or cut short; or a code that nobody knows. */
  | { readonly kind: 'ignored' }
  /** A level or root that cannot be decoded. */
  | { readonly kind: 'unreadable' };

const NOTHING: Heard = { kind: 'nothing' };
const IGNORED: Heard = { kind: 'ignored' };
const UNREADABLE: Heard = { kind: 'unreadable' };

/** Reads a frame that came on the `D` connection `id`: in `source` from `start` to `end`, length field included. */
export function hear(id: number, code: number, source: Buffer, start: number, end: number): Heard {
  if (code === SEARCH || code === EMBEDDED) {
    const frame = relayFrame('distributed', source.subarray(start, end));
    return frame === null ? IGNORED : { kind: 'search', frame: asBuffer(frame) };
  }
  if (code !== LEVEL && code !== ROOT) return code === 0 || code === 7 ? NOTHING : IGNORED;
  const decoded = decodeDistributedMessage(source.subarray(start + 4, end));
  if (!decoded.ok) return UNREADABLE;
  const { message } = decoded;
  if (message.type === 'DistribBranchLevel') {
    return { kind: 'update', event: { type: 'level', id, level: message.level } };
  }
  if (message.type !== 'DistribBranchRoot') return NOTHING;
  const { username, latin1 } = message;
  return { kind: 'update', event: { type: 'root', id, root: { username, ...(latin1 && { latin1 }) } } };
}

/** The DistribSearch frame in an EmbeddedMessage from the server; undefined when there is none that may be relayed. */
export function embeddedSearch(distribCode: number, payload: Uint8Array): Buffer | undefined {
  if (distribCode !== SEARCH) return undefined;
  const frame = Buffer.allocUnsafe(5 + payload.length);
  frame.writeUInt32LE(1 + payload.length, 0);
  frame[4] = SEARCH;
  frame.set(payload, 5);
  return isRelayable(frame, 0, frame.length) ? frame : undefined;
}

/** Level and root, as far as given, as a child is told them. */
export function notice({ level, root }: Partial<Branch>): Uint8Array {
  const frames: Uint8Array[] = [];
  if (level !== undefined) frames.push(encodeDistributedMessage({ type: 'DistribBranchLevel', level }));
  if (root !== undefined) frames.push(encodeDistributedMessage({ type: 'DistribBranchRoot', ...root }));
  return Buffer.concat(frames);
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
