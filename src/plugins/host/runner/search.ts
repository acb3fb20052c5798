import { type Deferred, deferred } from '../../../platform/deferred.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { Search, SearchEnd, SearchHit, SearchOptions } from '../../api/search.ts';
import type { SearchPage, WireSearchOptions } from '../wire.ts';
import type { CallHost } from './facade.ts';
import type { Scope } from './scope.ts';

/** Hits asked for at a time. The rest waits at the host, where they are counted against its limits. */
const CREDIT = 64;

const ABORTED: SearchEnd = { reason: 'aborted', hits: 0, users: 0, leftOut: 0 };
const REFUSED: SearchEnd = { ...ABORTED, reason: 'refused' };
const OVER = { done: true, value: undefined } as const;

export interface SearchParts {
  readonly scope: Scope;
  readonly call: CallHost;
  /** The plugin's. */
  readonly signal: AbortSignal;
}

/** Makes a search. What is wrong with it, its first hit tells. */
export function startSearch(parts: SearchParts, options: SearchOptions): Search {
  return new PluginSearch(parts, options);
}

function wireOptions(options: SearchOptions): WireSearchOptions {
  const { timeout, ttl, signal, ...rest } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new PluginError('invalid', 'bot.search: signal must be an AbortSignal');
  return {
    ...rest,
    ...(timeout !== undefined && { timeoutMs: toMs(timeout) }),
    ...(ttl !== undefined && { maxWaitMs: toMs(ttl) }),
  };
}

/** A search on the plugin's side: fetches hits in pages as they are read. */
class PluginSearch implements Search {
  readonly #call: CallHost;
  readonly #number: Promise<number>;
  readonly #forget: () => unknown;
  readonly #unlisten: () => void;
  readonly #done: Deferred<SearchEnd> = deferred();
  /** Resolved when nothing more is to be expected from the host. */
  readonly #over = deferred();
  #ended = false;
  #hits: readonly SearchHit[] = [];
  #at = 0;
  #failure: { readonly error: unknown } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #asked = false;

  constructor({ scope, call, signal }: SearchParts, options: SearchOptions) {
    scope.assertOpen('bot.search');
    this.#call = call;
    this.#number = (async () => (await call('search.start', wireOptions(options))) as number)();
    this.#number.catch((error: unknown) => this.#finish(REFUSED, { error }));
    this.#forget = scope.own('search', () => {
      if (!this.#ended) this.#end(ABORTED);
    });
    const own: unknown = options.signal;
    const signals = own instanceof AbortSignal ? [signal, own] : [signal];
    const abort = () => this.#end(ABORTED);
    for (const each of signals) each.addEventListener('abort', abort);
    this.#unlisten = () => {
      for (const each of signals) each.removeEventListener('abort', abort);
    };
    if (signals.some(({ aborted }) => aborted)) abort();
  }

  get done(): Promise<SearchEnd> {
    if (!this.#asked) {
      this.#asked = true;
      void this.#awaitEnd();
    }
    return this.#done.promise;
  }

  stop(): void {
    void this.#stop();
  }

  [Symbol.asyncIterator](): AsyncIterator<SearchHit, undefined> {
    return {
      next: () => {
        const mine = this.#turn.then(() => this.#next());
        this.#turn = mine.catch(() => undefined);
        return mine;
      },
      return: async () => {
        this.#hits = [];
        await this.#stop();
        return OVER;
      },
    };
  }

  async #next(): Promise<IteratorResult<SearchHit, undefined>> {
    while (this.#at >= this.#hits.length) {
      if (this.#failure !== undefined) {
        const { error } = this.#failure;
        this.#failure = undefined;
        throw error;
      }
      if (this.#ended) return OVER;
      await Promise.race([this.#fetch(), this.#over.promise]);
    }
    return { done: false, value: this.#hits[this.#at++]! };
  }

  async #fetch(): Promise<void> {
    try {
      const page = (await this.#call('search.next', await this.#number, CREDIT)) as SearchPage;
      // Whoever aborted it does not want them any more.
      if (this.#ended) return;
      this.#hits = page.hits;
      this.#at = 0;
      if (page.end !== undefined) this.#finish(page.end);
    } catch (error) {
      this.#finish(REFUSED, { error });
    }
  }

  async #awaitEnd(): Promise<void> {
    try {
      const end = (await this.#call('search.done', await this.#number)) as SearchEnd;
      this.#done.resolve(end);
    } catch {
      // It was read to its end, stopped or refused meanwhile, and whoever did that says how it ended.
    }
  }

  /** Ends it here and at the host. */
  async #stop(): Promise<void> {
    if (this.#ended) return;
    let end: SearchEnd | undefined;
    try {
      end = (await this.#call('search.stop', await this.#number)) as SearchEnd | undefined;
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
    }
    this.#finish(end ?? { ...ABORTED, reason: 'stopped' });
  }

  /** Ends it here at once, and at the host too. */
  #end(end: SearchEnd): void {
    this.#hits = [];
    this.#number.then(
      (number) => this.#call('search.stop', number).catch(() => undefined),
      () => undefined,
    );
    this.#finish(end);
  }

  #finish(end: SearchEnd, failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#unlisten();
    this.#forget();
    this.#over.resolve();
    this.#done.resolve(end);
  }
}
