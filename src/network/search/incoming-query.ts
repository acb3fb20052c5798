import { wordsOf } from './words.ts';

/** What somebody searches for, by the rules on which answering clients agree. */
export interface IncomingQuery {
  /** Complete words that a path must have, in the order of the query, as often as it says them. */
  readonly words: readonly string[];
  /** Endings that some word of a path must have. */
  readonly endings: readonly string[];
  /** Words that a path must not have. */
  readonly excluded: readonly string[];
}

const NONE: readonly string[] = [];
const OPERATOR = /(?:^|\s)[-*]/u;

/**
 * Reads an incoming query: split at white space, told apart by a leading `-` or `*`, the rest split at punctuation; quotes
 * are punctuation. Of an ending with several words the first is the ending.
 */
export function readIncoming(query: string): IncomingQuery {
  if (!OPERATOR.test(query)) return { words: wordsOf(query), endings: NONE, excluded: NONE };
  const words: string[] = [];
  const endings: string[] = [];
  const excluded: string[] = [];
  for (const piece of query.split(/\s+/u)) {
    const [first, ...rest] = wordsOf(piece);
    if (first === undefined) continue;
    if (piece.startsWith('-')) excluded.push(first, ...rest);
    else if (piece.startsWith('*')) {
      endings.push(first);
      words.push(...rest);
    } else words.push(first, ...rest);
  }
  return { words, endings, excluded };
}
