import type { Clock, Timer } from '../../../platform/clock.ts';

/** How long after the end of a halt what waited for it goes on, at most. */
const LOOK_MS = 5_000;

/** Waits for the end of a halt, once something had to wait. */
export class HaltWatch {
  readonly #clock: Clock;
  readonly #halted: () => boolean;
  readonly #goOn: () => void;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(clock: Clock, halted: () => boolean, goOn: () => void) {
    this.#clock = clock;
    this.#halted = halted;
    this.#goOn = goOn;
  }

  /** Whether moderation is halted. Whoever is told so waits: they are called when it is not any more. */
  mustWait(): boolean {
    if (!this.#halted()) return false;
    if (!this.#stopped) this.#timer ??= this.#clock.setTimeout(() => this.#look(), LOOK_MS);
    return true;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.mustWait()) this.#goOn();
  }
}
