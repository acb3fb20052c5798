import type { Store } from '../../../api/index.ts';
import type { DownloadJob } from './download-job.ts';

const PREFIX = 'job/';

/** Downloads that are not at their end, in the plugin's key-values under the name of whoever wished. */
export class JobStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The oldest first. */
  async all(): Promise<readonly DownloadJob[]> {
    const entries = await this.#store.entries<DownloadJob>(PREFIX);
    return entries
      .map(({ value }) => value)
      .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  /** @returns whether it is new. */
  async add(job: DownloadJob): Promise<boolean> {
    let added = false;
    await this.#store.update<DownloadJob>(keyOf(job), (old) => {
      added = old === undefined;
      return old ?? job;
    });
    return added;
  }

  /** Only when it is still there: whoever wished may have had it forgotten. */
  async save(job: DownloadJob): Promise<boolean> {
    let there = false;
    await this.#store.update<DownloadJob>(keyOf(job), (old) => {
      there = old !== undefined;
      return there ? job : undefined;
    });
    return there;
  }

  async remove(job: DownloadJob): Promise<void> {
    await this.#store.delete(keyOf(job));
  }
}

/** The user's name may hold anything, the id no `/`. */
const keyOf = ({ wisher, id }: DownloadJob): string => `${PREFIX}${wisher}/${id}`;
