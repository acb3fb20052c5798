import { ipv4Bytes, ipv4Text } from './ipv4.ts';
import { MappingError } from './mapping.ts';

/* Port Control Protocol, RFC 6887: the successor of NAT-PMP, on the same port. */

const VERSION = 2;
const MAP = 1;
const REPLY = 0x80;
const TCP = 6;
const LENGTH = 60;
export const NONCE_BYTES = 12;
const UNSUPPORTED_VERSION = 1;
const CANNOT_PROVIDE_EXTERNAL = 11;
const RESULTS: readonly string[] = [
  'success',
  'it does not know this version',
  'it is not authorised: mapping is switched off there',
  'it finds the request malformed',
  'it does not know this operation',
  'it does not know an option',
  'it finds an option malformed',
  'the gateway has no connection itself',
  'it is out of resources',
  'it does not map this protocol',
  'this machine has too many mappings',
  'that port is taken',
  'the address of the request is not that of its sender',
  'it has too many partners already',
];

export interface PcpRequest {
  /** Our own address in the gateway's network. */
  readonly client: string;
  readonly internal: number;
  readonly external: number;
  /** Seconds; 0 takes the mapping back. */
  readonly lifetime: number;
  /** The same for a mapping as long as it lives. */
  readonly nonce: Uint8Array;
}

export function pcpRequest({ client, internal, external, lifetime, nonce }: PcpRequest): Uint8Array {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(MAP, 1);
  bytes.writeUInt32BE(lifetime, 4);
  mapped(client).copy(bytes, 8);
  bytes.set(nonce.subarray(0, NONCE_BYTES), 24);
  bytes.writeUInt8(TCP, 36);
  bytes.writeUInt16BE(internal, 40);
  bytes.writeUInt16BE(external, 42);
  mapped('0.0.0.0').copy(bytes, 44);
  return bytes;
}

export interface PcpReply {
  readonly internal: number;
  readonly external: number;
  readonly lifetime: number;
  readonly externalIp: string;
}

/**
 * @returns undefined for what is no answer to the request with this nonce
 * @throws MappingError `refused`, `conflict`, `unsupported`
 */
export function readPcp(bytes: Uint8Array, nonce: Uint8Array): PcpReply | undefined {
  const view = Buffer.from(bytes);
  if (view.length < 4) return undefined;
  // A gateway with NAT-PMP alone says so in version 0.
  if (view[0] === 0 && view[1]! >= REPLY && view.readUInt16BE(2) === UNSUPPORTED_VERSION)
    throw new MappingError('unsupported', RESULTS[UNSUPPORTED_VERSION]!);
  if (view[0] !== VERSION || view[1] !== (REPLY | MAP)) return undefined;
  const result = view[3]!;
  if (result === UNSUPPORTED_VERSION) throw new MappingError('unsupported', RESULTS[result]!);
  if (view.length < LENGTH || !view.subarray(24, 24 + NONCE_BYTES).equals(nonce.subarray(0, NONCE_BYTES)))
    return undefined;
  if (result !== 0) {
    const code = result === CANNOT_PROVIDE_EXTERNAL ? 'conflict' : 'refused';
    throw new MappingError(code, RESULTS[result] ?? `it answers ${result}`);
  }
  return {
    lifetime: view.readUInt32BE(4),
    internal: view.readUInt16BE(40),
    external: view.readUInt16BE(42),
    externalIp: ipv4Text(view.subarray(56, 60)),
  };
}

/** An IPv4 address as IPv6 writes it. @throws RangeError for what is none */
function mapped(ip: string): Buffer {
  const bytes = ipv4Bytes(ip);
  if (bytes === undefined) throw new RangeError(`${ip} is no IPv4 address`);
  return Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), bytes]);
}
