import type { Clock } from '../../platform/clock.ts';
import type { ServerResponse, ServerResponseOf } from '../../protocol/index.ts';

/** One message from the server, as a person heard it. */
export interface Heard {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: ServerResponse;
}

interface Waiter {
  readonly predicate: (message: ServerResponse) => boolean;
  resolve(message: ServerResponse): void;
  fail(why: string): void;
}

const MAX_HEARD = 10_000;

/** What a person heard, and who waits to hear something. */
export class Listening {
  #heard: Heard[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #closeWaiters = new Set<() => void>();
  readonly #clock: Clock;
  readonly #name: string;
  #closed = true;

  constructor(clock: Clock, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  get heard(): readonly Heard[] {
    return this.#heard;
  }

  all<T extends ServerResponse['type']>(type: T): ServerResponseOf<T>[] {
    return this.#heard.map(({ message }) => message).filter((m): m is ServerResponseOf<T> => m.type === type);
  }

  forget(): void {
    this.#heard = [];
  }

  add(heard: Heard): void {
    this.#heard.push(heard);
    if (this.#heard.length >= 2 * MAX_HEARD) this.#heard = this.#heard.slice(-MAX_HEARD);
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
    predicate: (message: ServerResponse) => boolean,
    timeoutMs: number,
    past: boolean,
    what = 'the message',
  ): Promise<ServerResponse> {
    const known = past ? this.#heard.find(({ message }) => predicate(message)) : undefined;
    if (known) return Promise.resolve(known.message);
    if (this.#closed) return Promise.reject(this.#error(what, 'there is no connection'));
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => waiter.fail(`${timeoutMs} ms passed`), timeoutMs);
      const finish = () => {
        timer.cancel();
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
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
