import type { Clock, Timer } from '../../platform/clock.ts';

/** Something that wants to be called at a time. Owned by one {@link Deadlines}, which alone writes `dueAt` and `slot`. */
export interface Due {
  /** Monotonic milliseconds. */
  dueAt: number;
  /** Its place in the heap, or -1. */
  slot: number;
  due(now: number): void;
}

/** Many deadlines, one timer, and that only while there is a deadline. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #heap: Due[] = [];
  #timer: Timer | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #firing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** `item.due` is called at that time, in milliseconds of the monotonic clock; replaces what was set for it before. */
  set(item: Due, at: number): void {
    const before = item.dueAt;
    item.dueAt = at;
    if (item.slot < 0) {
      item.slot = this.#heap.length;
      this.#heap.push(item);
      this.#up(item);
    } else if (at < before) this.#up(item);
    else this.#down(item);
    this.#arm();
  }

  clear(item: Due): void {
    if (item.slot < 0) return;
    const last = this.#heap.pop()!;
    if (last !== item) {
      last.slot = item.slot;
      this.#heap[last.slot] = last;
      this.#up(last);
      this.#down(last);
    }
    item.slot = -1;
    if (this.#heap.length === 0) this.#disarm();
  }

  #arm(): void {
    if (this.#firing) return;
    const first = this.#heap[0]!.dueAt;
    // A timer that fires too early only arms the next one; that is cheaper than a new timer for each change.
    if (first >= this.#armedFor) return;
    this.#timer?.cancel();
    this.#armedFor = first;
    this.#timer = this.#clock.setTimeout(this.#fire, first - this.#clock.monotonic());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = this.#clock.monotonic();
    this.#firing = true;
    try {
      for (let first = this.#heap[0]; first !== undefined && first.dueAt <= now; first = this.#heap[0]) {
        this.clear(first);
        first.due(now);
      }
    } finally {
      this.#firing = false;
      if (this.#heap.length > 0) this.#arm();
    }
  };

  #up(item: Due): void {
    const heap = this.#heap;
    let slot = item.slot;
    while (slot > 0) {
      const parent = heap[(slot - 1) >> 1]!;
      if (parent.dueAt <= item.dueAt) break;
      heap[slot] = parent;
      const up = parent.slot;
      parent.slot = slot;
      slot = up;
    }
    heap[slot] = item;
    item.slot = slot;
  }

  #down(item: Due): void {
    const heap = this.#heap;
    let slot = item.slot;
    for (;;) {
      let child = heap[2 * slot + 1];
      if (child === undefined) break;
      const right = heap[2 * slot + 2];
      if (right !== undefined && right.dueAt < child.dueAt) child = right;
      if (child.dueAt >= item.dueAt) break;
      const down = child.slot;
      heap[slot] = child;
      child.slot = slot;
      slot = down;
    }
    heap[slot] = item;
    item.slot = slot;
  }
}
