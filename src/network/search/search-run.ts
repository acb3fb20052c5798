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
    /** Above the cap per user, or beyond what is looked at of one response: so many rows, and so much that does not match. */
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
  /** May become true later, never false. */
  readonly verified: boolean;
  /** Resolves with `verified`, after asking the server if need be. Never rejects. */
  verify(): Promise<boolean>;
}

export interface RunOptions {
  readonly query?: SearchQuery;
  readonly test: HitTest;
  readonly limit: number;
  readonly perUser: number;
  /** Hits that all searches together may still leave waiting. */
  readonly room: () => number;
  /** Resolves with whether it really is that user, for filters that ask for it. */
  readonly prove: (origin: ResponseOrigin) => Promise<boolean>;
  /** Called once, synchronously. */
  readonly onEnd: () => void;
}

/** Compressed bytes of a response; 25,000 files take about half of it. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Rows looked at of one response. Clients send 500 at most unless told otherwise. */
const MAX_ROWS = 10_000;

/** Characters of paths that do not match, after which the rest of a response is not looked at: some 1,600 files. */
const MAX_ASTRAY = 200_000;

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
  /** Rows of responses that wait for the proof of their user's name. */
  #unproven = 0;
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

  /** Hits that wait for their reader, or for the proof of a name. */
  get buffered(): number {
    return this.#queue.size + this.#unproven;
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
      // A name that is not proven yet may be so in a moment.
      this.#options.test.user(user, true) &&
      (seen
        ? seen.responses < MAX_RESPONSES && seen.hits < this.#options.perUser
        : this.#users.size < MAX_USERS);
    if (!wanted) this.#unread++;
    return wanted;
  }

  /** Takes what counts of a response, now or when the name of its sender is proven. */
  take(response: SearchResponse, origin: ResponseOrigin): void {
    const { user, verified } = origin;
    const { test } = this.#options;
    if (this.#state !== 'running' || !test.user(user, true)) return;
    const seen = this.#meet(user, verified);
    if (test.user(user, verified)) this.#read(response, user, verified, seen);
    else void this.#readProven(response, origin);
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

  #meet(user: string, verified: boolean): Seen {
    const key = keyOf(user, verified);
    const seen = this.#users.get(key) ?? { responses: 0, hits: 0 };
    if (this.#users.size < MAX_USERS) this.#users.set(key, seen);
    seen.responses++;
    return seen;
  }

  async #readProven(response: SearchResponse, origin: ResponseOrigin): Promise<void> {
    const { user } = origin;
    const rows = response.results.length + (response.privateResults?.length ?? 0);
    if (rows > this.#options.room()) {
      this.#rows.crowded += rows;
      return;
    }
    this.#unproven += rows;
    const proven = await this.#options.prove(origin);
    this.#unproven -= rows;
    if (!proven) this.#rows.filtered += rows;
    else if (this.#state === 'running') this.#read(response, user, true, this.#meet(user, true));
  }

  #read(response: SearchResponse, user: string, verified: boolean, seen: Seen): void {
    this.#responses++;
    const { slotFree, avgSpeed, queueLength } = response;
    const source = { user, verified, slotFree, avgSpeed, queueLength };
    const lists = [
      { files: response.results, locked: false },
      { files: response.privateResults ?? [], locked: true },
    ];
    let room = this.#options.room();
    let looked = 0;
    let astray = 0;
    for (const { files, locked } of lists) {
      for (const [index, file] of files.entries()) {
        if (looked === MAX_ROWS || astray > MAX_ASTRAY || seen.hits >= this.#options.perUser) {
          this.#rows.surplus += files.length - index;
          break;
        }
        looked++;
        const hit = toHit(file, source, locked);
        if (hit === undefined) this.#rows.nonsense++;
        else if (!this.#options.test.hit(hit)) this.#rows.filtered++;
        else if (this.query && !matchesPath(this.query, hit.path)) {
          this.#rows.mismatched++;
          astray += hit.path.length;
        } else if (room-- <= 0) this.#rows.crowded++;
        else this.#accept(hit, seen);
        if (this.#hits >= this.#options.limit) {
          this.end('limit');
          return;
        }
      }
    }
  }

  #accept(hit: SearchHit, seen: Seen): void {
    if (seen.hits++ === 0) this.#usersWithHits++;
    this.#hits++;
    this.#queue.push(hit);
  }
}

const keyOf = (user: string, verified: boolean): string => (verified ? '+' : '-') + user;
