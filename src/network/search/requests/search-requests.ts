import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Random } from '../../../platform/random.ts';
import type { StatePort } from '../../ports.ts';
import type { Undo } from '../../server-link.ts';
import { readIncoming } from '../incoming-query.ts';
import { PatternBook } from './pattern-book.ts';
import type { RequestStream, SearchRequest } from './request-stream.ts';
import { Sampler } from './sampler.ts';
import {
  type BatchHandler,
  type BatchOptions,
  type RequestSubscription,
  Subscription,
} from './subscription.ts';
import { readTerm, type Term, TermIndex } from './term-index.ts';
import { UserHash } from './user-hash.ts';

/** Which searches of others are wanted. All given conditions must hold; of a list, one entry is enough. At least one condition. */
export interface RequestFilter {
  /**
   * Each reads like a search: all its words in any order, words in quotes one after the other; whole words, in any case.
   * What a query excludes (`-word`) or completes (`*ending`) does not count as its words.
   */
  readonly terms?: readonly string[];
  /** Exact and case-sensitive. */
  readonly users?: readonly string[];
  /** Regular expressions in RE2 syntax, found anywhere in the query as it was typed. `(?i)` ignores case. */
  readonly patterns?: readonly string[];
  /** Share of what meets the other conditions, picked at random: above 0, at most 1. */
  readonly sample?: number;
  /** Deliver stand-ins instead of names, the same for the same user. @default false */
  readonly hashUsers?: boolean;
}

export interface SearchRequestsOptions {
  readonly stream: RequestStream;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Keeps the key of hashed names. */
  readonly state: StatePort;
}

const HOUR_MS = 60 * 60 * 1000;
const MAX_BATCH = 10_000;

/** Entries of one list of a filter. */
const MAX_LIST = 20_000;

/** Terms of all subscriptions together. */
const MAX_TERMS = 100_000;

const MAX_SUBSCRIPTIONS = 1000;

/** What a term leads to. */
interface Watch {
  readonly subscription: Subscription;
  /** As it was given. */
  readonly text: string;
}

/**
 * What others search for, for those who asked to know. All subscriptions together are one matcher: a request is cut into
 * words once, terms are found by look-up, and a pattern that several have is tried once.
 */
export class SearchRequests {
  readonly #options: SearchRequestsOptions;
  readonly #hash: UserHash;
  readonly #terms = new TermIndex<Watch>();
  readonly #byUser = new Map<string, Set<Subscription>>();
  /** Those with neither terms nor users: asked for every request. */
  readonly #others = new Set<Subscription>();
  readonly #patterns = new PatternBook();
  #active = 0;
  #unlisten: Undo | undefined;
  #query = 0;

  constructor(options: SearchRequestsOptions) {
    this.#options = options;
    this.#hash = new UserHash(options.random);
  }

  /** Takes up the key of hashed names. Call before the first request may come. Never rejects. */
  load(): Promise<void> {
    return this.#hash.load(this.#options.state, this.#options.log);
  }

