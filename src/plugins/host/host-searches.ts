import { PluginError } from '../api/errors.ts';
import type { SearchEnd } from '../api/search.ts';
import type { SearchService, SearchSession } from './services.ts';
import type { SearchPage, WireSearchOptions } from './wire.ts';

/** Hits that cross at once at most: what a plugin has not asked for stays with the host. */
const MAX_PAGE = 256;

/** The searches of one instance. The host owns them: they end with it, whatever the plugin does. */
export class HostSearches {
  readonly #id: string;
  readonly #service: Pick<SearchService, 'run'>;
  readonly #limit: number;
  readonly #open = new Map<number, SearchSession>();
  #next = 1;
  #closed = false;

  constructor(id: string, service: Pick<SearchService, 'run'>, limit: number) {
    this.#id = id;
    this.#service = service;
    this.#limit = limit;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @returns its number. @throws PluginError `too-many`, `unloaded`. */
  start(options: WireSearchOptions): number {
    if (this.#closed) throw new PluginError('unloaded', 'bot.search: the plugin is being unloaded');
    if (this.#open.size >= this.#limit) {
      throw new PluginError(
        'too-many',
        `bot.search: ${this.#limit} searches are open; read them to their end, or stop them`,
      );
    }
    const search = this.#next++;
    this.#open.set(search, this.#service.run(this.#id, options));
    return search;
  }

  /** The next hits, as soon as there are any, or the end. @throws PluginError (as rejection) why it never ran. */
  async page(search: unknown, max: unknown): Promise<SearchPage> {
    const [number, session] = this.#find(search);
    const credit = typeof max === 'number' && max >= 1 ? Math.min(Math.floor(max), MAX_PAGE) : 1;
    try {
      const page = await session.next(credit);
      if (page.end !== undefined) this.#open.delete(number);
      return page;
    } catch (error) {
      this.#open.delete(number);
      throw error;
    }
  }

  /** When it has ended; what was not read can still be. */
  async end(search: unknown): Promise<SearchEnd> {
    return this.#find(search)[1].done;
  }

  /** Ends it; what was not read is lost. Undefined if it is gone already. */
  async stop(search: unknown): Promise<SearchEnd | undefined> {
    const session = this.#open.get(search as number);
    if (session === undefined) return undefined;
    this.#open.delete(search as number);
    session.stop();
    return session.done;
  }

  close(): void {
    this.#closed = true;
    for (const session of this.#open.values()) session.stop();
    this.#open.clear();
  }

  #find(search: unknown): [number, SearchSession] {
    const session = this.#open.get(search as number);
    if (session === undefined) throw new PluginError('invalid', 'there is no such search (any more)');
    return [search as number, session];
  }
}
