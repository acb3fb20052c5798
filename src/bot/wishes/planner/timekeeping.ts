import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { StoredWish } from '../../store/wish-rows.ts';
import { ClockJumps, setBack, shift } from '../clock-jumps.ts';
import type { LiveWish } from '../live-wish.ts';
import { giveBack } from '../turns/give-back.ts';
import { overdue } from './overdue.ts';
import { Pace } from './pace.ts';

export interface TimekeepingOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between two turns in the slot; 0: there are none. */
  readonly intervalMs: () => number;
  readonly all: () => Iterable<LiveWish>;
  /** Wishes that share the slot. */
  readonly network: () => Iterable<LiveWish>;
  /** These have changed. */
  readonly onChange: (wishes: readonly LiveWish[]) => void;
}

/** What wishes have waited for, whatever happens to the clock, the connection and the process. */
export class Timekeeping {
  readonly pace: Pace;
  readonly #options: TimekeepingOptions;
  readonly #jumps: ClockJumps;

  constructor(options: TimekeepingOptions) {
    const { clock, intervalMs } = options;
    this.#options = options;
    this.#jumps = new ClockJumps(clock);
    this.pace = new Pace(clock, intervalMs);
  }

  /** Puts right what an earlier run left. */
  takeUp(wishes: readonly StoredWish[]): void {
    const back = setBack(wishes, this.#options.clock.now());
    let latest: StoredWish | undefined;
    for (const wish of wishes) {
      if (back < 0) shift(wish, back);
      const { scope = 'network' } = wish.spec;
      if (scope === 'network' && (wish.lastTurn ?? 0) > (latest?.lastTurn ?? 0)) latest = wish;
    }
    if (latest?.lastTurn !== undefined) this.pace.resume(latest.lastTurn, latest.doc.skew);
    for (const wish of wishes) {
      // It ended before anybody can have answered.
      if (!wish.heard) giveBack(wish);
      wish.heard = true;
    }
  }

  /** What the clock says. Whatever is noted with it is younger than any jump that is noticed later. */
  now(): number {
    this.lookAtClock();
    return this.#options.clock.now();
  }

  /** Notices when the system clock was set. */
  lookAtClock(): void {
    const { all, log, onChange } = this.#options;
    const jump = this.#jumps.look();
    if (jump === 0) return;
    log.info('The system clock was set; wishes keep their order', { seconds: Math.round(jump / 1000) });
    const wishes = [...all()];
    for (const { stored } of wishes) shift(stored, jump);
    this.pace.shift(jump);
    onChange(wishes);
  }

  /** The connection is there: whose turn was due meanwhile has it late. */
  ready(): void {
    this.lookAtClock();
    const { intervalMs, network, onChange } = this.#options;
    const wishes = [...network()];
    const late = overdue(
      wishes.map((wish) => wish.candidate(this.pace.skew)),
      { now: this.pace.now(), intervalMs: intervalMs() },
    );
    const marked = wishes.filter(({ stored }) => late.has(stored.seq) && !stored.late);
    for (const { stored } of marked) stored.late = true;
    onChange(marked);
  }
}