  /**
   * Calls `handler` with batches of requests until stopped. Nothing is decoded while nobody listens.
   *
   * @throws RangeError for a filter that would match everything or nothing, has an unusable entry, or is one too many.
   */
  subscribe(filter: RequestFilter, batch: BatchOptions, handler: BatchHandler): RequestSubscription {
    const { batchMs = 1000, maxBatch = 500 } = batch;
    checkFilter(filter);
    checkBatch(batchMs, maxBatch);
    if (this.#active >= MAX_SUBSCRIPTIONS)
      throw new RangeError(`${MAX_SUBSCRIPTIONS} subscriptions are active already`);
    const { clock, random, log } = this.#options;
    const { users, sample } = filter;
    const terms = [...new Set(filter.terms)].map((text) => ({ text, term: termOf(text) }));
    if (this.#terms.size + terms.length > MAX_TERMS)
      throw new RangeError(`${MAX_TERMS} terms at most, over all subscriptions`);
    const undo: Undo[] = [];
    const patterns = filter.patterns && this.#takePatterns([...new Set(filter.patterns)], undo);
    const subscription = new Subscription({
      clock,
      log,
      conditions: {
        ...(users && { users: new Set(users) }),
        ...(patterns && { patterns }),
        ...(sample !== undefined && { sampler: new Sampler(random, sample) }),
        nameOf: filter.hashUsers ? (user) => this.#hash.of(user) : (user) => user,
      },
      batch: { batchMs, maxBatch },
      handler,
    });
    if (filter.terms)
      for (const { text, term } of terms) undo.push(this.#terms.add(term, { subscription, text }));
    else if (users) undo.push(...[...new Set(users)].map((user) => this.#watchUser(user, subscription)));
    else {
      this.#others.add(subscription);
      undo.push(() => void this.#others.delete(subscription));
    }
    this.#active++;
    this.#unlisten ??= this.#options.stream.listen((request) => this.#take(request));
    return {
      get counts() {
        return subscription.counts;
      },
      stop: () => {
        subscription.stop();
        if (undo.length === 0) return;
        for (const run of undo.splice(0)) run();
        if (--this.#active > 0) return;
        this.#unlisten?.();
        this.#unlisten = undefined;
      },
    };
  }

  #takePatterns(sources: readonly string[], undo: Undo[]) {
    try {
      return sources.map((source) => {
        const pattern = this.#patterns.take(source);
        undo.push(() => this.#patterns.release(pattern));
        return pattern;
      });
    } catch (error) {
      for (const run of undo) run();
      throw error;
    }
  }

  #watchUser(user: string, subscription: Subscription): Undo {
    const set = this.#byUser.get(user) ?? new Set();
    this.#byUser.set(user, set.add(subscription));
    return () => {
      set.delete(subscription);
      if (set.size === 0) this.#byUser.delete(user);
    };
  }

  #take(request: SearchRequest): void {
    const query = ++this.#query;
    if (this.#terms.size > 0) {
      const found: Subscription[] = [];
      this.#terms.match(readIncoming(request.query).words, ({ subscription, text }) => {
        if (subscription.query !== query) {
          subscription.query = query;
          subscription.terms = [];
          found.push(subscription);
        }
        subscription.terms.push(text);
      });
      for (const subscription of found) this.#offer(subscription, request, query, subscription.terms);
    }
    for (const subscription of this.#byUser.get(request.user) ?? [])
      this.#offer(subscription, request, query);
    for (const subscription of this.#others) this.#offer(subscription, request, query);
  }

  #offer(subscription: Subscription, request: SearchRequest, query: number, terms?: readonly string[]): void {
    const { users, patterns, sampler } = subscription.conditions;
    if (users && !users.has(request.user)) return;
    if (patterns && !patterns.some((pattern) => this.#patterns.test(pattern, request.query, query))) return;
    if (sampler && !sampler.pick()) return;
    subscription.add(request, terms);
  }
}

/** Throws a RangeError for a term without a word. */
export function termOf(text: string): Term {
  const term = readTerm(text);
  if (term === undefined) throw new RangeError(`the term ${JSON.stringify(text)} has no word`);
  return term;
}

/** Throws a RangeError for a filter that would match everything or nothing. */
export function checkFilter({ terms, users, patterns, sample }: RequestFilter): void {
  for (const [name, list] of Object.entries({ terms, users, patterns })) {
    if (list === undefined) continue;
    if (list.length === 0) throw new RangeError(`${name} is empty and would match nothing; leave it out`);
    if (list.length > MAX_LIST)
      throw new RangeError(`${name} has ${list.length} entries; ${MAX_LIST} at most`);
  }
  if (sample !== undefined && !(sample > 0 && sample <= 1))
    throw new RangeError('sample must be above 0 and at most 1');
  if (terms === undefined && users === undefined && patterns === undefined && sample === undefined) {
    throw new RangeError(
      'a subscription needs terms, users, patterns or a sample; sample: 1 asks for everything',
    );
  }
}

function checkBatch(batchMs: number, maxBatch: number): void {
  if (!(batchMs >= 10 && batchMs <= HOUR_MS)) throw new RangeError('batchMs must be from 10 to 3600000');
  if (!Number.isInteger(maxBatch) || maxBatch < 1 || maxBatch > MAX_BATCH)
    throw new RangeError(`maxBatch must be a whole number from 1 to ${MAX_BATCH}`);
}
