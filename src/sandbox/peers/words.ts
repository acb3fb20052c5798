/** What words a text is made of: everything that is neither letter, digit nor mark separates them; case does not matter. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** A search as answering clients understand it. */
export interface Query {
  /** Whole words that must be there. */
  readonly words: readonly string[];
  /** Ends of words that must be there. */
  readonly endings: readonly string[];
  /** Whole words that must not be there. */
  readonly without: readonly string[];
}

/**
 * Reads a search by the rules that all answering clients agree on [Nicotine+, aioslsk]: words in any order, `-word`
 * excludes, `*ound` is the end of a word. Undefined when no whole word is asked for: such searches get no answer.
 */
export function parseQuery(text: string): Query | undefined {
  const words: string[] = [];
  const endings: string[] = [];
  const without: string[] = [];
  for (const term of text.split(/\s+/)) {
    const parts = wordsOf(term);
    if (term.startsWith('-')) without.push(...parts);
    else if (term.startsWith('*')) {
      endings.push(...parts.slice(0, 1));
      words.push(...parts.slice(1));
    } else words.push(...parts);
  }
  return words.length === 0 ? undefined : { words, endings, without };
}

/** A text in the form that {@link matches} takes. */
export const searchable = (text: string): string => ` ${wordsOf(text).join(' ')} `;

export function matches(query: Query, text: string): boolean {
  return (
    query.words.every((word) => text.includes(` ${word} `)) &&
    query.endings.every((ending) => text.includes(`${ending} `)) &&
    !query.without.some((word) => text.includes(` ${word} `))
  );
}
