import { type DurationInput, toMs } from './duration.ts';

/**
 * An argument of a command, as data: the host parses what people type, and writes the usage line.
 *
 * - `text`: the rest of the line as typed; last one only
 * - `word`: one word, or several in quotes
 * - `user`, `room`: a name, in quotes when it has spaces
 * - `int`, `number`: within `min` and `max`, both included
 * - `duration`: `5m`, `1h30m`; milliseconds
 * - `oneOf`: one of the values, case ignored
 * - `boolean`: yes/no, on/off, true/false
 * - `flag`: `--name`, anywhere before a `text`; false when absent
 * - `optional`: may be missing; nothing required may follow
 * - `rest`: all remaining arguments as a list of `of`, at least one unless inside `optional`; last one only
 */
export type ArgSpec =
  | { readonly kind: 'text' | 'word'; readonly max?: number }
  | { readonly kind: 'user' | 'room' | 'boolean' | 'flag' }
  | { readonly kind: 'int' | 'number' | 'duration'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'optional'; readonly of: ArgSpec }
  | { readonly kind: 'rest'; readonly of: ArgSpec };

export type ArgKind = ArgSpec['kind'];

/** Carries the type of an argument's value; it does not exist at run time. */
declare const argValue: unique symbol;

/** An argument whose value is a `T`. */
export type Arg<T> = ArgSpec & { readonly [argValue]?: T };

/** Arguments by name, in the order in which they are typed. */
export type Args = Readonly<Record<string, Arg<unknown>>>;

/** Of a command that declares none. */
export type NoArgs = { readonly [argValue]?: never };

/** The values of arguments: `{ user: arg.user() }` gives `{ user: string }`. */
export type ArgValues<A extends Args> = { readonly [K in keyof A]: A[K] extends Arg<infer T> ? T : never };

interface Range {
  readonly min?: number;
  readonly max?: number;
}

interface Length {
  /** Longest accepted, in characters. */
  readonly max?: number;
}

/** Kinds of command arguments; see {@link ArgSpec} for what each accepts. */
export const arg = {
  text: (options: Length = {}): Arg<string> => ({ kind: 'text', ...options }),
  word: (options: Length = {}): Arg<string> => ({ kind: 'word', ...options }),
  user: (): Arg<string> => ({ kind: 'user' }),
  room: (): Arg<string> => ({ kind: 'room' }),
  int: (range: Range = {}): Arg<number> => ({ kind: 'int', ...range }),
  number: (range: Range = {}): Arg<number> => ({ kind: 'number', ...range }),
  /** The value is in milliseconds. */
  duration: (range: { readonly min?: DurationInput; readonly max?: DurationInput } = {}): Arg<number> => ({
    kind: 'duration',
    ...(range.min === undefined ? {} : { min: toMs(range.min) }),
    ...(range.max === undefined ? {} : { max: toMs(range.max) }),
  }),
  oneOf: <const V extends readonly [string, ...string[]]>(...values: V): Arg<V[number]> => ({
    kind: 'oneOf',
    values,
  }),
  boolean: (): Arg<boolean> => ({ kind: 'boolean' }),
  flag: (): Arg<boolean> => ({ kind: 'flag' }),
  optional: <T>(of: Arg<T>): Arg<T | undefined> => ({ kind: 'optional', of }),
  rest: <T>(of: Arg<T>): Arg<readonly T[]> => ({ kind: 'rest', of }),
} as const;
