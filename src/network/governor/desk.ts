import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { BudgetStore } from './budget-store.ts';
import type { Budgets } from './budgets.ts';
import type { Exit } from './governor-types.ts';
import { STRANGERS } from './line-budget.ts';
import type { Naps } from './naps.ts';
import type { Job } from './queues.ts';
import type { Tally, Unsent } from './tally.ts';
import type { DropCode } from './traffic.ts';

/** A private line that would come too late for the budget of strangers. */
export const STRANGER: Unsent = {
  state: 'dropped',
  code: 'stranger-limit',
  reason: 'too many lines within the hour to users who never wrote to us',
};

/** What the queues of the governor share: the way out, and how a frame ends. */
export class Desk {
  readonly clock: Clock;
  readonly log: Log;
  readonly budgets: Budgets;
  readonly store: BudgetStore;
  readonly tally: Tally;
  readonly naps: Naps;
  exit: Exit | undefined;
  closedAs: { readonly code: DropCode; readonly reason: string } = {
    code: 'offline',
    reason: 'not connected',
  };
  stopped = false;

  constructor(parts: {
    clock: Clock;
    log: Log;
    budgets: Budgets;
    store: BudgetStore;
    tally: Tally;
    naps: Naps;
  }) {
    this.clock = parts.clock;
    this.log = parts.log;
    this.budgets = parts.budgets;
    this.store = parts.store;
    this.tally = parts.tally;
    this.naps = parts.naps;
  }

  /** Whether the frame is done with; false when the connection took nothing. */
  write(job: Job): boolean {
    let bytes: Uint8Array;
    try {
      bytes = job.encode();
    } catch (error) {
      const { kind } = job.traffic;
      this.log.error('A frame could not be encoded', { error: messageOf(error), kind, origin: job.origin });
      this.tally.finish(job, { state: 'dropped', code: 'cancelled', reason: 'it cannot be encoded' });
      return true;
    }
    if (this.exit?.write(bytes) !== true) return false;
    this.budgets.confirm(job.traffic);
    this.tally.finish(job, { state: 'sent', at: this.clock.now() });
    return true;
  }

  /** How a frame ends whose time is over. */
  expired(job: Job, now: number): Unsent {
    const { kind } = job.traffic;
    const stranger = kind === 'private-line' && this.budgets.wait(now, job.traffic).by === STRANGERS;
    if (stranger) return STRANGER;
    if (this.store.blocked !== undefined) return { state: 'expired', reason: this.store.blocked };
    if (!this.exit) return { state: 'expired', reason: `${this.closedAs.reason} until its time was over` };
    if (job.gate && !job.gate()) return { state: 'expired', reason: 'the room was not joined in time' };
    return { state: 'expired', reason: 'its turn did not come in time' };
  }

  /** How a frame ends that needs the session that just ended. */
  closed(): Unsent {
    return { state: 'dropped', ...this.closedAs };
  }
}

export const CANCELLED: Unsent = { state: 'dropped', code: 'cancelled', reason: 'cancelled while it waited' };

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
