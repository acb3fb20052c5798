import type { Clock, Timer } from '../../platform/clock.ts';
import { deferred } from '../../platform/deferred.ts';
import type { ServerRequest } from '../../protocol/index.ts';
import type { SendOptions, Traffic } from '../governor/traffic.ts';
import type { ServerLink } from '../server-link.ts';

/** What came of a question to the server. It may simply stay silent, so every question has a time limit. */
export type Answer<T> =
  | { readonly state: 'answered'; readonly value: T }
  /** No answer in time, the connection was lost, or the question was never sent; `reason` says which. */
  | { readonly state: 'unknown'; readonly reason: string };

interface Pending<T> {
  readonly promise: Promise<Answer<T>>;
  readonly settle: (answer: Answer<T>) => void;
  timer?: Timer;
}

/**
 * Questions of one type that the server answers by a message without a token. Answers are told apart by a key
 * (a user, an item); the same question asked twice at a time is sent once.
 */
export class Replies<T> {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** Made with the first question: there are many kinds of them, and most are never asked. */
  #pending: Map<string, Pending<T>> | undefined;

  /** @param timeoutMs counted from the moment the question left, not while it waits for its turn. */
  constructor(link: ServerLink, clock: Clock, timeoutMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    link.onLost(() => {
      for (const key of [...(this.#pending?.keys() ?? [])])
        this.#settle(key, { state: 'unknown', reason: 'the connection was lost' });
    });
  }

  /** Never rejects. */
  ask(
    key: string,
    request: ServerRequest,
    options?: SendOptions,
    traffic: Traffic = { kind: 'housekeeping' },
  ): Promise<Answer<T>> {
    this.#pending ??= new Map();
    const asked = this.#pending.get(key);
    if (asked) return asked.promise;
    const { promise, resolve } = deferred<Answer<T>>();
    const pending: Pending<T> = { promise, settle: resolve };
    this.#pending.set(key, pending);
    void this.#link.send(request, traffic, options).then((outcome) => {
      if (this.#pending?.get(key) !== pending) return;
      if (outcome.state !== 'sent') {
        this.#settle(key, { state: 'unknown', reason: outcome.reason });
        return;
      }
      pending.timer = this.#clock.setTimeout(() => {
        this.#settle(key, {
          state: 'unknown',
          reason: `the server did not answer within ${this.#timeoutMs / 1000} s`,
        });
      }, this.#timeoutMs);
    });
    return promise;
  }

  /** Gives an answer to whoever asked; an answer that nobody asked for is ignored. */
  answer(key: string, value: T): void {
    this.#settle(key, { state: 'answered', value });
  }

  #settle(key: string, answer: Answer<T>): void {
    const pending = this.#pending?.get(key);
    if (!pending) return;
    this.#pending?.delete(key);
    pending.timer?.cancel();
    pending.settle(answer);
  }
}
