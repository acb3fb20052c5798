import type { Timer } from '../clock.ts';

/** Rebuilding a small heap costs more than the few dead entries it would free. */
const COMPACT_ABOVE = 64;

/** One timer in a {@link TimerHeap}; `run` is undefined once it fired or was cancelled. */
export class HeapTimer implements Timer {
  readonly due: number;
  readonly order: number;
  run: (() => void) | undefined;
  readonly #heap: TimerHeap;

  constructor(heap: TimerHeap, due: number, order: number, run: () => void) {
    this.#heap = heap;
    this.due = due;
    this.order = order;
    this.run = run;
  }

  cancel(): void {
    if (this.run === undefined) return;
    // Dropping the closure now frees what it holds, even while the dead entry waits in the heap.
    this.run = undefined;
    this.#heap.cancelled();
  }
}

/**
 * Timers by due time, then by order of insertion: a binary heap. Cancelled ones stay until they surface or make up
 * half of the heap, so that cancelling costs nothing and still leaks nothing.
 */
export class TimerHeap {
  #items: HeapTimer[] = [];
  #dead = 0;
  #inserted = 0;

  /** Timers that will still fire. */
  get size(): number {
    return this.#items.length - this.#dead;
  }

  /** Entries held in memory, dead ones included. */
  get entries(): number {
    return this.#items.length;
  }

  add(due: number, run: () => void): HeapTimer {
    const timer = new HeapTimer(this, due, this.#inserted++, run);
    this.#items.push(timer);
    this.#siftUp(this.#items.length - 1, timer);
    return timer;
  }

  /** The next timer to fire. */
  peek(): HeapTimer | undefined {
    let first = this.#items[0];
    while (first !== undefined && first.run === undefined) {
      this.#removeFirst();
      this.#dead--;
      first = this.#items[0];
    }
    return first;
  }

  /** Takes the timer that `peek` showed out of the heap and returns its callback. */
  take(timer: HeapTimer): () => void {
    const run = timer.run;
    if (run === undefined || this.#items[0] !== timer)
      throw new Error('take() needs the timer that peek() returned');
    timer.run = undefined;
    this.#removeFirst();
    return run;
  }

  /** A timer in the heap was cancelled. */
  cancelled(): void {
    this.#dead++;
    if (this.#items.length > COMPACT_ABOVE && this.#dead * 2 > this.#items.length) this.#compact();
  }

  #compact(): void {
    this.#items = this.#items.filter((timer) => timer.run !== undefined);
    this.#dead = 0;
    for (let i = (this.#items.length >> 1) - 1; i >= 0; i--) this.#siftDown(i, this.#items[i]!);
  }

  #removeFirst(): void {
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#siftDown(0, last);
  }

  #siftUp(from: number, timer: HeapTimer): void {
    const items = this.#items;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent]!;
      if (!isBefore(timer, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = timer;
  }

  #siftDown(from: number, timer: HeapTimer): void {
    const items = this.#items;
    const length = items.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(items[child + 1]!, items[child]!)) child++;
      const below = items[child]!;
      if (!isBefore(below, timer)) break;
      items[at] = below;
      at = child;
    }
    items[at] = timer;
  }
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
