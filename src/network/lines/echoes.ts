import type { Clock, Timer } from '../../platform/clock.ts';

interface Expected {
  readonly id: string;
  readonly text: string;
  readonly timer: Timer;
}

/** A line that has not come back by then will not, milliseconds. */
const PATIENCE_MS = 30_000;

/** Waits for our own lines to come back from their rooms, which proves that the room has seen them. */
export class Echoes {
  readonly #clock: Clock;
  readonly #onSeen: (id: string) => void;
  readonly #onMissed: (id: string, why: string) => void;
  /** By room, in the order of sending. */
  readonly #expected = new Map<string, Expected[]>();

  constructor(clock: Clock, on: { seen: (id: string) => void; missed: (id: string, why: string) => void }) {
    this.#clock = clock;
    this.#onSeen = on.seen;
    this.#onMissed = on.missed;
  }

  expect(id: string, room: string, text: string): void {
    const timer = this.#clock.setTimeout(() => {
      this.#remove(room, id);
      this.#onMissed(id, `it did not come back from the room within ${PATIENCE_MS / 1000} s`);
    }, PATIENCE_MS);
    const lines = this.#expected.get(room) ?? [];
    this.#expected.set(room, [...lines, { id, text, timer }]);
  }

  /** Our own line came back: the first that waits with the same text. */
  came(room: string, text: string): void {
    const found = this.#expected.get(room)?.find((line) => line.text === text);
    if (!found) return;
    found.timer.cancel();
    this.#remove(room, found.id);
    this.#onSeen(found.id);
  }

  /** The session ended: nothing more comes back. */
  lost(why: string): void {
    const all = [...this.#expected.values()].flat();
    this.#expected.clear();
    for (const { id, timer } of all) {
      timer.cancel();
      this.#onMissed(id, why);
    }
  }

  #remove(room: string, id: string): void {
    const left = this.#expected.get(room)?.filter((line) => line.id !== id) ?? [];
    if (left.length > 0) this.#expected.set(room, left);
    else this.#expected.delete(room);
  }
}
