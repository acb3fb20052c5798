import {
  type FieldShape,
  minimumOf,
  type PartShape,
  type Scalar,
  type Shape,
  type StructShape,
} from './shape.ts';

declare const value: unique symbol;

/** A wire type: what it looks like, how short it can be, and (for the compiler only) which TypeScript type it carries. */
export interface Codec<out T> {
  readonly shape: Shape;
  /** Fewest bytes; lets a list refuse a count that cannot fit. */
  readonly min: number;
  readonly [value]?: T;
}

/** A codec that carries text, so that the struct it stands in may have to remember how the text was encoded. */
export interface TextCodec<out T> extends Codec<T> {
  readonly text: true;
}

/** Which fields of a struct were ISO-8859-1 on the wire; see `Latin1Mark.latin1`. */
export interface Latin1Mark {
  /**
   * Names of those strings of this object that were no UTF-8 on the wire and were read as ISO-8859-1: `filename`, or
   * `usernames.3` for an item of a list. They are written back as the same bytes. Absent when all text was UTF-8.
   */
  readonly latin1?: readonly string[];
}

const scalar = <T>(kind: Scalar): Codec<T> => {
  const shape: Shape = { kind };
  return { shape, min: minimumOf(shape) };
};

export const u8: Codec<number> = scalar('u8');
export const u16: Codec<number> = scalar('u16');
export const u32: Codec<number> = scalar('u32');
export const i32: Codec<number> = scalar('i32');
export const u64: Codec<bigint> = scalar('u64');
/** One byte, 0 or 1; any other is read as true. */
export const bool: Codec<boolean> = scalar('bool');
/** A boolean that takes a u32 (JoinRoom). */
export const flag: Codec<boolean> = scalar('flag');
/** IPv4 in dotted notation; its four bytes travel in reverse. */
export const ip: Codec<string> = scalar('ip');
/** u32 byte count and UTF-8; the whole string ISO-8859-1 if it is no UTF-8 (Nicotine+, Soulseek.NET, soulfind). */
export const str: TextCodec<string> = { ...scalar<string>('str'), text: true };
/** u32 count and bytes. */
export const bytes: Codec<Uint8Array> = scalar('bin');
/** The rest of the message, without a count. */
export const raw: Codec<Uint8Array> = scalar('raw');
/** u64 size of a file; of a size with the upper word all ones only the lower word counts, a defect of the old Windows client. */
export const size: Codec<bigint> = scalar('size');
/**
 * The code inside DistribEmbeddedMessage. Old SoulseekQt and slskd roots write the outer code as a u32, so that three zero bytes come
 * before this one; old Nicotine+ roots write a u8. Both are read, the latter is written.
 */
export const embeddedCode: Codec<number> = scalar('embedded');

/** u32 count and items. */
export function list<T>(item: TextCodec<T>): TextCodec<readonly T[]>;
export function list<T>(item: Codec<T>): Codec<readonly T[]>;
export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  if (item.min < 1)
    throw new RangeError('a list item must take at least one byte, or its count could not be checked');
  const shape: Shape = { kind: 'list', item: item.shape, itemMin: item.min };
  const codec: Codec<readonly T[]> = { shape, min: minimumOf(shape) };
  return 'text' in item ? Object.assign(codec, { text: true }) : codec;
}

/** Fields in the order of the wire. */
export type Fields = Readonly<Record<string, Codec<unknown>>>;

export interface Optional<out F extends Fields = Fields> {
  readonly part: 'optional';
  readonly fields: F;
}

export interface When<
  out K extends string = string,
  out A extends readonly Part[] = readonly Part[],
  out B extends readonly Part[] = readonly Part[],
> {
  readonly part: 'when';
  readonly flag: K;
  readonly whenTrue: A;
  readonly whenFalse: B;
}

/** A piece of a layout: plain fields, fields that may be absent, or fields that depend on a boolean. */
export type Part = Fields | Optional | When;

/** Fields that are there all together or not at all; only at the end of a layout. */
export const optional = <const F extends Fields>(fields: F): Optional<F> => ({ part: 'optional', fields });

/** Parts for when the boolean field `flag`, which comes before, is true, and parts for when it is false. */
export const when = <
  const K extends string,
  const A extends readonly Part[],
  const B extends readonly Part[] = readonly [],
>(
  flag: K,
  whenTrue: A,
  whenFalse?: B,
): When<K, A, B> => ({ part: 'when', flag, whenTrue, whenFalse: whenFalse ?? ([] as readonly Part[] as B) });

/** The type that a codec carries. */
export type Infer<C> = C extends Codec<infer T> ? T : never;

type TextKeys<F> = { [K in keyof F]: F[K] extends { readonly text: true } ? K : never }[keyof F];
type Mark<F> = [TextKeys<F>] extends [never] ? unknown : Latin1Mark;
type FieldsOf<F> = { readonly [K in keyof F]: Infer<F[K]> };
type PartOf<P> =
  P extends Optional<infer F>
    ? Partial<FieldsOf<F>> & Mark<F>
    : P extends When<infer K, infer A, infer B>
      ? ({ readonly [_ in K]: true } & PartsOf<A>) | ({ readonly [_ in K]: false } & PartsOf<B>)
      : FieldsOf<P> & Mark<P>;

/** The object that parts describe, before flattening. */
export type PartsOf<P> = P extends readonly [infer Head, ...infer Tail]
  ? PartOf<Head> & PartsOf<Tail>
  : unknown;

/** Flattens an intersection, member by member of a union, so that editors show plain objects. */
export type Flat<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;

const fieldShapes = (fields: Fields): readonly FieldShape[] =>
  Object.entries(fields).map(([name, codec]) => ({ kind: 'field', name, shape: codec.shape }));

const isWhen = (part: Part): part is When => part['part'] === 'when';
const isOptional = (part: Part): part is Optional => part['part'] === 'optional';

/** The shapes of parts, plain fields spread out. Throws a `RangeError` if something follows what may be absent. */
export function shapesOf(parts: readonly Part[]): readonly PartShape[] {
  const shapes = parts.flatMap((part): readonly PartShape[] => {
    if (isWhen(part)) {
      const { flag, whenTrue, whenFalse } = part;
      return [{ kind: 'when', flag, whenTrue: shapesOf(whenTrue), whenFalse: shapesOf(whenFalse) }];
    }
    if (isOptional(part)) {
      const fields = fieldShapes(part.fields);
      return [
        { kind: 'optional', fields, min: fields.reduce((sum, field) => sum + minimumOf(field.shape), 0) },
      ];
    }
    return fieldShapes(part);
  });
  const first = shapes.findIndex(mayEndEarly);
  if (
    first !== -1 &&
    shapes.slice(first + 1).some((shape) => shape.kind !== 'optional' || shapes[first]!.kind === 'when')
  ) {
    throw new RangeError('optional fields must come last');
  }
  return shapes;
}

const mayEndEarly = (shape: PartShape): boolean =>
  shape.kind === 'optional' ||
  (shape.kind === 'when' && [...shape.whenTrue, ...shape.whenFalse].some(mayEndEarly));

/** A codec of an object with the given parts in their order. */
export function struct<const P extends readonly Part[]>(...parts: P): Codec<Flat<PartsOf<P>>> {
  const shape: StructShape = { kind: 'struct', parts: shapesOf(parts) };
  return { shape, min: minimumOf(shape) };
}
