import type { Clock } from '../../platform/clock.ts';
import type { Child } from './child.ts';
import { Pressure } from './pressure.ts';

/** Bytes waiting for a child above which it counts as behind: about one chunk of the parent's. */
const BEHIND_BYTES = 64 * 1024;

/** After a child left while it lagged, whoever comes anew is not trusted for so long, milliseconds: it may be the same one. */
const SUSPICION_MS = 60_000;

export interface FanOutOptions {
  readonly clock: Clock;
  /** Bytes that may wait for one child. */
  readonly maxBytes: number;
  /** How long bytes may wait for one child, milliseconds. */
  readonly maxMs: number;
  /** The child's queue is too long or too old. Called after all children were given theirs. */
  overflow(child: Child): void;
  /** Children cannot follow: the parent should be held back, or need be no longer. */
  pressure(on: boolean): void;
}

/**
 * The children, and what they are given. A slow child holds the others up for no more than a moment; its queue grows
 * to a bound, and then it goes.
 */
export class FanOut {
  readonly #options: FanOutOptions;
  readonly #lagBytes: number;
  readonly #pressure: Pressure;
  #children: readonly Child[] = [];
  #behind = 0;
  #suspiciousUntil = Number.NEGATIVE_INFINITY;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#lagBytes = Math.max(BEHIND_BYTES, options.maxBytes / 4);
    this.#pressure = new Pressure(options.clock.monotonic(), (on) => options.pressure(on));
  }

  get children(): readonly Child[] {
    return this.#children;
  }

  add(child: Child): void {
    const now = this.#options.clock.monotonic();
    child.trusted = now >= this.#suspiciousUntil && !this.#children.some(({ givenUp }) => givenUp);
    this.#children = [...this.#children, child];
    this.#weigh(now, false);
  }

  remove(child: Child): void {
    const now = this.#options.clock.monotonic();
    this.#children = this.#children.filter((other) => other !== child);
    if (child.lagging) this.#suspiciousUntil = now + SUSPICION_MS;
    this.drained(child);
    this.#weigh(now, false);
  }

  /** Sends `bytes` to all: searches, or with `searches` 0 a notice. */
  send(bytes: Uint8Array, searches: number, now: number): void {
    let overflowing: readonly Child[] = [];
    for (const child of this.#children) {
      const { link } = child;
      link.send(bytes);
      child.bytes += bytes.length;
      child.messages += searches;
      child.rate.add(searches, now);
      const waiting = link.bufferedBytes;
      if (waiting <= BEHIND_BYTES) continue;
      this.#late(child, waiting, now);
      if (waiting > this.#options.maxBytes) overflowing = [...overflowing, child];
    }
    if (this.#behind > 0) this.#weigh(now, true);
    for (const child of overflowing) this.#options.overflow(child);
  }

  /** Nothing waits for that child any more. */
  drained(child: Child): void {
    if (!child.behind) return;
    const now = this.#options.clock.monotonic();
    child.catchUp(now);
    this.#behind--;
    this.#weigh(now, false);
  }

  /** Whether somebody is behind, so that `due` is worth looking at. */
  get isBehind(): boolean {
    return this.#behind > 0;
  }

  /** When `check` has something to do, monotonic milliseconds; infinite: nothing by now. */
  get due(): number {
    let { due } = this.#pressure;
    if (this.#behind === 0) return due;
    for (const child of this.#children) {
      if (child.behind) due = Math.min(due, child.waitedAt(this.#options.maxMs));
    }
    return due;
  }

  check(now: number): void {
    this.#weigh(now, false);
    for (const child of this.#children) {
      if (child.waited(now) >= this.#options.maxMs) this.#options.overflow(child);
    }
  }

  /** The parent is gone: nobody is held back. */
  forget(): void {
    this.#pressure.forget();
  }

  #late(child: Child, waiting: number, now: number): void {
    if (child.behind) child.waited(now);
    else {
      child.fallBehind(now);
      this.#behind++;
    }
    if (waiting > this.#lagBytes) child.lagging = true;
  }

  #weigh(now: number, sent: boolean): void {
    this.#pressure.weigh(this.#children, now, sent);
  }
}
