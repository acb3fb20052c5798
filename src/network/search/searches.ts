import { onAbort } from '../../platform/abort.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { ServerRequest } from '../../protocol/index.ts';
import type { Priority, Traffic } from '../governor/traffic.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import { compileFilter, type HitTest, type SearchFilter } from './filter.ts';
import type { SearchResponse } from './hit.ts';
import { cleanQuery, type SearchQuery } from './query.ts';
import { SearchError } from './search-error.ts';
import { type ResponseOrigin, type Search, SearchRun } from './search-run.ts';
import { SearchTokens } from './tokens.ts';

/** Whom to ask: everybody, the users in a room that we are in, or one user. */
export type SearchScope = 'network' | { readonly room: string } | { readonly user: string };

/** What all searches take. */
export interface SearchLimits {
  /** Ends after so many hits, 1 to 10000. @default 500 */
  readonly limit?: number;
  /** Hits taken of one user, 1 to 10000. @default 100 */
  readonly perUser?: number;
  /** How long answers are awaited after the search was sent, in milliseconds, up to a day. @default 60000 */
  readonly timeoutMs?: number;
  readonly filter?: SearchFilter;
  readonly signal?: AbortSignal;
  /** Not sent after so many milliseconds of waiting for its turn. @default 10 minutes; 25 for a wishlist search */
  readonly maxWaitMs?: number;
  /** Place in the queue of what waits. @default 'ordinary' */
  readonly priority?: Priority;
  /** Who asks, for fair shares and logs: a plugin's instance id, or `core`. */
  readonly origin?: string;
  /** Called once, when the search has left for the server: not for one that is refused. Must not throw. */
  readonly onSent?: () => void;
}

export interface SearchOptions extends SearchLimits {
  /** As a person types it: words, `"phrases"`, `-excluded`, `*endings`. Cleaned before it is sent. */
  readonly query: string;
  /** @default 'network' */
  readonly scope?: SearchScope;
}

export interface WishlistSearchOptions extends SearchLimits {
  readonly query: string;
}

/** Where answers come from: of PeerMessaging what searches need. */
export interface ResultSource {
  onSearchResponse(
    want: (offer: { readonly token: number; readonly bytes: number }, link: ResponseOrigin) => boolean,
  ): Undo;
  on(type: 'FileSearchResponse', handler: (message: SearchResponse, link: ResponseOrigin) => void): Undo;
}

/** Answers that were thrown away unread, since the start. */
export interface StrayResponses {
  /** To a search of ours that was over. */
  readonly late: number;
  /** To a search that we never made, or long ago. */
  readonly unknown: number;
}

export interface SearchesOptions {
  readonly link: ServerLink;
  readonly results: ResultSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly isJoined: (room: string) => boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_HITS = 10_000;

/** Searches at a time, those that wait for their turn included. */
const MAX_SEARCHES = 500;

/** Hits waiting for their readers over all searches that run; about 500 bytes each. */
const MAX_WAITING = 50_000;

/**
 * Who brings a result also asks us, through the server, to connect to it; that proves the name, and races with the result.
 * With Nicotine+ every second result is faster [observed]. Shorter than the life of a link that has brought its result.
 */
const PROOF_MS = 500;

/** Seconds until the server says [Nicotine+ doc]. */
const WISHLIST_DEFAULT = 720;

/** What we search for. */
export class Searches {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #isJoined: (room: string) => boolean;
  readonly #tokens: SearchTokens;
  /** All that have not ended. */
  readonly #open = new Set<SearchRun>();
  /** Those that were sent, by token. */
  readonly #running = new Map<number, SearchRun>();
  readonly #undo: readonly Undo[];
  #late = 0;
  #unknown = 0;
  #interval = WISHLIST_DEFAULT;

