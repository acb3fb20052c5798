import type { ConnectionKind, Direction } from '../table.ts';

/** One test vector: a message as bytes and as fields. */
export interface Vector {
  readonly id: string;
  readonly kind: ConnectionKind;
  /** `request` is client to server, `response` server to client; all between peers are requests. */
  readonly direction: Direction;
  /** Null for file messages. */
  readonly code: number | null;
  readonly name: string;
  /** The complete frame as on the wire. */
  readonly hex: string;
  /** Values by name: u64 as decimal strings, bytes as hex, absent fields as absent keys. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly compressed?: boolean;
  /** What the compressed payload inflates to. */
  readonly payloadHex?: string;
  readonly obfuscated?: boolean;
  readonly obfuscationKey?: string;
  /** The frame before it was obfuscated. */
  readonly plainHex?: string;
  /** The search to pass to children; null when there is none. */
  readonly relayHex?: string | null;
  /** Writing the fields need not give the same bytes. */
  readonly decodeOnly?: boolean;
  /** Unread bytes at the end. */
  readonly trailingBytes?: number;
}

type Check = (value: unknown) => boolean;

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const isText: Check = (value) => typeof value === 'string';
const isHex: Check = (value) => typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const checks: { readonly [K in keyof Vector]-?: Check } = {
  id: isText,
  kind: oneOf('server', 'peer', 'init', 'distributed', 'file'),
  direction: oneOf('request', 'response'),
  code: orNull(isCount),
  name: isText,
  hex: isHex,
  fields: isObject,
  compressed: orAbsent(isBoolean),
  payloadHex: orAbsent(isHex),
  obfuscated: orAbsent(isBoolean),
  obfuscationKey: orAbsent((value) => isHex(value) && (value as string).length === 8),
  plainHex: orAbsent(isHex),
  relayHex: orAbsent(orNull(isHex)),
  decodeOnly: orAbsent(isBoolean),
  trailingBytes: orAbsent(isCount),
};

/** A file that is no list of vectors. */
export class VectorFileError extends Error {
  override readonly name = 'VectorFileError';
}

/** The vectors in the text of a file. Keys that are not known are ignored. Throws a `VectorFileError`. */
export function parseVectors(text: string): readonly Vector[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (cause) {
    throw new VectorFileError(`not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(entries)) throw new VectorFileError('not an array of vectors');
  return entries.map((entry: unknown, index) => {
    if (!isObject(entry)) throw new VectorFileError(`entry ${index} is not an object`);
    const vector = entry as Record<string, unknown>;
    for (const [key, check] of Object.entries(checks)) {
      if (!check(vector[key])) {
        const name = typeof vector['id'] === 'string' ? vector['id'] : index;
        throw new VectorFileError(`entry ${name}: bad ${key}: ${JSON.stringify(vector[key])}`);
      }
    }
    return entry as Vector;
  });
}
