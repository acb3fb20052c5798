import type { SoulseekClient } from '../../../network/client.ts';
import type { SearchAnswer } from '../../../network/search/answering.ts';
import type { SearchHit } from '../../../network/search/hit.ts';
import { PatternBook } from '../../../network/search/requests/pattern-book.ts';
import { RequestMatch } from '../../../network/search/requests/request-match.ts';
import { SearchError } from '../../../network/search/search-error.ts';
import type { Search } from '../../../network/search/search-run.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Random } from '../../../platform/random.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type {
  FileAttributes,
  OfferedFile,
  SearchEnd,
  SearchQuestion,
  SearchRequest,
  SearchRequestFilter,
} from '../../../plugins/api/search.ts';
import type { SearchService, SearchSession } from '../../../plugins/host/services.ts';
import type { SearchPage, WireBatch, WireSearchOptions } from '../../../plugins/host/wire.ts';
import type { FileEntry } from '../../../protocol/index.ts';

export interface SearchServicesOptions {
  readonly client: Pick<SoulseekClient, 'searches' | 'searchRequests' | 'answering'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Searching for plugins, and what others search for. */
export class SearchServices implements SearchService {
  readonly #options: SearchServicesOptions;
  /** Patterns of all answerers. */
  readonly #patterns = new PatternBook();

  constructor(options: SearchServicesOptions) {
    this.#options = options;
  }

  run(instance: string, options: WireSearchOptions): SearchSession {
    return new Session(this.#options.client.searches.search({ ...options, origin: instance }));
  }

  listen(
    _instance: string,
    { filter, hashUsers, batchMs, maxBatch }: WireBatch,
    deliver: (items: readonly SearchRequest[], dropped: number) => Promise<void>,
  ): () => void {
    const wanted = { ...filter, ...(hashUsers !== undefined && { hashUsers }) };
    const batch = { ...(batchMs !== undefined && { batchMs }), ...(maxBatch !== undefined && { maxBatch }) };
    const { searchRequests } = this.#options.client;
    const subscription = usable(() =>
      searchRequests.subscribe(wanted, batch, ({ requests, dropped }) => deliver(requests, dropped)),
    );
    return () => subscription.stop();
  }

  answer(
    _instance: string,
    filter: SearchRequestFilter,
    ask: (question: SearchQuestion) => Promise<readonly OfferedFile[]>,
  ): () => void {
    const { client, clock, random } = this.#options;
    const match = usable(() => new RequestMatch(filter, this.#patterns, random));
    const remove = client.answering.add({
      answer: ({ user, query, source, asked }) =>
        match.matches({ user, query, words: asked.words })
          ? ask({ user, query, source, ...asked, at: clock.now() }).then(answerOf)
          : undefined,
    });
    return () => {
      remove();
      match.release();
    };
  }
}

/** Nothing is there yet. */
const NOTHING: Promise<undefined> = Promise.resolve(undefined);

/** One search of a plugin. */
class Session implements SearchSession {
  readonly done: Promise<SearchEnd>;
  readonly #hits: AsyncIterator<SearchHit, undefined>;
  readonly #search: Search;
  /** A hit that was asked for and has not come. */
  #asked: Promise<IteratorResult<SearchHit, undefined>> | undefined;

  constructor(search: Search) {
    this.#search = search;
    this.#hits = search[Symbol.asyncIterator]();
    this.done = search.done.then(({ reason, counts: { hits, users, rows } }) => {
      const leftOut = Object.values(rows).reduce((sum, count) => sum + count, 0);
      return { reason, hits, users, leftOut };
    });
  }

  async next(max: number): Promise<SearchPage> {
    const hits: SearchHit[] = [];
    while (hits.length < max) {
      this.#asked ??= this.#hits.next();
      const got = await (hits.length === 0 ? this.#first(this.#asked) : Promise.race([this.#asked, NOTHING]));
      if (got === undefined) break;
      this.#asked = undefined;
      if (got.done === true) return { hits, end: await this.done };
      hits.push(got.value);
    }
    return { hits };
  }

  stop(): void {
    void this.#hits.return?.();
    this.#search.stop();
  }

  async #first(asked: Promise<IteratorResult<SearchHit, undefined>>) {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof SearchError)) throw error;
      if (error.code === 'invalid')
        throw new PluginError('invalid', `bot.search: ${error.message}`, { cause: error });
      // Fit to be shown to whoever typed the query.
      throw new PluginError('search-refused', error.message, { cause: error });
    }
  }
}

/** Filters from plugins are checked where they are used. */
function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PluginError('invalid', cause.message, { cause });
  }
}

function answerOf(files: readonly OfferedFile[]): SearchAnswer | undefined {
  if (files.length === 0) return undefined;
  const entries = (locked: boolean) => files.filter((file) => (file.locked ?? false) === locked).map(entryOf);
  return { results: entries(false), locked: entries(true) };
}

/** As other clients write it: without an extension, which everybody reads off the name. */
const entryOf = ({ path, size, attributes }: OfferedFile): FileEntry => ({
  code: 1,
  filename: path,
  size: BigInt(size),
  extension: '',
  attributes: attributes === undefined ? [] : attributesOf(attributes),
});

const attributesOf = ({ bitrate, duration, vbr, sampleRate, bitDepth }: FileAttributes) =>
  [
    { type: 0, value: bitrate },
    { type: 1, value: duration },
    { type: 2, value: vbr === undefined ? undefined : Number(vbr) },
    { type: 4, value: sampleRate },
    { type: 5, value: bitDepth },
  ].flatMap(({ type, value }) => (value === undefined ? [] : [{ type, value: Math.round(value) }]));
