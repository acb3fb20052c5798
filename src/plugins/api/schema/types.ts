import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type SchemaPath = readonly (string | number)[];

/** What is wrong with a value, and where. */
export interface SchemaIssue {
  readonly path: SchemaPath;
  /** Begins in lower case and names no path: "expected a number, got "many"". */
  readonly message: string;
  /** For an unknown key: the known one that looks most like it. */
  readonly nearest?: string;
  /** The path leads to a key that should not be there: the key is wrong, not its value. */
  readonly unknownKey?: true;
}

/**
 * A schema made with `s`. It is a Standard Schema, and describes itself as JSON Schema.
 * `Out` is the type after reading, `In` before.
 */
export interface Schema<Out, In = Out> {
  readonly '~standard': StandardSchemaV1.Props<In, Out> & StandardJSONSchemaV1.Props<In, Out>;
  /** The key may be left out. */
  optional(): Schema<Out | undefined, In | undefined>;
  /** The key may be left out and has this value then, read like one that was given: `s.duration().default('1d')`. */
  default(value: Exclude<In, undefined>): Schema<Exclude<Out, undefined>, In | undefined>;
  /** Says what it is for; editors show it. */
  describe(text: string): Schema<Out, In>;
}

/** The type of what a schema reads: `Infer<typeof schema>`. */
export type Infer<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** The parts of an object. */
export type Shape = Readonly<Record<string, Schema<unknown, unknown>>>;

type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
type Flat<T> = { [K in keyof T]: T[K] } & {};
type WithOptional<T> = Flat<
  { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: T[K] } & { readonly [K in OptionalKeys<T>]?: T[K] }
>;

/** What an object of this shape is after reading. */
export type ShapeOut<S extends Shape> = WithOptional<{ [K in keyof S]: StandardSchemaV1.InferOutput<S[K]> }>;
/** What an object of this shape is before reading. */
export type ShapeIn<S extends Shape> = WithOptional<{ [K in keyof S]: StandardSchemaV1.InferInput<S[K]> }>;
