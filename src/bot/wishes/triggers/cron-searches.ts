import { PluginError } from '../../../plugins/api/errors.ts';
import type { JobsService, RunOutcome } from '../../../plugins/host/services.ts';
import type { JobSpec, WishSpec } from '../../../plugins/host/wire.ts';
import { CronSchedule } from '../../scheduler/cron.ts';
import { DEFAULT_CRON, type LiveWish } from '../live-wish.ts';

/** Whose jobs these are in the scheduler. */
const OWNER = 'wishes';
const CHANGES = { gap: 'shift', fold: 'first' } as const;

export interface CronSearchesOptions {
  readonly jobs: Pick<JobsService, 'register'> & {
    runNow(instance: string, id: string): Promise<string | undefined>;
  };
  /** Of wishes that name none. */
  readonly timezone: string;
  /** Makes the searches of a wish whose time has come. */
  readonly run: (wish: LiveWish) => Promise<RunOutcome>;
}

interface Registered {
  readonly cron: string;
  readonly timezone: string;
  readonly schedule: CronSchedule;
  readonly undo: () => void;
}

/** Wishes that ask rooms, users or buddies by the calendar: jobs of the bot's own scheduler, durable like those of plugins. */
export class CronSearches {
  readonly #options: CronSearchesOptions;
  readonly #registered = new Map<LiveWish, Registered>();

  constructor(options: CronSearchesOptions) {
    this.#options = options;
  }

  /** @throws PluginError `invalid` for an expression or time zone that cannot be read, or one that goes with no scope. */
  check({ scope = 'network', cron, timezone = this.#options.timezone }: WishSpec): void {
    if (scope === 'network') {
      if (cron === undefined) return;
      throw new PluginError(
        'invalid',
        'cron goes with a room, a user or buddies; the network has its own turns',
      );
    }
    new CronSchedule(cron ?? DEFAULT_CRON, timezone, CHANGES);
  }

  /** Brings the calendar into line with how a wish stands. */
  update(wish: LiveWish): void {
    const known = this.#registered.get(wish);
    const { scope = 'network', cron = DEFAULT_CRON, timezone = this.#options.timezone } = wish.spec;
    const wanted = scope !== 'network' && wish.wanted;
    if (known !== undefined && wanted && known.cron === cron && known.timezone === timezone) return;
    known?.undo();
    this.#registered.delete(wish);
    if (!wanted) return;
    const schedule = new CronSchedule(cron, timezone, CHANGES);
    const job: JobSpec = {
      id: idOf(wish),
      when: { kind: 'cron', cron, timezone, ...CHANGES },
      misfire: 'once',
      overlap: 'skip',
      // Being cut off counts as an attempt, and every restart may cut it off.
      retry: { attempts: 20, backoffMs: 600_000 },
    };
    const undo = this.#options.jobs.register(OWNER, job, () => this.#options.run(wish));
    this.#registered.set(wish, { cron, timezone, schedule, undo });
  }

  /** Makes its searches now, beside the calendar. */
  async runNow(wish: LiveWish): Promise<void> {
    if (this.#registered.has(wish)) await this.#options.jobs.runNow(OWNER, idOf(wish));
  }

  /** When its time comes next, milliseconds since the epoch. */
  next(wish: LiveWish, now: number): number | undefined {
    return this.#registered.get(wish)?.schedule.next(now);
  }
}

const idOf = ({ stored }: LiveWish): string => `wish ${stored.seq}`;
