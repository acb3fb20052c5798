import { MappingError } from './mapping.ts';

/* NAT Port Mapping Protocol, RFC 6886. */

/** The port on which gateways listen, for PCP too. */
export const GATEWAY_PORT = 5351;
const VERSION = 0;
const MAP_TCP = 2;
const REPLY = 128;
const RESULTS: readonly string[] = [
  'success',
  'it does not know this version',
  'it is not authorised: mapping is switched off there',
  'the gateway has no connection itself',
  'it is out of resources',
  'it does not know this operation',
];

/** @param lifetime seconds; 0 takes the mapping back, and the external port must be 0 then */
export function natPmpRequest(internal: number, external: number, lifetime: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(MAP_TCP, 1);
  bytes.writeUInt16BE(internal, 4);
  bytes.writeUInt16BE(lifetime === 0 ? 0 : external, 6);
  bytes.writeUInt32BE(lifetime, 8);
  return bytes;
}

export interface NatPmpReply {
  readonly internal: number;
  readonly external: number;
  readonly lifetime: number;
}

/**
 * @returns undefined for what is no answer to a mapping of TCP
 * @throws MappingError `refused`, `unsupported`
 */
export function readNatPmp(bytes: Uint8Array): NatPmpReply | undefined {
  const view = Buffer.from(bytes);
  if (view.length < 4 || view[0] !== VERSION) return undefined;
  const operation = view[1]!;
  const result = view.readUInt16BE(2);
  // A gateway that does not know the version answers in its own, with no operation that could be relied on.
  if (result === 1 && operation >= REPLY) throw new MappingError('unsupported', RESULTS[1]!);
  if (operation !== REPLY + MAP_TCP) return undefined;
  if (result !== 0)
    throw new MappingError(
      result === 5 ? 'unsupported' : 'refused',
      RESULTS[result] ?? `it answers ${result}`,
    );
  if (view.length < 16) return undefined;
  return {
    internal: view.readUInt16BE(8),
    external: view.readUInt16BE(10),
    lifetime: view.readUInt32BE(12),
  };
}
