import { deferred } from '../../platform/deferred.ts';
import type { HitTest } from './filter.ts';
import { type SearchHit, type SearchResponse, toHit } from './hit.ts';
import { HitQueue } from './hit-queue.ts';
import { matchesPath } from './match-path.ts';
import type { SearchQuery } from './query.ts';
import type { SearchError } from './search-error.ts';

export type SearchEndReason =
  /** As many hits as were wanted. */
  | 'limit'
  | 'timeout'
  /** By `stop`, or because its reader went away. */
  | 'stopped'
  /** By the signal. */
  | 'aborted'
  /** The connection to the server ended. */
  | 'session-lost'
  /** It never ran; `error` says why. */
  | 'refused';

/** What became of everything that arrived. Rows are files in responses. */
export interface SearchCounts {
  /** Responses that were read. */
  readonly responses: number;
  /** Responses thrown away unread: of users who are not wanted or had their share, or too large. */
  readonly unread: number;
  readonly hits: number;
  /** Users with a hit. Verified and unverified ones of one name count apart. */
  readonly users: number;
  readonly rows: {
    /** The query does not match the path. */
    readonly mismatched: number;
    readonly filtered: number;
    /** Above the cap per user, or beyond the rows that are looked at of one response. */
    readonly surplus: number;
    /** Sizes above 2^53 and endless paths. */
    readonly nonsense: number;
    /** Too many hits were waiting for their readers, over all searches. */
    readonly crowded: number;
  };
}

export interface SearchEnd {
  readonly reason: SearchEndReason;
  /** Present when `reason` is `refused`. */
  readonly error?: SearchError;
  readonly counts: SearchCounts;
}

/**
 * A search under way: an async iterable of hits for one reader, which ends with the search, or throws a SearchError if the
 * search never ran. Leaving the loop stops the search. Hits wait for a slow reader; as many as `limit` at most.
 */
export interface Search extends AsyncIterable<SearchHit, undefined> {
  /** Absent when the query was refused. */
  readonly query?: SearchQuery;
  /** `waiting`: for its turn at the governor. */
  readonly state: 'waiting' | 'running' | 'ended';
  readonly counts: SearchCounts;
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<SearchEnd>;
  /** Ends it; hits that wait can still be read. */
  stop(): void;
}

/** What a response is judged by before anything of it is inflated. */
export interface ResponseOrigin {
  readonly user: string;
  readonly verified: boolean;
}

export interface RunOptions {
  readonly query?: SearchQuery;
  readonly test: HitTest;
  readonly limit: number;
  readonly perUser: number;
  /** Hits that all searches together may still leave waiting. */
  readonly room: () => number;
  /** Called once, synchronously. */
  readonly onEnd: () => void;
}

/** Compressed bytes of a response; 25,000 files take about half of it. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Rows looked at of one response. Clients send 500 at most unless told otherwise. */
const MAX_ROWS = 10_000;

/** Responses of one user; an honest one sends one. */
const MAX_RESPONSES = 8;

/** Users remembered of one search. */
const MAX_USERS = 10_000;

interface Seen {
  responses: number;
  hits: number;
}

/** One search: what arrived, what of it counts, and who waits for it. */
export class SearchRun implements Search {
  readonly query?: SearchQuery;
  readonly #options: RunOptions;
  readonly #queue = new HitQueue<SearchHit>();
  readonly #users = new Map<string, Seen>();
  readonly #done = deferred<SearchEnd>();
  #state: Search['state'] = 'waiting';
  #responses = 0;
  #unread = 0;
  #hits = 0;
  #usersWithHits = 0;
  readonly #rows = { mismatched: 0, filtered: 0, surplus: 0, nonsense: 0, crowded: 0 };

  constructor(options: RunOptions) {
    this.#options = options;
    if (options.query) this.query = options.query;
  }

  get state(): Search['state'] {
    return this.#state;
  }

  get done(): Promise<SearchEnd> {
    return this.#done.promise;
  }

  get counts(): SearchCounts {
    return {
      responses: this.#responses,
      unread: this.#unread,
      hits: this.#hits,
      users: this.#usersWithHits,
      rows: { ...this.#rows },
    };
  }

  /** Hits that wait for their reader. */
  get buffered(): number {
    return this.#queue.size;
  }

  /** It was sent. */
  begin(): void {
    if (this.#state === 'waiting') this.#state = 'running';
  }

  /** Whether a response should be inflated at all. */
  wants({ user, verified }: ResponseOrigin, bytes: number): boolean {
    const seen = this.#users.get(keyOf(user, verified));
    const wanted =
      this.#state === 'running' &&
      bytes <= MAX_RESPONSE_BYTES &&
      this.#options.test.user(user, verified) &&
      (seen
        ? seen.responses < MAX_RESPONSES && seen.hits < this.#options.perUser
        : this.#users.size < MAX_USERS);
    if (!wanted) this.#unread++;
    return wanted;
  }

  /** Takes what counts of a response. */
  take(response: SearchResponse, { user, verified }: ResponseOrigin): void {
    if (this.#state !== 'running' || !this.#options.test.user(user, verified)) return;
    this.#responses++;
    const key = keyOf(user, verified);
    const seen = this.#users.get(key) ?? { responses: 0, hits: 0 };
    if (this.#users.size < MAX_USERS) this.#users.set(key, seen);
    seen.responses++;
    const { slotFree, avgSpeed, queueLength } = response;
    const source = { user, verified, slotFree, avgSpeed, queueLength };
    const lists = [
      { files: response.results, locked: false },
      { files: response.privateResults ?? [], locked: true },
    ];
    let room = this.#options.room();
    let looked = 0;
    for (const { files, locked } of lists) {
      for (const [index, file] of files.entries()) {
        if (looked === MAX_ROWS || seen.hits >= this.#options.perUser) {
          this.#rows.surplus += files.length - index;
          break;
        }
        looked++;
        const hit = toHit(file, source, locked);
        if (hit === undefined) this.#rows.nonsense++;
        else if (!this.#passes(hit)) continue;
        else if (room-- <= 0) this.#rows.crowded++;
        else this.#accept(hit, seen);
        if (this.#hits >= this.#options.limit) {
          this.end('limit');
          return;
        }
      }
    }
  }

  stop(): void {
    this.end('stopped');
  }

  /** Ends it. Of several calls the first counts. */
  end(reason: SearchEndReason, error?: SearchError): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#users.clear();
    if (reason === 'aborted') this.#queue.clear();
    this.#queue.end(error && { error });
    this.#options.onEnd();
    this.#done.resolve({ reason, ...(error && { error }), counts: this.counts });
  }

  [Symbol.asyncIterator](): AsyncIterator<SearchHit, undefined> {
    return {
      next: () => this.#queue.next(),
      return: async () => {
        this.#queue.clear();
        this.stop();
        return { done: true, value: undefined };
      },
    };
  }

  #passes(hit: SearchHit): boolean {
    const { query, test } = this.#options;
    if (!test.hit(hit)) this.#rows.filtered++;
    else if (query && !matchesPath(query, hit.path)) this.#rows.mismatched++;
    else return true;
    return false;
  }

  #accept(hit: SearchHit, seen: Seen): void {
    if (seen.hits++ === 0) this.#usersWithHits++;
    this.#hits++;
    this.#queue.push(hit);
  }
}

const keyOf = (user: string, verified: boolean): string => (verified ? '+' : '-') + user;
