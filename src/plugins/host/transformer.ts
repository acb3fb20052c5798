import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TransformOptions, TransformResult } from 'jiti';

type Transform = (options: TransformOptions) => TransformResult;

/** jiti's own compiler, Babel in one file: 8 MiB of memory once loaded, of use only while plugins are. */
export const BABEL = join(dirname(createRequire(import.meta.url).resolve('jiti')), '../dist/babel.cjs');

let loaded: Transform | undefined;

/** Compiles a plugin's file as jiti would by itself, with a compiler that can be forgotten. */
export function transform(options: TransformOptions): TransformResult {
  loaded ??= load();
  // While it works it takes over how the whole process prints stack traces, for good.
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  const limit = Error.stackTraceLimit;
  try {
    return loaded(options);
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepare);
    Error.stackTraceLimit = limit;
  }
}

/** Lets go of the compiler. The next plugin loads it again, which takes a fifth of a second. */
export function forgetTransformer(): void {
  if (loaded === undefined) return;
  loaded = undefined;
  Reflect.deleteProperty(createRequire(import.meta.url).cache, BABEL);
}

function load(): Transform {
  // A `require` of its own: it remembers what was loaded through it.
  return createRequire(import.meta.url)(BABEL) as Transform;
}
