import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { PluginError } from './errors.ts';

/** A regular expression that takes time in proportion to the text, whatever it is and whoever wrote it. */
export interface Pattern {
  /** As it was given. */
  readonly source: string;
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean;
  /** The first place where it is found; undefined when it is not. May be empty, for an expression that matches nothing. */
  find(text: string): string | undefined;
}

/** Characters of an expression. */
const MAX_SOURCE = 1_000;

/** Instructions of one compiled expression; a word takes about its length. A longest line costs 20 ms then, not a second. */
const MAX_INSTRUCTIONS = 1_000;

let loaded: typeof RE2JS | undefined;

/** Loaded with the first pattern: most plugins have none, and it takes 2 MiB. */
function re2(): typeof RE2JS {
  loaded ??= (createRequire(import.meta.url)('re2js') as typeof import('re2js')).RE2JS;
  return loaded;
}

/**
 * Compiles a regular expression in RE2 syntax: no look-around and no back-references, therefore no expression that takes
 * for ever. `(?i)` ignores case. Compile it once, in `setup`.
 * @param source 1 to 1,000 characters
 * @throws PluginError `bad-pattern`, with what is wrong.
 */
export function pattern(source: string): Pattern {
  const wrong = patternProblem(source);
  if (wrong !== undefined) throw new PluginError('bad-pattern', wrong);
  const compiled = re2().compile(source);
  return Object.freeze({
    source,
    test: (text: string) => compiled.test(text),
    find: (text: string) => {
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? '') : undefined;
    },
  });
}

/** What is wrong with an expression, as a sentence without an end; undefined: nothing. */
export function patternProblem(source: unknown): string | undefined {
  if (typeof source !== 'string') return 'a pattern must be a text in RE2 syntax';
  if (source === '') return 'is empty, and would match everything';
  if (source.length > MAX_SOURCE) return `is longer than ${MAX_SOURCE} characters`;
  const shown = JSON.stringify(source.length > 80 ? `${source.slice(0, 80)}…` : source);
  const unsupported = unsupportedPart(source);
  if (unsupported !== undefined) return `${shown} uses ${unsupported}`;
  try {
    if (re2().compile(source).programSize() > MAX_INSTRUCTIONS)
      return `${shown} is too large when written out: fewer repetitions, please`;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause);
    return `${shown} is not RE2 syntax: ${why}`;
  }
  return undefined;
}

/** What people bring along from other engines. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around, which RE2 does not have'],
  [/\(\?>/, 'an atomic group, which RE2 does not have'],
  [/\\(?:[1-9]|k<)/, 'a back-reference, which RE2 does not have'],
];

function unsupportedPart(source: string): string | undefined {
  // An escaped character is only itself.
  const bare = source.replace(/\\[^1-9k]/gsu, '');
  return FOREIGN.find(([sign]) => sign.test(bare))?.[1];
}
