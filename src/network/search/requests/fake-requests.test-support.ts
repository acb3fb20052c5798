import type { Undo } from '../../server-link.ts';
import type { RequestSource } from './request-stream.ts';

type Batch = Parameters<Parameters<RequestSource['onSearch']>[0]>[0];

/** A tree from which searches come when the test says so; counts what is decoded. */
export class FakeTree implements RequestSource {
  decoded = 0;
  #handler: ((batch: Batch) => void) | undefined;

  get connected(): boolean {
    return this.#handler !== undefined;
  }

  onSearch(handler: (batch: Batch) => void): Undo {
    this.#handler = handler;
    return () => {
      this.#handler = undefined;
    };
  }

  /** Searches of `user`, each with a new token. */
  search(user: string, ...queries: string[]): void {
    this.emit(queries.map((query) => ({ user, query, token: ++this.#token })));
  }

  emit(requests: readonly { user: string; token: number; query: string }[]): void {
    const count = () => this.decoded++;
    this.#handler?.({
      *[Symbol.iterator]() {
        for (const request of requests) {
          count();
          yield request;
        }
      },
    });
  }

  #token = 0;
}
