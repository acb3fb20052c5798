import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXTENSIONS } from '../content/file-class.ts';
import { isFatal, PROBLEMS } from '../hygiene/problems.ts';
import { variantsOf } from '../hygiene/variants.ts';
import { DEFAULT_WEIGHTS } from '../ranking/weights.ts';
import { FILTER_KEYS, FILTER_LIMITS } from './check-filter.ts';

const page = readFileSync(new URL('../../../../docs/wishlist-filters.md', import.meta.url), 'utf8');

/** Cells of the table that begins with this heading. */
function table(heading: string): readonly (readonly string[])[] {
  const lines = page.slice(page.indexOf(`| ${heading} |`)).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  return rows.map((row) => row.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/gu, '')));
}
const names = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name);

describe('docs/wishlist-filters.md', () => {
  it('has every condition, in order', () => {
    expect(table('condition').flatMap(([cell]) => names(cell))).toEqual(FILTER_KEYS);
  });

  it('has every class with its extensions', () => {
    const classes = table('class').map(([name, list]) => [names(name)[0], names(list)]);
    expect(Object.fromEntries(classes)).toEqual(EXTENSIONS);
  });

  it('has the limits', () => {
    const { words, wordLength, patterns, patternLength, ext, users } = FILTER_LIMITS;
    const limits = `${words} words or phrases in a list, of ${wordLength} characters each; ${patterns} patterns in a list, of ${patternLength} characters each; ${ext} extensions; ${users.toLocaleString('en')} users in a list.`;
    expect(page.replaceAll(/\s+/gu, ' ')).toContain(limits);
  });

  it('has the weights', () => {
    expect(
      Object.fromEntries(table('part').map(([name, weight]) => [names(name)[0], Number(weight)])),
    ).toEqual(DEFAULT_WEIGHTS);
  });

  it('has every problem and what comes of it', () => {
    const problems = table('problem').map(([name, fate]) => [names(name)[0], fate === 'is refused']);
    expect(Object.fromEntries(problems)).toEqual(
      Object.fromEntries(Object.keys(PROBLEMS).map((code) => [code, isFatal({ code, message: '' })])),
    );
  });

  it('has spellings that are tried', () => {
    for (const [typed, others] of table('typed'))
      expect(variantsOf(names(typed)[0]!)).toEqual([...names(typed), ...names(others)]);
  });
});
