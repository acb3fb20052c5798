import type { Random } from '../../../platform/random.ts';
import type { PatternBook } from './pattern-book.ts';
import { Sampler } from './sampler.ts';
import { checkFilter, type RequestFilter, termOf } from './search-requests.ts';
import { TermIndex } from './term-index.ts';

/** What is looked at of a request. */
export interface MatchedRequest {
  readonly user: string;
  readonly query: string;
  /** The words of the query, see {@link readIncoming}. */
  readonly words: readonly string[];
}

/** A filter of requests by itself, for who has to be asked at once instead of in batches. */
export class RequestMatch {
  readonly #tests: ((request: MatchedRequest) => boolean)[] = [];
  readonly #undo: (() => void)[] = [];

  /** @throws RangeError for a filter that would match everything or nothing, or has an unusable entry. */
  constructor(filter: Omit<RequestFilter, 'hashUsers'>, patterns: PatternBook, random: Random) {
    checkFilter(filter);
    const { users, terms, sample } = filter;
    if (users) {
      const wanted = new Set(users);
      this.#tests.push(({ user }) => wanted.has(user));
    }
    if (terms) {
      const index = new TermIndex<true>();
      for (const text of new Set(terms)) index.add(termOf(text), true);
      this.#tests.push(({ words }) => {
        let found = false;
        index.match(words, () => {
          found = true;
        });
        return found;
      });
    }
    try {
      if (filter.patterns) this.#addPatterns(filter.patterns, patterns);
    } catch (error) {
      this.release();
      throw error;
    }
    if (sample !== undefined) {
      const sampler = new Sampler(random, sample);
      this.#tests.push(() => sampler.pick());
    }
  }

  matches(request: MatchedRequest): boolean {
    return this.#tests.every((test) => test(request));
  }

  /** Gives its patterns back. */
  release(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #addPatterns(sources: readonly string[], book: PatternBook): void {
    const taken = [...new Set(sources)].map((source) => {
      const pattern = book.take(source);
      this.#undo.push(() => book.release(pattern));
      return pattern;
    });
    this.#tests.push(({ query }) => taken.some(({ compiled }) => compiled.test(query)));
  }
}
