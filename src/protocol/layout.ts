import { readSource, writeSource } from './generate.ts';
import { interpretRead, interpretWrite, type Loose } from './interpret.ts';
import type { Reader } from './reader.ts';
import type { StructShape } from './shape.ts';
import type { Writer } from './writer.ts';

/** How to read and write one message's payload. */
export interface Layout {
  /** `compiled` where the process may generate code, else `closures`: slower, the same in every other way. */
  readonly mode: 'compiled' | 'closures';
  read(reader: Reader): Loose;
  /** Throws a `WireError` that names the field when a value does not fit. */
  write(writer: Writer, value: Loose): void;
}

/** Turns parameter names and a body into a function, as `new Function` does. */
export type MakeFunction = (
  parameters: readonly string[],
  body: string,
) => (...values: readonly unknown[]) => unknown;

const newFunction: MakeFunction = (parameters, body) =>
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the body is made from our own tables only
  new Function(...parameters, body) as ReturnType<MakeFunction>;

/**
 * Makes a layout of a struct whose objects begin with `type`, if given. Where generating code is not allowed
 * (`--disallow-code-generation-from-strings`) it is made of closures.
 */
export function compileLayout(
  shape: StructShape,
  type?: string,
  makeFunction: MakeFunction = newFunction,
): Layout {
  const slowRead = interpretRead(shape, type);
  const slowWrite = interpretWrite(shape);
  const compiled = tryToCompile(shape, type, makeFunction);
  if (compiled === undefined) return { mode: 'closures', read: slowRead, write: slowWrite };
  const { read, write } = compiled;
  return {
    mode: 'compiled',
    read(reader) {
      const { at, itemsLeft } = reader;
      reader.fellBack = false;
      const value = read(reader);
      if (!reader.fellBack) return value;
      reader.at = at;
      reader.itemsLeft = itemsLeft;
      return slowRead(reader);
    },
    write(writer, value) {
      const length = writer.length;
      try {
        write(writer, value);
      } catch {
        // Once more with closures, which know the name of the field that is wrong.
        writer.at = writer.start + length;
        slowWrite(writer, value);
      }
    },
  };
}

function tryToCompile(shape: StructShape, type: string | undefined, makeFunction: MakeFunction) {
  const writing = writeSource(shape);
  try {
    const read = makeFunction([], readSource(shape, type))() as (reader: Reader) => Loose;
    const slow = writing.structs.map((struct) => interpretWrite(struct));
    const write = makeFunction(['slow'], writing.body)(slow) as (writer: Writer, value: Loose) => void;
    return { read, write };
  } catch (error) {
    if ((error as { name?: unknown }).name === 'EvalError') return undefined;
    throw error;
  }
}
