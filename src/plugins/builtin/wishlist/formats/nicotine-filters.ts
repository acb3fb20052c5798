import { type Given, readOption, specOf } from '../options/read-options.ts';

/*
 * The filters of a wish in Nicotine+ are a list: text that must be there, text that must not, size, bitrate, free slot
 * (true or false), country, file type, length, public files only (true or false). [Nicotine+ 3.4, search filter help]
 */

type Note = (text: string) => void;

/** Filters of Nicotine+ as options; what has no counterpart is noted. */
export function givenOfFilters(filters: readonly unknown[], note: Note): Given[] {
  const [include, exclude, size, bitrate, slot, country, type, length, open] = filters;
  if (texts(country, /[|&,;\s]+/u).length > 0)
    note('its filter by country is left out: nobody says in a search where they are');
  return [
    ...phrases('any', include, note),
    ...phrases('not', exclude, note),
    ...range('min-size', 'max-size', size, note),
    ...range('min', 'max', bitrate, note),
    ...(slot === true ? [option('slot', 'yes')] : []),
    ...types(type, note),
    ...range('min-length', 'max-length', length, note),
    ...(open === true ? [option('locked', 'exclude')] : []),
  ];
}

const option = (key: string, value: string): Given => readOption(specOf(key), value);

function texts(value: unknown, separator: RegExp): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function phrases(key: string, value: unknown, note: Note): Given[] {
  const parts = texts(value, /\|/u);
  if (parts.length === 0) return [];
  if (parts.some((part) => /[\\^$*+?()[\]{}]/u.test(part)))
    note(`"${String(value)}" is taken as words, not as a pattern`);
  return [{ spec: specOf(key), parts }];
}

function types(value: unknown, note: Note): Given[] {
  const all = texts(value, /[|&,;\s]+/u).map((part) => part.replace(/^(!?)\./u, '$1'));
  if (all.some((part) => part.startsWith('!'))) note('file types that it excludes are left out');
  const parts = all.filter((part) => !part.startsWith('!'));
  return parts.length === 0 ? [] : [{ spec: specOf('ext'), parts }];
}

/** `>=256 <1411`; a number alone is a least one. */
function range(least: string, most: string, value: unknown, note: Note): Given[] {
  return texts(value, /[|&\s]+/u).flatMap((part) => {
    const [, sign = '', number = ''] = /^([<>=!]*)(.*)$/u.exec(part) ?? [];
    const amount = withUnit(number);
    if (sign === '' || sign === '>' || sign === '>=') return [option(least, amount)];
    if (sign === '<' || sign === '<=') return [option(most, amount)];
    if (sign === '=' || sign === '==') return [option(least, amount), option(most, amount)];
    note(`"${part}" is left out`);
    return [];
  });
}

/** A letter alone means units of 1024 there. */
function withUnit(number: string): string {
  return number.replace(/^(\d+(?:\.\d+)?)([kmg])$/iu, '$1$2i').replace(/(\d)b$/iu, '$1');
}

/** Options as filters of Nicotine+; only what it can say. */
export function filtersOf(given: readonly Given[]): unknown[] {
  const parts = (key: string) => given.find(({ spec }) => spec.key === key)?.parts ?? [];
  const range = (least: string, most: string) =>
    [...parts(least).map((part) => `>=${part}`), ...parts(most).map((part) => `<=${part}`)].join(' ');
  const filters = [
    // `|` means "or" there, so of several that must all be there it can say none.
    (parts('any').length > 0
      ? parts('any')
      : parts('must').slice(0, parts('must').length === 1 ? 1 : 0)
    ).join('|'),
    parts('not').join('|'),
    range('min-size', 'max-size'),
    range('min', 'max'),
    parts('slot')[0] === 'yes',
    '',
    parts('ext').join(' '),
    range('min-length', 'max-length'),
    parts('locked')[0] === 'exclude',
  ];
  return filters.every((filter) => filter === '' || filter === false) ? [] : filters;
}
