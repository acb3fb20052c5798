import { type Flat, type Part, type PartsOf, shapesOf } from './codec.ts';
import { DEFAULT_ITEM_LIMIT } from './reader.ts';
import type { PartShape, StructShape } from './shape.ts';

/** `deprecated`: superseded, but still working; `obsolete`: no longer functional, kept so that it can be read. */
export type MessageStatus = 'current' | 'deprecated' | 'obsolete';

/** Which stream of frames a message belongs to; `file` is the stream of an `F` connection, which has no frames. */
export type ConnectionKind = 'server' | 'peer' | 'init' | 'distributed' | 'file';

/** `request` is client to server, `response` server to client; between peers every message is a `request`. */
export type Direction = 'request' | 'response';

/** What a decoder makes of one message at most. The bytes of a frame alone do not bound it: see `Reader.itemsLeft`. */
export interface MessageLimits {
  /** Items in all its lists together, nested ones included. */
  readonly items: number;
  /** Bytes that the payload of a compressed message may inflate to. */
  readonly inflated: number;
}

export const MiB = 1024 * 1024;

const defaultLimits: MessageLimits = { items: DEFAULT_ITEM_LIMIT, inflated: 32 * MiB };

/** One message: its code, its name, its layout. */
export interface MessageRow<N extends string = string, P extends readonly Part[] = readonly Part[]> {
  readonly code: number;
  readonly name: N;
  readonly parts: P;
  readonly status: MessageStatus;
  /** Everything after the code is one zlib stream. */
  readonly compressed: boolean;
  readonly limits: MessageLimits;
}

/** The union of the messages of a table, discriminated by `type`. */
export type MessageOf<R> =
  R extends MessageRow<infer N, infer P> ? Flat<{ readonly type: N } & PartsOf<P>> : never;

const row =
  (status: MessageStatus, compressed: boolean) =>
  <const N extends string, const P extends readonly Part[]>(
    code: number,
    name: N,
    ...parts: P
  ): MessageRow<N, P> => ({
    code,
    name,
    parts,
    status,
    compressed,
    limits: defaultLimits,
  });

/** A message in use. */
export const message = row('current', false);
/** A message in use whose payload is a zlib stream. */
export const zipped = row('current', true);
/** A message that has been superseded and still works. */
export const deprecated = row('deprecated', false);
/** A message that no longer does anything. */
export const obsolete = row('obsolete', false);

/** The row with other limits than the default ones (1,000,000 items, 32 MiB). */
export const limited = <R extends MessageRow>(limits: MessageLimits, of: R): R => ({ ...of, limits });

/** The shape of a row's payload. */
export const payloadShape = (of: MessageRow): StructShape => ({ kind: 'struct', parts: shapesOf(of.parts) });

/** Names of all fields that parts may have. */
export function fieldNames(parts: readonly PartShape[]): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'field') return [part.name];
    if (part.kind === 'optional') return fieldNames(part.fields);
    return [...fieldNames(part.whenTrue), ...fieldNames(part.whenFalse)];
  });
}
