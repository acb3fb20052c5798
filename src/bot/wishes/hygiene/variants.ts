import { Buffer } from 'node:buffer';
import { cleanQuery, type SearchQuery } from '../../../network/search/query.ts';
import { isUnspaced } from '../../../network/search/words.ts';
import { plainLetters } from '../content/fold.ts';
import { MAX_QUERY_BYTES } from './limits.ts';
import { toNumeral } from './numerals.ts';

/** The query as typed included: each costs a turn. */
const MAX_VARIANTS = 6;

/** What a query excludes, or completes, stays as it is. */
const FIXED = /(?:^|(?<=\s))(?:-(?:"[^"]*"|\S+)|\*\S+)/gu;

const FEATURING = /(?<=^|[\s"([])(?:feat|ft|featuring)\.?(?=[\s"]|$)/giu;
const AND = /(?<=\S\s+)and(?=\s+\S)/giu;
const APOSTROPHES = /(?<=\p{L})['’‘`´ʼ](?=\p{L})/gu;
/** Signs that part words of scripts that have no spaces, and that clients do not read as spaces. */
const CJK_SIGNS = /[・･·、。「」『』【】《》〜～：！？　]+/gu;

/** One way to write something differently. Changes nothing where it does not apply. */
type Rewrite = (text: string) => string;

/** Letters only: a wide minus must not become an exclusion. */
const plain: Rewrite = (text) => text.replace(/[\p{L}\p{M}\p{N}]+/gu, plainLetters);
const joined: Rewrite = (text) => text.replace(APOSTROPHES, '');
const parted: Rewrite = (text) => text.replace(CJK_SIGNS, ' ');

/** Runs of signs next to each other become one. */
const closed: Rewrite = (text) =>
  parted(text).replace(/(?<=(\S))\s+(?=(\S))/gu, (gap, before: string, after: string) =>
    isUnspaced(before) && isUnspaced(after) ? '' : gap,
  );

/** `東京live` as two words: most write a space there, if only for the looks. */
const bordered: Rewrite = (text) => {
  let out = '';
  let last = '';
  for (const sign of parted(text)) {
    const both = /[\p{L}\p{N}]/u.test(last) && /[\p{L}\p{N}]/u.test(sign);
    out += both && isUnspaced(last) !== isUnspaced(sign) && !isJapaneseMark(last + sign) ? ` ${sign}` : sign;
    last = sign;
  }
  return out;
};

/** The long-vowel mark is of no script, and no border. */
const isJapaneseMark = (pair: string): boolean => /[ー々〆]/u.test(pair);

const featuring =
  (word: string): Rewrite =>
  (text) =>
    text.replace(FEATURING, word);

const SINGLE: readonly Rewrite[] = [
  plain,
  joined,
  closed,
  bordered,
  featuring('&'),
  featuring('feat'),
  featuring('ft'),
  featuring('featuring'),
  (text) => text.replace(AND, '&'),
  toNumeral,
];

/** Everything that makes it plainer at once. */
const ALL: Rewrite = (text) =>
  [plain, joined, closed, featuring('&'), toNumeral].reduce((done, rewrite) => rewrite(done), text);

/**
 * Spellings of a query to try in turn: first as it was typed, then at most five more that people write for the same
 * thing, always in the same order. Each asks something else of the network, fits into 250 bytes, excludes and completes
 * what the query does, and wants its words: only "feat." and "and" may go, as "&" does when it is sent. A phrase in quotes
 * stays one. A query that cannot be sent has itself alone.
 */
export function variantsOf(query: string): readonly string[] {
  const typed = cleanQuery(query);
  if (!typed.ok) return [query];
  const said = saidNo(typed.query);
  const sent = new Set([typed.query.text.toLowerCase()]);
  const variants = [...SINGLE, ALL].flatMap((rewrite) => {
    const variant = outsideFixed(query, rewrite);
    const cleaned = Buffer.byteLength(variant) > MAX_QUERY_BYTES ? undefined : cleanQuery(variant);
    if (!cleaned?.ok || saidNo(cleaned.query) !== said) return [];
    const text = cleaned.query.text.toLowerCase();
    return sent.size < sent.add(text).size ? variant : [];
  });
  // The last one has the most changed at once: it keeps its place when there are too many.
  const others =
    variants.length < MAX_VARIANTS ? variants : [...variants.slice(0, MAX_VARIANTS - 2), variants.at(-1)!];
  return [query, ...others];
}

/** What a variant must not change. */
const saidNo = ({ excluded, endings }: SearchQuery): string => JSON.stringify([excluded, endings]);

function outsideFixed(query: string, rewrite: Rewrite): string {
  let out = '';
  let from = 0;
  for (const fixed of query.matchAll(FIXED)) {
    out += rewrite(query.slice(from, fixed.index)) + fixed[0];
    from = fixed.index + fixed[0].length;
  }
  return out + rewrite(query.slice(from));
}
