import { PatternBook } from '../../../network/search/requests/pattern-book.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { WishFilter } from '../../../plugins/api/wishlist.ts';
import type { Condition } from './condition.ts';

/** Beyond this a path passes no pattern, in UTF-16 units: what is real is shorter, and time is pattern times path. */
export const MAX_TESTED_PATH = 1000;

/**
 * Instructions of all compiled patterns of a filter; a word takes about its length. The worst of that size takes some 8 ms
 * for a path of 1,000 characters that was made for it, and microseconds for any other.
 */
const MAX_INSTRUCTIONS = 500;

/** The conditions on regular expressions. @throws PluginError `bad-pattern`. */
export function patternConditions({ patterns = [], notPatterns = [] }: WishFilter): readonly Condition[] {
  // A book of its own: the limits of complexity hold for this filter, and no other one can use them up.
  const book = new PatternBook();
  const unwanted = notPatterns.map((source, i) => compile(book, source, `notPatterns[${i}]`));
  const wanted = patterns.map((source, i) => compile(book, source, `patterns[${i}]`));
  if (
    [...unwanted, ...wanted].reduce((total, { instructions }) => total + instructions, 0) > MAX_INSTRUCTIONS
  ) {
    throw new PluginError(
      'bad-pattern',
      'the patterns are too complex together: use fewer, shorter ones, or words',
    );
  }
  const conditions: Condition[] = [];
  if (unwanted.length > 0) {
    conditions.push({
      filter: 'notPatterns',
      failure({ hit: { path } }) {
        if (path.length > MAX_TESTED_PATH) return TOO_LONG;
        const found = unwanted.find(({ test }) => test(path));
        return found && `${JSON.stringify(found.source)} is found in the path`;
      },
    });
  }
  if (wanted.length > 0) {
    conditions.push({
      filter: 'patterns',
      failure({ hit: { path } }) {
        if (path.length > MAX_TESTED_PATH) return TOO_LONG;
        const missing = wanted.find(({ test }) => !test(path));
        return missing && `${JSON.stringify(missing.source)} is not found in the path`;
      },
    });
  }
  return conditions;
}

const TOO_LONG = `the path has more than ${MAX_TESTED_PATH} characters and is not tested`;

function compile(book: PatternBook, source: string, where: string) {
  try {
    const { compiled } = book.take(source);
    return {
      source,
      instructions: compiled.programSize(),
      test: (path: string): boolean => compiled.test(path),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PluginError('bad-pattern', `${where}: ${why}`, { cause });
  }
}
