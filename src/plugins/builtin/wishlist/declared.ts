import type { WishOptions } from '../../api/index.ts';
import { queryFold } from './options/query.ts';
import { applied, readLine } from './options/read-options.ts';
import { WordsError, wordsOf } from './options/words.ts';

/** What this plugin keeps with a wish. */
export interface WishData {
  readonly to?: readonly string[];
  readonly digest?: 'none' | 'hour' | 'day';
  readonly get?: 'ask' | 'auto' | 'no';
}

/** A wish that stands in the config. */
export interface DeclaredWish {
  readonly id: string;
  readonly options: WishOptions;
  readonly data: WishData;
}

const MAX_SLUG = 40;

/**
 * Reads a wish of the config: as it is typed, with `id=` besides.
 * @throws WordsError with a sentence for people.
 */
export function declaredWish(line: string): DeclaredWish {
  const { query, given } = readLine(line);
  if (query === '') throw new WordsError('there is nothing to search for');
  const { id, paused, ...options } = applied({}, given, undefined);
  if (paused !== undefined) throw new WordsError('paused= does nothing here: leave the wish out');
  const name = (id as string | undefined) ?? slugOf(query);
  // Those are given to wishes that people type.
  if (/^\d+$/.test(name)) throw new WordsError(`the id "${name}" is a number: give it a name with id=`);
  if (/\s/u.test(name)) throw new WordsError('an id has no spaces');
  return { id: name, options: { ...options, query }, data: dataOf(options) };
}

/** `Rare EP "two words" -live` is called `rare-ep-two-words`. */
function slugOf(query: string): string {
  const words = wordsOf(queryFold(query))
    .flatMap(({ raw }) => (raw.startsWith('-') ? [] : raw.split(/\s/u)))
    .map((word) => word.replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ''))
    .filter((word) => word !== '');
  const slug = words.join('-').slice(0, MAX_SLUG).replace(/-+$/u, '');
  if (slug === '' || /^\d+$/.test(slug)) return `wish-${slug === '' ? 'x' : slug}`;
  return slug;
}

/** This plugin's own part of a wish. */
export function dataOf(options: { readonly data?: unknown }): WishData {
  const { data } = options;
  return typeof data === 'object' && data !== null ? data : {};
}
