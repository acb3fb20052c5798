import { Buffer } from 'node:buffer';
import { isOneLetter, wordsOf } from './words.ts';

/** A search as it goes out, and what has to be enforced on its results because answering clients do not, or differ. */
export interface SearchQuery {
  /** What is sent: words, `-word` and `*ending`, separated by single spaces. */
  readonly text: string;
  /** Words that a path must have, in any order; more than are sent, because single letters stay at home. */
  readonly words: readonly string[];
  /** Endings that some word of a path must have. */
  readonly endings: readonly string[];
  /** Words that must follow each other. */
  readonly phrases: readonly (readonly string[])[];
  /** Words, or words following each other, that a path must not have. */
  readonly excluded: readonly (readonly string[])[];
}

export type QueryRefusal =
  /** Nothing to search for. */
  | 'empty'
  /** No complete word of two letters: nobody answers searches that only exclude or only have wildcards. */
  | 'no-word'
  /** A word is both wanted and excluded. */
  | 'contradictory'
  /** More than 256 bytes, which the server drops [soulfind]. */
  | 'too-long';

export type CleanedQuery =
  | { readonly ok: true; readonly query: SearchQuery }
  | { readonly ok: false; readonly code: QueryRefusal; readonly reason: string };

/** [soulfind] */
const MAX_BYTES = 256;

/** Beyond this a text is not even looked at, in UTF-16 units. */
const MAX_RAW = 4096;

/** Control characters, and halves of surrogate pairs. */
const UNSENDABLE = /[\p{Cc}\p{Cs}]/gu;

/** A quoted phrase, maybe excluded, or anything else up to a space. */
const PIECE = /(-?)"([^"]*)"|\S+/gu;

/** Clients based on SoulseekQt answer nothing when one of these stands inside a word [Nicotine+]. */
const PUNCTUATION = /[!-/:-@[-`{-~–—‐’“”…]+/gu;

const split = (text: string): string[] =>
  text
    .replace(PUNCTUATION, ' ')
    .split(/\s+/u)
    .filter((part) => part !== '');

class Cleaner {
  readonly sent = new Map<string, string>();
  readonly words = new Set<string>();
  readonly endings = new Set<string>();
  readonly phrases: string[][] = [];
  readonly excluded: string[][] = [];
  /** Whether a complete word will be sent. */
  complete = false;

  include(text: string): string[] {
    const all: string[] = [];
    for (const part of split(text)) {
      const words = wordsOf(part);
      all.push(...words);
      for (const word of words) this.words.add(word);
      if (words.length === 0 || isOneLetter(part)) continue;
      this.complete = true;
      this.#send('', part);
    }
    return all;
  }

  phrase(text: string): void {
    const words = this.include(text);
    if (words.length > 1) this.phrases.push(words);
  }

  exclude(text: string): void {
    const words = split(text).flatMap((part) => wordsOf(part));
    if (words.length === 0) return;
    this.excluded.push(words);
    // Clients disagree on `-a-b`: some exclude every word of it. Excluding it here alone is what everybody means.
    const [word] = words;
    if (words.length === 1 && !isOneLetter(word!)) this.#send('-', word!);
  }

  ending(text: string): void {
    const [first, ...others] = split(text).filter((part) => wordsOf(part).length > 0);
    if (first === undefined) return;
    const [word, ...rest] = wordsOf(first);
    this.endings.add(word!);
    for (const other of rest) this.words.add(other);
    if (!isOneLetter(first)) this.#send('*', first);
    for (const other of others) this.include(other);
  }

  #send(operator: '' | '-' | '*', part: string): void {
    const key = operator + part.toLowerCase();
    if (!this.sent.has(key)) this.sent.set(key, operator + part);
  }
}

/**
 * Makes of what a person typed what the clients of this network answer: punctuation inside words becomes spaces, a
 * `"quoted phrase"` is sent as its words and enforced on the results, `-word` excludes, `*ending` matches the ends of
 * words; single letters are not sent but enforced. Cleaning what was cleaned changes nothing.
 */
export function cleanQuery(raw: string): CleanedQuery {
  if (raw.length > MAX_RAW)
    return refused('too-long', `the query has ${raw.length} characters; ${MAX_BYTES} bytes can be sent`);
  const cleaner = new Cleaner();
  for (const [piece, not, quoted] of raw.normalize('NFC').replace(UNSENDABLE, ' ').matchAll(PIECE)) {
    if (quoted !== undefined) {
      if (not === '-') cleaner.exclude(quoted);
      else cleaner.phrase(quoted);
    } else if (piece.startsWith('-')) cleaner.exclude(piece);
    else if (piece.startsWith('*')) cleaner.ending(piece);
    else cleaner.include(piece);
  }
  const { sent, words, endings, phrases, excluded, complete } = cleaner;
  if (words.size === 0 && endings.size === 0 && excluded.length === 0)
    return refused('empty', 'the query has no words');
  if (!complete) {
    return refused(
      'no-word',
      'the query needs a complete word of two letters or more: nobody answers exclusions, wildcards or single letters alone',
    );
  }
  const text = [...sent.values()].join(' ');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) return refused('too-long', `the query has ${bytes} bytes; ${MAX_BYTES} can be sent`);
  const clash = excluded.find((not) => not.length === 1 && words.has(not[0]!));
  if (clash) return refused('contradictory', `the query both wants and excludes "${clash[0]!}"`);
  return { ok: true, query: { text, words: [...words], endings: [...endings], phrases, excluded } };
}

const refused = (code: QueryRefusal, reason: string): CleanedQuery => ({ ok: false, code, reason });