  constructor(options: SearchesOptions) {
    const { link, results } = options;
    this.#link = link;
    this.#clock = options.clock;
    this.#isJoined = options.isJoined;
    this.#tokens = new SearchTokens(options.random);
    this.#undo = [
      results.onSearchResponse(({ token, bytes }, from) => this.#find(token)?.wants(from, bytes) ?? false),
      results.on('FileSearchResponse', (message, from) => this.#find(message.token)?.take(message, from)),
      link.on('WishlistInterval', ({ interval }) => {
        this.#interval = interval;
      }),
      link.onLost(() => {
        this.#interval = WISHLIST_DEFAULT;
        for (const run of [...this.#running.values()]) run.end('session-lost');
      }),
    ];
  }

  /**
   * Asks the network, a room or a user. Hits come as they arrive, filtered again here. A search that cannot run (see
   * {@link SearchError}) says so when its first hit is asked for.
   *
   * @example for await (const hit of client.searches.search({ query: 'some album -live', limit: 50 })) console.log(hit.path);
   */
  search(options: SearchOptions): Search {
    const scope = options.scope ?? 'network';
    if (typeof scope === 'object' && 'room' in scope && !this.#isJoined(scope.room))
      return refused(new SearchError('not-joined', `we are not in the room ${scope.room}`));
    const to = typeof scope === 'object' && 'user' in scope ? scope.user : undefined;
    return this.#launch(options, scope, (query) => ({
      kind: 'search',
      query,
      ...(to !== undefined && { to }),
    }));
  }

  /**
   * The same search that the wishlist of other clients makes: one per interval of the server, whoever asks, so that it may
   * wait long for its turn. Costs nothing of the budget of searches.
   */
  wishlistSearch(options: WishlistSearchOptions): Search {
    if (this.#interval === 0)
      return refused(new SearchError('no-wishlist', 'the server allows no wishlist searches now'));
    return this.#launch(options, 'wishlist', (query) => ({ kind: 'wishlist', query }));
  }

  /** Seconds between two wishlist searches as the server says; 0: it allows none. */
  get wishlistInterval(): number {
    return this.#interval;
  }

  /** Searches that have not ended. */
  get size(): number {
    return this.#open.size;
  }

  get strays(): StrayResponses {
    return { late: this.#late, unknown: this.#unknown };
  }

  /** Ends all searches and takes no more responses. */
  close(): void {
    for (const undo of this.#undo) undo();
    for (const run of [...this.#open]) run.stop();
  }

  /** Whether it really is that user, which is often known a moment later without asking. */
  async #prove(origin: ResponseOrigin): Promise<boolean> {
    await new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, PROOF_MS));
    return origin.verify();
  }

  #find(token: number): SearchRun | undefined {
    const run = this.#running.get(token);
    if (run === undefined) {
      if (this.#tokens.isOurs(token)) this.#late++;
      else this.#unknown++;
    }
    return run;
  }

  #launch(
    options: WishlistSearchOptions,
    scope: SearchScope | 'wishlist',
    traffic: (query: string) => Traffic,
  ): Search {
    const wanted = check(options);
    if (wanted instanceof SearchError) return refused(wanted);
    if (this.#open.size >= MAX_SEARCHES)
      return refused(new SearchError('too-many', `${MAX_SEARCHES} searches are under way already`));
    const { query, limit, perUser, timeoutMs } = wanted;
    const token = this.#tokens.next((other) => this.#running.has(other));
    const sending = new AbortController();
    let timer: Timer | undefined;
    let calm: Undo = () => {};
    const run = new SearchRun({
      query,
      test: onlyFrom(scope, wanted.test),
      limit,
      perUser,
      room: () => this.#room(),
      prove: (origin) => this.#prove(origin),
      onEnd: () => {
        this.#open.delete(run);
        this.#running.delete(token);
        calm();
        timer?.cancel();
        sending.abort();
      },
    });
    this.#open.add(run);
    calm = onAbort(options.signal, () => run.end('aborted'));
    if (run.state === 'ended') return run;
    const request = requestOf(scope, token, query.text);
    void this.#send(request, traffic(query.text), options, sending.signal).then((error) => {
      if (error) run.end('refused', error);
      if (run.state === 'ended') return;
      this.#running.set(token, run);
      run.begin();
      options.onSent?.();
      timer = this.#clock.setTimeout(() => run.end('timeout'), timeoutMs);
    });
    return run;
  }

  async #send(
    request: ServerRequest,
    traffic: Traffic,
    { maxWaitMs, priority, origin }: SearchLimits,
    signal: AbortSignal,
  ): Promise<SearchError | undefined> {
    const outcome = await this.#link.send(request, traffic, {
      signal,
      ...(maxWaitMs !== undefined && { expiresAt: this.#clock.now() + maxWaitMs }),
      ...(priority && { priority }),
      ...(origin !== undefined && { origin }),
    });
    if (outcome.state === 'sent') return undefined;
    return new SearchError(outcome.state === 'expired' ? 'expired' : outcome.code, outcome.reason);
  }

  #room(): number {
    let waiting = 0;
    for (const run of this.#running.values()) waiting += run.buffered;
    return MAX_WAITING - waiting;
  }
}

interface Wanted {
  readonly query: SearchQuery;
  readonly test: HitTest;
  readonly limit: number;
  readonly perUser: number;
  readonly timeoutMs: number;
}

function check(options: WishlistSearchOptions): Wanted | SearchError {
  const { limit = 500, perUser = 100, timeoutMs = 60_000, maxWaitMs = 1 } = options;
  for (const [name, value] of Object.entries({ limit, perUser })) {
    if (!Number.isInteger(value) || value < 1 || value > MAX_HITS)
      return new SearchError('invalid', `${name} must be a whole number from 1 to ${MAX_HITS}`);
  }
  for (const [name, value] of Object.entries({ timeoutMs, maxWaitMs })) {
    if (!(value > 0 && value <= DAY_MS))
      return new SearchError('invalid', `${name} must be more than 0 and at most a day, in milliseconds`);
  }
  const cleaned = cleanQuery(options.query);
  if (!cleaned.ok) return new SearchError(cleaned.code, cleaned.reason);
  try {
    return { query: cleaned.query, test: compileFilter(options.filter), limit, perUser, timeoutMs };
  } catch (error) {
    if (error instanceof SearchError) return error;
    throw error;
  }
}

function requestOf(scope: SearchScope | 'wishlist', token: number, query: string): ServerRequest {
  if (scope === 'network') return { type: 'FileSearch', token, query };
  if (scope === 'wishlist') return { type: 'WishlistSearch', token, query };
  return 'room' in scope
    ? { type: 'RoomSearch', room: scope.room, token, query }
    : { type: 'UserSearch', username: scope.user, token, query };
}

/** Of a search among one user's files only that user's answers count. */
const onlyFrom = (scope: SearchScope | 'wishlist', test: HitTest): HitTest =>
  typeof scope === 'object' && 'user' in scope
    ? {
        hit: (hit) => test.hit(hit),
        user: (user, verified) => user === scope.user && test.user(user, verified),
      }
    : test;

const NOTHING: HitTest = { user: () => false, hit: () => false };
const NO_ROOM = { limit: 1, perUser: 1, room: () => 0, prove: async () => false, onEnd: () => {} };

function refused(error: SearchError): Search {
  const run = new SearchRun({ test: NOTHING, ...NO_ROOM });
  run.end('refused', error);
  return run;
}
