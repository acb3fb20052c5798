import type { ServerRequest } from '../../protocol/index.ts';

/** One request as the server read it. */
export interface Received {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly request: ServerRequest;
}

/** The latest requests of each user, across sessions. */
export class Journal {
  readonly #limit: number;
  readonly #byUser = new Map<string, Received[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(user: string, received: Received): void {
    if (this.#limit === 0) return;
    const list = this.#byUser.get(user) ?? [];
    this.#byUser.set(user, list);
    list.push(received);
    if (list.length >= 2 * this.#limit) list.splice(0, list.length - this.#limit);
  }

  of(user: string): readonly Received[] {
    return (this.#byUser.get(user) ?? []).slice(-this.#limit);
  }
}
