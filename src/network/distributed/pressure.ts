import { type Child, FAST_BYTES_PER_MS } from './child.ts';
import { Patience } from './patience.ts';

/** How long the parent is held back at a stretch when most children are behind, milliseconds. */
const MAX_STRETCH_MS = 1000;

/** A trusted child is waited for while it takes as much as a fast one in each of these, milliseconds. */
const TRUSTED_MS = 300;

/** Others are waited for so long at a time, and together for this share of the time, with so much saved up, milliseconds. */
const STRANGER_MS = 10;
const STRANGER_LEAST_MS = 5;
const STRANGER_SHARE = 0.01;
const STRANGER_SAVED_MS = 30;

const NEVER = Number.POSITIVE_INFINITY;

/** A child as far as it matters here. */
export type Pressing = Pick<Child, 'behind' | 'lagging' | 'givenUp' | 'trusted' | 'taken' | 'giveUp'>;

interface Awaited {
  readonly child: Pressing;
  readonly since: number;
  readonly until: number;
  readonly takenThen: number;
}

/**
 * Whether the parent is held back. When most children are behind, the line is what is slow, and waiting is free. When
 * few lag, the others would have to wait for them. That is worth it for those who only need a moment, because a flock
 * drifts apart at full speed, and costs nothing worth mentioning at the speed of the network. Who is slow is given up.
 * Times are monotonic milliseconds.
 */
export class Pressure {
  readonly #change: (on: boolean) => void;
  readonly #forStrangers: Patience;
  #kind: 'none' | 'most' | 'few' = 'none';
  #until = NEVER;
  /** For whom we wait, while `few`. */
  #awaited: readonly Awaited[] = [];
  /** A stretch for most did not help; not again before most keep up. */
  #vain = false;

  constructor(now: number, change: (on: boolean) => void) {
    this.#change = change;
    this.#forStrangers = new Patience(STRANGER_SHARE, STRANGER_SAVED_MS, now);
  }

  /** When `weigh` should be called again at the latest. */
  get due(): number {
    return this.#until;
  }

  /**
   * Looks at the children again.
   * @param sent something was just sent to them, which alone begins pressure.
   */
  weigh(children: readonly Pressing[], now: number, sent: boolean): void {
    let behind = 0;
    for (const child of children) if (child.behind) behind++;
    const most = behind * 2 > children.length;
    if (!most) this.#vain = false;
    if (this.#kind === 'most' && (now >= this.#until || !most)) {
      this.#vain = most;
      this.#end();
    } else if (this.#kind === 'few') this.#wait(this.#awaited, now);
    if (!sent || behind === 0 || this.#kind !== 'none') return;
    if (most && !this.#vain) this.#begin('most', now + MAX_STRETCH_MS);
    else this.#waitForLagging(children, now);
  }

  /** There is no parent any more whom to hold back. */
  forget(): void {
    this.#kind = 'none';
    this.#until = NEVER;
    this.#awaited = [];
  }

  #waitForLagging(children: readonly Pressing[], now: number): void {
    const awaited: Awaited[] = [];
    for (const child of children) {
      if (!child.lagging || child.givenUp) continue;
      const patience = child.trusted ? TRUSTED_MS : Math.min(STRANGER_MS, this.#forStrangers.left(now));
      if (patience < STRANGER_LEAST_MS) continue;
      awaited.push({ child, since: now, until: now + patience, takenThen: child.taken });
    }
    if (awaited.length === 0) return;
    this.#awaited = awaited;
    this.#begin('few', Math.min(...awaited.map(({ until }) => until)));
  }

  #wait(awaited: readonly Awaited[], now: number): void {
    const left: Awaited[] = [];
    for (const one of awaited) {
      const { child, since, until, takenThen } = one;
      if (child.lagging && now < until) left.push(one);
      else if (
        child.lagging &&
        child.trusted &&
        child.taken - takenThen >= (now - since) * FAST_BYTES_PER_MS
      ) {
        left.push({ child, since: now, until: now + TRUSTED_MS, takenThen: child.taken });
      } else {
        if (!child.trusted) this.#forStrangers.spend(now - since, now);
        if (child.lagging) child.giveUp(now);
      }
    }
    this.#awaited = left;
    if (left.length === 0) this.#end();
    else this.#until = Math.min(...left.map(({ until }) => until));
  }

  #begin(kind: 'most' | 'few', until: number): void {
    this.#kind = kind;
    this.#until = until;
    this.#change(true);
  }

  #end(): void {
    this.#kind = 'none';
    this.#until = NEVER;
    this.#change(false);
  }
}
