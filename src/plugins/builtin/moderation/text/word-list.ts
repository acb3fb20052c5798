import { fold } from './fold.ts';
import { asLatin } from './look-alike-letters.ts';
import { undoubled } from './skeleton.ts';
import { type WordViews, wordViews } from './word-views.ts';

/** A word list, ready for use. */
export interface WordList {
  /** The entry that the line contains, as it stands in the list. */
  find(text: string): string | undefined;
}

interface Entry {
  readonly source: string;
  readonly words: readonly WordTest[];
}

type WordTest = (word: string) => boolean;

/** A letter that was held down. */
const HELD = /(.)\1\1/u;

/** Joined letters may hold other letters around the word: `a b a d word`. Shorter words would be found by accident. */
const SHORTEST_INSIDE = 4;

/** What is wrong with an entry, as a sentence without an end; undefined: nothing. */
export function entryProblem(entry: string): string | undefined {
  const words = wordsOf(entry);
  if (words.length === 0 || words.some((word) => word.replaceAll('*', '') === ''))
    return `${JSON.stringify(entry)} has no letter or digit, and would match everything`;
  if (words.some((word) => word.slice(1, -1).includes('*')))
    return `${JSON.stringify(entry)} has a * inside a word: it can stand at the beginning and at the end`;
  return undefined;
}

/**
 * Finds words and phrases however they are dressed up: look-alike letters, leetspeak, accents, invisible characters,
 * repeated letters, letters with something between. Whole words only, unless the entry has a `*` at an end.
 * @param entries such that {@link entryProblem} has nothing to say
 */
export function wordList(entries: readonly string[]): WordList {
  const compiled: readonly Entry[] = entries.map((source) => ({
    source,
    words: wordsOf(source).map(wordTest),
  }));
  const inside = entries.map((source) => ({ source, word: wordsOf(source).join('').replaceAll('*', '') }));
  const candidates = byFirstWord(entries, compiled);
  return {
    find(text) {
      const views = wordViews(text);
      return isIn(views, candidates)?.source ?? spelledOut(views, compiled, inside);
    },
  };
}

/** The entries that may begin with what a word is read as: a long list must not cost its length for every word. */
function byFirstWord(
  entries: readonly string[],
  compiled: readonly Entry[],
): (reading: string) => readonly Entry[] {
  const found = new Map<string, Entry[]>();
  const anywhere: Entry[] = [];
  for (const [index, entry] of compiled.entries()) {
    const first = wordsOf(entries[index]!)[0] ?? '';
    const keys = first.includes('*')
      ? []
      : [first, asLatin(first), undoubled(first), undoubled(asLatin(first))];
    if (keys.length === 0) anywhere.push(entry);
    for (const key of new Set(keys)) found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return (reading) => [
    ...(found.get(reading) ?? []),
    ...(HELD.test(reading) ? (found.get(undoubled(reading)) ?? []) : []),
    ...anywhere,
  ];
}

function spelledOut(
  { spelled }: WordViews,
  entries: readonly Entry[],
  inside: readonly { readonly source: string; readonly word: string }[],
): string | undefined {
  if (spelled.length === 0) return undefined;
  return (
    entries.find(({ words: [test, more] }) => more === undefined && test !== undefined && spelled.some(test))
      ?.source ??
    inside.find(
      ({ word }) => word.length >= SHORTEST_INSIDE && spelled.some((letters) => letters.includes(word)),
    )?.source
  );
}

function wordsOf(entry: string): readonly string[] {
  return fold(entry)
    .split(/\s+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}*]/gu, ''))
    .filter((word) => word !== '');
}

/** An entry of which all words stand in the line, one after the other. */
function isIn({ words }: WordViews, candidates: (reading: string) => readonly Entry[]): Entry | undefined {
  for (const [start, readings] of words.entries()) {
    for (const reading of readings) {
      const found = candidates(reading).find((entry) =>
        entry.words.every((test, offset) => words[start + offset]?.some(test) === true),
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function wordTest(word: string): WordTest {
  const begins = word.startsWith('*');
  const ends = word.endsWith('*') && word.length > 1;
  const core = word.slice(begins ? 1 : 0, ends ? -1 : undefined);
  const cores = [...new Set([core, asLatin(core)])];
  return (given) =>
    cores.some((one) => {
      if (begins && ends) return given.includes(one);
      if (begins) return given.endsWith(one);
      if (ends) return given.startsWith(one);
      return given === one || isStretched(given, one);
    });
}

/** Whether a word is another with letters held down: `spaaaam` is `spam`. A letter twice is a spelling, three times is not. */
function isStretched(given: string, word: string): boolean {
  if (given.length <= word.length || given[0] !== word[0] || !HELD.test(given)) return false;
  const left = runs(given);
  const right = runs(word);
  return (
    left.length === right.length &&
    left.every(({ char, count }, i) => {
      const other = right[i]!;
      return char === other.char && (count === other.count || (count > 2 && count > other.count));
    })
  );
}

function runs(text: string): { readonly char: string; readonly count: number }[] {
  const found: { char: string; count: number }[] = [];
  for (const char of text) {
    const last = found.at(-1);
    if (last?.char === char) last.count += 1;
    else found.push({ char, count: 1 });
  }
  return found;
}
