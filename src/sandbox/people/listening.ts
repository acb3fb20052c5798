import type { Clock } from '../../platform/clock.ts';
import type { ServerResponse } from '../../protocol/index.ts';

/** One message as a person heard it, from the server unless it says otherwise. */
export interface Heard<M = ServerResponse> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: M;
}

interface Waiter<M> {
  readonly predicate: (message: M) => boolean;
  resolve(message: M): void;
  fail(why: string): void;
}

/** Messages that are remembered unless told otherwise. */
const MAX_HEARD = 10_000;

/** What a person heard, and who waits to hear something. */
export class Listening<M extends { readonly type: string }> {
  #heard: Heard<M>[] = [];
  readonly #waiters = new Set<Waiter<M>>();
  readonly #closeWaiters = new Set<() => void>();
  readonly #clock: Clock;
  readonly #name: string;
  readonly #limit: number;
  #closed = true;

  /** @param limit how many messages are remembered at least; up to twice as many are. */
  constructor(clock: Clock, name: string, limit = MAX_HEARD) {
    this.#clock = clock;
    this.#name = name;
    this.#limit = limit;
  }

  get heard(): readonly Heard<M>[] {
    return this.#heard;
  }

  all<T extends M['type']>(type: T): Extract<M, { readonly type: T }>[] {
    return this.#heard
      .map(({ message }) => message)
      .filter((m): m is Extract<M, { readonly type: T }> => m.type === type);
  }

  forget(): void {
    this.#heard = [];
  }

  add(heard: Heard<M>): void {
    this.#heard.push(heard);
    if (this.#heard.length > 2 * this.#limit) this.#heard.splice(0, this.#heard.length - this.#limit);
    for (const waiter of [...this.#waiters])
      if (waiter.predicate(heard.message)) waiter.resolve(heard.message);
  }

  reopened(): void {
    this.#closed = false;
  }

  /** The connection ended: whoever waits for more, waits in vain. */
  closed(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.fail('the connection ended');
    for (const waiter of [...this.#closeWaiters]) waiter();
  }

  /** @param past messages heard before count too. @param what named in the error. */
  until(
    predicate: (message: M) => boolean,
    timeoutMs: number,
    past: boolean,
    what = 'the message',
  ): Promise<M> {
    const known = past ? this.#heard.find(({ message }) => predicate(message)) : undefined;
    if (known) return Promise.resolve(known.message);
    if (this.#closed) return Promise.reject(this.#error(what, 'there is no connection'));
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => waiter.fail(`${timeoutMs} ms passed`), timeoutMs);
      const finish = () => {
        timer.cancel();
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter<M> = {
        predicate,
        resolve: (message) => {
          finish();
          resolve(message);
        },
        fail: (why) => {
          finish();
          reject(this.#error(what, why));
        },
      };
      this.#waiters.add(waiter);
    });
  }

  untilClosed(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        timer.cancel();
        this.#closeWaiters.delete(finish);
        resolve();
      };
      const timer = this.#clock.setTimeout(() => {
        this.#closeWaiters.delete(finish);
        reject(this.#error('the end of the connection', `${timeoutMs} ms passed`));
      }, timeoutMs);
      this.#closeWaiters.add(finish);
    });
  }

  #error(what: string, why: string): Error {
    const latest = this.#heard.slice(-10).map(({ message }) => message.type);
    return new Error(`${this.#name} did not hear ${what}: ${why}. Latest: ${latest.join(', ') || 'nothing'}`);
  }
}
