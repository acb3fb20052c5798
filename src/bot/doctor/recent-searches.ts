import type { Clock } from '../../platform/clock.ts';
import type { SearchEnd } from '../../plugins/api/search.ts';
import type { SearchService, SearchSession } from '../../plugins/host/services.ts';
import type { WireSearchOptions } from '../../plugins/host/wire.ts';

/** How a search of a plugin ended. What was searched for is not kept: somebody may have typed it. */
export interface RecentSearch extends SearchEnd {
  readonly plugin: string;
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
  readonly scope: 'network' | 'room' | 'user';
}

const KEPT = 20;

/** Searches of plugins, of which the last ones are remembered. */
export class RecentSearches implements SearchService {
  readonly #searches: SearchService;
  readonly #clock: Clock;
  readonly #recent: RecentSearch[] = [];
  readonly listen: SearchService['listen'];
  readonly answer: SearchService['answer'];

  constructor(searches: SearchService, clock: Clock) {
    this.#searches = searches;
    this.#clock = clock;
    this.listen = (...args) => searches.listen(...args);
    this.answer = (...args) => searches.answer(...args);
  }

  /** Oldest first. */
  get list(): readonly RecentSearch[] {
    return [...this.#recent];
  }

  run(instance: string, options: WireSearchOptions): SearchSession {
    const session = this.#searches.run(instance, options);
    const { scope = 'network' } = options;
    void session.done.then((end) => {
      this.#recent.push({
        ...end,
        plugin: instance,
        at: this.#clock.now(),
        scope: typeof scope === 'string' ? 'network' : 'room' in scope ? 'room' : 'user',
      });
      if (this.#recent.length > KEPT) this.#recent.shift();
    });
    return session;
  }
}
