import { type Given, readOption, specOf } from '../options/read-options.ts';
import { itemsOf, objectOf } from './json-format.ts';
import { filtersOf, givenOfFilters } from './nicotine-filters.ts';
import { pythonTexts } from './python-list.ts';
import { FormatError, type Imported, readRows, rowOf, type WishRow } from './wish-row.ts';

/** In its config: `autosearch = ['…', '…']`, the newest first. */
const AUTOSEARCH = /^[ \t]*autosearch[ \t]*=(.*)$/mu;

/** Whether it is `wishlist.json` or the config of Nicotine+. */
export function looksLikeNicotine(text: string): boolean {
  return /^\s*\[\s*\{[^{}]*"term"\s*:/u.test(text) || AUTOSEARCH.test(text);
}

/**
 * The wishes of Nicotine+ 3.4 (`wishlist.json`: a list of objects with `term`, `auto_search`, `filter_mode`,
 * `custom_filters`, `ignored_users`), or of the config of any version (`autosearch`). [Nicotine+]
 * @throws FormatError
 */
export function readNicotine(text: string): Imported {
  const match = AUTOSEARCH.exec(text);
  return match === null
    ? readList(text)
    : readConfig(match[1]!, text.slice(0, match.index).split('\n').length);
}

function readConfig(source: string, line: number): Imported {
  const terms = pythonTexts(source);
  if (terms === undefined)
    throw new FormatError(
      `line ${line}: expected autosearch = ['…', '…'] on one line, as Nicotine+ writes it`,
    );
  return readRows(
    terms.toReversed().map((item) => ({ line, text: item, item })),
    (term) => rowOf(term, []),
  );
}

function readList(text: string): Imported {
  return readRows(itemsOf(text), (item, note) => {
    const object = objectOf(item);
    const row = rowOf(object['term'], []);
    const list = (key: string): readonly unknown[] => {
      const value = object[key];
      return Array.isArray(value) ? (value as unknown[]) : [];
    };
    const ignored = list('ignored_users').filter((user) => typeof user === 'string');
    const given: Given[] = [
      ...(object['filter_mode'] === 'custom' ? givenOfFilters(list('custom_filters'), note) : []),
      ...(ignored.length === 0 ? [] : [{ spec: specOf('not-users'), parts: ignored }]),
      ...(object['auto_search'] === false ? [readOption(specOf('paused'), 'yes')] : []),
    ];
    return { query: row.query, given };
  });
}

/** A wish for {@link writeNicotine}. */
export interface DatedRow extends Omit<WishRow, 'line'> {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** `wishlist.json` of Nicotine+ 3.4; what it cannot say is left out. */
export function writeNicotine(rows: readonly DatedRow[]): string {
  const items = rows.map(({ query, given, createdAt }) => {
    const filters = filtersOf(given);
    const parts = (key: string) => given.find(({ spec }) => spec.key === key)?.parts ?? [];
    return JSON.stringify({
      term: query,
      auto_search: parts('paused')[0] !== 'yes',
      filter_mode: filters.length === 0 ? 'none' : 'custom',
      time_added: Math.floor(createdAt / 1000),
      custom_filters: filters,
      ignored_users: [...parts('not-users')].sort(),
    });
  });
  return `[${items.join(',\n')}]\n`;
}
