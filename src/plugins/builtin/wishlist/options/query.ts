import { WordsError, wordsOf } from './words.ts';

/** What goes out in one search, in bytes of UTF-8. */
const MAX_BYTES = 250;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/u;

/**
 * A query as it is kept: single spaces, straight quotes.
 * @throws WordsError for what can be no query.
 */
export function queryOf(words: readonly string[]): string {
  const query = words.join(' ');
  if (query === '') throw new WordsError('there is nothing to search for');
  if (CONTROL.test(query)) throw new WordsError('the query holds a control character');
  const bytes = new TextEncoder().encode(query).length;
  if (bytes > MAX_BYTES) throw new WordsError(`the query has ${bytes} bytes; ${MAX_BYTES} is the most`);
  return query;
}

/** A query from elsewhere, of which no word is an option. @throws WordsError */
export function plainQuery(text: string): string {
  return queryOf(wordsOf(text.replaceAll(/\s+/gu, ' ')).map(({ raw }) => raw));
}

/** A query so that each of its words is read as a word of it, not as an option or a comment. */
export function typedQuery(query: string): string {
  return wordsOf(query)
    .map(({ raw, option }, index) =>
      option !== undefined || (index === 0 && raw.startsWith('#'))
        ? `"${raw.replaceAll(/["\\]/gu, '\\$&')}"`
        : raw,
    )
    .join(' ');
}

/** Two queries with the same fold are the same to people. */
export function queryFold(query: string): string {
  return query.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}
