import type { Clock, Timer } from '../../platform/clock.ts';
import type { Session } from './session.ts';

/** Times are rounded up to this, so that many users share one timer. */
const SLOT_MS = 250;

/** Who waits for the next list of possible parents: one timer for all of them. */
export class ParentOffers {
  readonly #clock: Clock;
  readonly #offer: (sessions: readonly Session[]) => void;
  readonly #slots = new Map<number, Set<Session>>();
  readonly #dueOf = new Map<Session, number>();
  #timer: Timer | undefined;
  #next = Infinity;

  /** @param offer called with those whose time has come; they wait no more, unless added again. */
  constructor(clock: Clock, offer: (sessions: readonly Session[]) => void) {
    this.#clock = clock;
    this.#offer = offer;
  }

  has(session: Session): boolean {
    return this.#dueOf.has(session);
  }

  /** Lets a user wait for so many milliseconds; it must not be waiting. */
  add(session: Session, afterMs: number): void {
    const due = Math.ceil((this.#clock.monotonic() + afterMs) / SLOT_MS) * SLOT_MS;
    const slot = this.#slots.get(due) ?? new Set();
    this.#slots.set(due, slot);
    slot.add(session);
    this.#dueOf.set(session, due);
    if (due < this.#next) this.#wait(due);
  }

  remove(session: Session): void {
    const due = this.#dueOf.get(session);
    if (due === undefined) return;
    this.#dueOf.delete(session);
    const slot = this.#slots.get(due)!;
    slot.delete(session);
    if (slot.size === 0) this.#slots.delete(due);
    if (this.#slots.size === 0) this.#wait(Infinity);
  }

  #wait(due: number): void {
    this.#timer?.cancel();
    this.#next = due;
    this.#timer =
      due === Infinity
        ? undefined
        : this.#clock.setTimeout(() => this.#sweep(), due - this.#clock.monotonic());
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    const ready: Session[] = [];
    for (const [due, slot] of [...this.#slots].sort(([a], [b]) => a - b)) {
      if (due > now) break;
      this.#slots.delete(due);
      for (const session of slot) {
        this.#dueOf.delete(session);
        ready.push(session);
      }
    }
    this.#wait(Math.min(...this.#slots.keys()));
    if (ready.length > 0) this.#offer(ready);
  }
}
