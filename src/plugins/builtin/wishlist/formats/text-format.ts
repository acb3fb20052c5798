import { readLine } from '../options/read-options.ts';
import { WordsError } from '../options/words.ts';
import { writeLine } from '../options/write-options.ts';
import { type Imported, readRows, type WishRow } from './wish-row.ts';

/** A wish a line, as `!wish add` takes it. Empty lines, and those that begin with `#`, do not count. */
export function readText(text: string): Imported {
  const lines = text
    .split(/\r\n|\r|\n/u)
    .map((line, index) => ({ line: index + 1, text: line.trim(), item: line.trim() }))
    .filter(({ item }) => item !== '' && !item.startsWith('#'));
  return readRows(lines, (line) => {
    const { query, given } = readLine(line);
    if (query === '') throw new WordsError('there is nothing to search for');
    return { query, given };
  });
}

export function writeText(rows: readonly Omit<WishRow, 'line'>[]): string {
  return rows.map(({ query, given }) => `${writeLine(query, given)}\n`).join('');
}
