import type { Clock, Timer } from '../../platform/clock.ts';

interface Running {
  readonly call: number;
  readonly expired: () => void;
  /** Milliseconds of its own time before `since`. */
  used: number;
  /** When it last began to run on its own time; meaningless while `waits` is above 0. */
  since: number;
  /** Its calls to the host that are under way. */
  waits: number;
}

/** How long invocations took, without the time in which they waited for the host. */
export interface Times {
  readonly count: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

/** The time budgets of one instance's invocations. Their clocks stand still while they wait for the host. */
export class Budgets {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #running = new Map<number, Running>();
  #timer: Timer | undefined;
  #count = 0;
  #totalMs = 0;
  #maxMs = 0;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  get limitMs(): number {
    return this.#limitMs;
  }

  get times(): Times {
    return {
      count: this.#count,
      meanMs: this.#count === 0 ? 0 : this.#totalMs / this.#count,
      maxMs: this.#maxMs,
    };
  }

  /** @param expired called at most once, never after `end`. */
  begin(call: number, expired: () => void): void {
    this.#running.set(call, { call, expired, used: 0, since: this.#clock.monotonic(), waits: 0 });
    this.#timer ??= this.#clock.setTimeout(() => this.#sweep(), this.#limitMs);
  }

  end(call: number): void {
    const running = this.#running.get(call);
    if (running === undefined) return;
    this.#running.delete(call);
    const ms = this.#usedBy(running);
    this.#count++;
    this.#totalMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
    if (this.#running.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The invocation waits for the host from here on. @returns ends that. */
  pause(call: number | undefined): () => void {
    const running = call === undefined ? undefined : this.#running.get(call);
    if (running === undefined) return () => {};
    if (running.waits++ === 0) running.used += this.#clock.monotonic() - running.since;
    return () => {
      if (--running.waits === 0) running.since = this.#clock.monotonic();
    };
  }

  #usedBy({ used, since, waits }: Running): number {
    return waits > 0 ? used : used + this.#clock.monotonic() - since;
  }

  /** One timer for all: the next that can run out of time is looked at when it could have. */
  #sweep(): void {
    this.#timer = undefined;
    const over: Running[] = [];
    let next = this.#limitMs;
    for (const running of this.#running.values()) {
      const left = this.#limitMs - this.#usedBy(running);
      if (left <= 0) over.push(running);
      else next = Math.min(next, left);
    }
    if (this.#running.size > over.length)
      this.#timer = this.#clock.setTimeout(() => this.#sweep(), Math.max(next, 1));
    for (const { call, expired } of over) {
      if (this.#running.has(call)) expired();
    }
  }
}
