import { hasSequence, wordsOf } from '../words.ts';

/** What a term asks for. */
export interface Term {
  /** Without repetitions; those of the phrases too. At least one. */
  readonly words: readonly string[];
  readonly phrases: readonly (readonly string[])[];
}

/** A term like a search: its words in any order, words in quotes one after the other. Undefined for a term without words. */
export function readTerm(text: string): Term | undefined {
  const phrases: string[][] = [];
  for (const [, quoted] of text.matchAll(/"([^"]*)"/gu)) {
    const words = wordsOf(quoted!);
    if (words.length > 1) phrases.push(words);
  }
  const words = [...new Set(wordsOf(text))];
  return words.length === 0 ? undefined : { words, phrases };
}

interface Entry<T> extends Term {
  readonly key: string;
  readonly value: T;
}

/** Above so many words a query gets a set to be looked up in. */
const FEW_WORDS = 8;

/**
 * Finds which of many terms a query matches. Each term waits under one of its words, the one where fewest others wait, so
 * that a query costs one look-up per word and not one step per term.
 */
export class TermIndex<T> {
  readonly #buckets = new Map<string, Entry<T>[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes the term; the result takes it out again (once). */
  add(term: Term, value: T): () => void {
    const load = (word: string) => this.#buckets.get(word)?.length ?? 0;
    const key = term.words.reduce((best, word) => {
      const less = load(word) - load(best);
      return less < 0 || (less === 0 && word.length > best.length) ? word : best;
    });
    const entry: Entry<T> = { ...term, key, value };
    const bucket = this.#buckets.get(key);
    if (bucket) bucket.push(entry);
    else this.#buckets.set(key, [entry]);
    this.#size++;
    return () => this.#remove(entry);
  }

  /** Calls `found` for each term that matches a query of these words, once for each time that it was added. */
  match(words: readonly string[], found: (value: T) => void): void {
    let set: Set<string> | undefined;
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      const bucket = this.#buckets.get(word);
      if (bucket === undefined || words.indexOf(word) < i) continue;
      if (words.length > FEW_WORDS) set ??= new Set(words);
      for (const { words: needed, phrases, value } of bucket) {
        if (!hasAll(needed, words, set)) continue;
        if (phrases.length === 0 || phrases.every((phrase) => hasSequence(words, phrase))) found(value);
      }
    }
  }

  #remove(entry: Entry<T>): void {
    const bucket = this.#buckets.get(entry.key);
    const at = bucket?.indexOf(entry) ?? -1;
    if (bucket === undefined || at < 0) return;
    this.#size--;
    if (bucket.length === 1) this.#buckets.delete(entry.key);
    else bucket.splice(at, 1);
  }
}

function hasAll(needed: readonly string[], words: readonly string[], set: Set<string> | undefined): boolean {
  for (const word of needed) if (!(set ? set.has(word) : words.includes(word))) return false;
  return true;
}
