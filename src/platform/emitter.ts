import { HandlerLists } from './handler-list.ts';

type Handler<T> = (value: T) => void;

/**
 * Typed events with plain-data values. A handler that throws does not stop the others: what it threw goes to
 * `onError`, because an observer must never break the reading of the network.
 */
export class Emitter<Events extends object> {
  readonly #handlers = new HandlerLists<keyof Events, Handler<never>>();
  readonly #onError: (error: unknown, event: keyof Events) => void;

  constructor(onError: (error: unknown, event: keyof Events) => void) {
    this.#onError = onError;
  }

  /** Registers a handler; the result undoes it (a second call does nothing). */
  on<E extends keyof Events>(event: E, handler: Handler<Events[E]>): () => void {
    return this.#handlers.add(event, handler);
  }

  /** Calls the handlers in order of registration, those added meanwhile excluded. */
  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const handler of this.#handlers.get(event) as readonly Handler<Events[E]>[]) {
      try {
        handler(value);
      } catch (error) {
        this.#onError(error, event);
      }
    }
  }

  listenerCount(event: keyof Events): number {
    return this.#handlers.get(event).length;
  }
}
