import { plainQuery, typedQuery } from '../options/query.ts';
import { applied, type Given, merged, readOption, specOf } from '../options/read-options.ts';
import { WordsError } from '../options/words.ts';

/** A wish that stood in a file. */
export interface WishRow {
  /** Where it began, counted from 1. */
  readonly line: number;
  readonly query: string;
  readonly given: readonly Given[];
}

/** What stood in a file and is no wish. */
export interface BadRow {
  readonly line: number;
  /** Its beginning. */
  readonly text: string;
  readonly problem: string;
}

/** What a file holds. */
export interface Imported {
  readonly good: readonly WishRow[];
  readonly bad: readonly BadRow[];
  /** What could not be taken over and does no harm, in words. */
  readonly notes: readonly string[];
}

/** What is wrong with a whole file: nothing of it can be read. */
export class FormatError extends Error {}

const SHOWN = 60;

/** Reads one after the other; what is wrong with one does not keep the others out. */
export function readRows<T>(
  items: readonly { readonly line: number; readonly text: string; readonly item: T }[],
  read: (item: T, note: (text: string) => void) => Omit<WishRow, 'line'> | undefined,
): Imported {
  const good: WishRow[] = [];
  const bad: BadRow[] = [];
  const notes: string[] = [];
  for (const { line, text, item } of items) {
    try {
      const row = read(item, (note) => void notes.push(`line ${line}: ${note}`));
      if (row === undefined) continue;
      // Values are read for what is wrong with them; what counts from now is counted when they are taken over.
      applied({}, row.given, 0);
      good.push({ line, ...row });
    } catch (error) {
      if (!(error instanceof WordsError)) throw error;
      bad.push({
        line,
        text: text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text,
        problem: error.message,
      });
    }
  }
  return { good, bad, notes };
}

/** A wish of a table or an object: the query, and values by the key of their option. @throws WordsError */
export function rowOf(
  query: unknown,
  values: readonly (readonly [key: string, value: unknown])[],
): Omit<WishRow, 'line'> {
  if (typeof query !== 'string' || query.trim() === '') throw new WordsError('it has no query');
  return {
    query: typedQuery(plainQuery(query)),
    given: merged(
      values.flatMap(([key, value]) => {
        const given = givenOf(key.trim().toLowerCase(), value);
        return given.parts.length === 0 ? [] : [given];
      }),
    ),
  };
}

function givenOf(key: string, value: unknown): Given {
  const spec = specOf(key);
  if (value === null || value === undefined) return { spec, parts: [] };
  if (Array.isArray(value)) return { spec, parts: value.map((part: unknown) => scalar(key, part)) };
  const text = scalar(key, value);
  return typeof value === 'string' ? readOption(spec, text) : { spec, parts: [text] };
}

function scalar(key: string, value: unknown): string {
  // One line is all that there is room for elsewhere.
  if (typeof value === 'string') return value.replaceAll(/\s+/gu, ' ').trim();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  throw new WordsError(`${key}= must be a text, a number, yes or no, or a list of them`);
}
