import type { Log } from '../../platform/log.ts';
import { type PrivateTexts, UNTOLD, type Watched } from './watched.ts';

export interface WatchOptions {
  /** @default 'none' */
  readonly privateTexts?: PrivateTexts;
}

/** Gets everything that happens, in order, while it happens: it must not take long. */
export type WatchListener = (watched: Watched) => void;

/** Whoever watches the bot. Without anybody nothing is made for them. */
export class Watchers {
  readonly #log: Log;
  readonly #isCommand: (text: string) => boolean;
  readonly #listeners = new Map<WatchListener, PrivateTexts>();

  /** @param isCommand whether a private text calls a command. */
  constructor(log: Log, isCommand: (text: string) => boolean) {
    this.#log = log;
    this.#isCommand = isCommand;
  }

  /** @returns ends it. */
  add(listener: WatchListener, { privateTexts = 'none' }: WatchOptions = {}): () => void {
    // The same function may watch twice.
    const own: WatchListener = (watched) => listener(watched);
    this.#listeners.set(own, privateTexts);
    return () => void this.#listeners.delete(own);
  }

  /** @param make called when somebody watches. */
  tell(make: () => Watched): void {
    if (this.#listeners.size === 0) return;
    const watched = make();
    for (const [listener, privateTexts] of this.#listeners) {
      try {
        listener(this.#toldTo(watched, privateTexts));
      } catch (error) {
        this.#listeners.delete(listener);
        this.#log.error('Somebody who watched the bot failed, and does not watch any more', { error });
      }
    }
  }

  #toldTo(watched: Watched, texts: PrivateTexts): Watched {
    if (texts === 'all') return watched;
    if (watched.kind === 'said' && watched.room === undefined) {
      return { ...watched, text: UNTOLD };
    }
    if (watched.kind !== 'event' || watched.event.type !== 'private.message') return watched;
    if (texts === 'commands' && this.#isCommand(watched.event.text)) return watched;
    return { ...watched, event: { ...watched.event, text: UNTOLD } };
  }
}
