import { PluginError } from '../../plugins/api/errors.ts';
import type { SearchService, SearchSession } from '../../plugins/host/services.ts';
import type { SearchPage, WireSearchOptions } from '../../plugins/host/wire.ts';
import type { NoteDecision } from './decision.ts';

/** Searches of plugins, of which those that never ran are noted. What was searched for is not: somebody may have typed it. */
export class NotedSearches implements SearchService {
  readonly #searches: SearchService;
  readonly #note: NoteDecision;
  readonly listen: SearchService['listen'];
  readonly answer: SearchService['answer'];

  constructor(searches: SearchService, note: NoteDecision) {
    this.#searches = searches;
    this.#note = note;
    this.listen = (...args) => searches.listen(...args);
    this.answer = (...args) => searches.answer(...args);
  }

  run(instance: string, options: WireSearchOptions): SearchSession {
    const session = this.#searches.run(instance, options);
    return {
      done: session.done,
      stop: () => session.stop(),
      next: async (max: number): Promise<SearchPage> => {
        try {
          return await session.next(max);
        } catch (error) {
          if (error instanceof PluginError && error.code === 'search-refused') {
            const reason = withoutQuery(error.message, options.query);
            this.#note({ source: 'searches', what: 'search', reason, plugin: instance });
          }
          throw error;
        }
      },
    };
  }
}

function withoutQuery(message: string, query: string): string {
  return query.trim() === '' ? message : message.replaceAll(query, '…').replaceAll(query.trim(), '…');
}
