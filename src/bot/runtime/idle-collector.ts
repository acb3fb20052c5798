import type { ClientEvents } from '../../network/events.ts';
import type { Clock, Timer } from '../../platform/clock.ts';

/** So many events leave garbage worth the trouble; ten busy rooms bring them in three minutes. */
const ENOUGH_EVENTS = 500;
/** It is quiet when this long, in milliseconds… */
const QUIET_MS = 3_000;
/** …no more than so many events came. */
const QUIET_EVENTS = 60;

const WATCHED = ['room.message', 'room.join', 'room.leave', 'private.message'] as const;

/** What the collector listens to. */
export interface TrafficSource {
  on(
    event: (typeof WATCHED)[number],
    handler: (value: ClientEvents[(typeof WATCHED)[number]]) => void,
  ): () => void;
}

/**
 * Gives memory back in quiet moments. V8 collects when it needs room, not when it has time: after a burst, or after
 * loading the plugins, an idle bot would keep for days what it needed for seconds.
 */
export class IdleCollector {
  readonly #clock: Clock;
  readonly #collect: () => void;
  #events = ENOUGH_EVENTS;
  #recent = 0;
  #timer: Timer | undefined;

  /** @param collect collects garbage; may take its time. */
  constructor(clock: Clock, collect: () => void) {
    this.#clock = clock;
    this.#collect = collect;
  }

  /** Begins to count, with what starting the bot has left behind as the first to collect. @returns ends it. */
  connect(source: TrafficSource): () => void {
    const undo = WATCHED.map((event) => source.on(event, () => this.#note()));
    this.#wait();
    return () => {
      for (const one of undo) one();
      this.#timer?.cancel();
    };
  }

  #note(): void {
    this.#events += 1;
    this.#recent += 1;
    if (this.#events >= ENOUGH_EVENTS && this.#timer === undefined) this.#wait();
  }

  #wait(): void {
    this.#recent = 0;
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#recent > QUIET_EVENTS) {
        this.#wait();
        return;
      }
      this.#timer = undefined;
      this.#events = 0;
      this.#collect();
    }, QUIET_MS);
  }
}
