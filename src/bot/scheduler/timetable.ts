import type { Random } from '../../platform/random.ts';
import type { JobSpec } from '../../plugins/host/wire.ts';
import { CronSchedule } from './cron.ts';

/** When a job is due. Milliseconds since the epoch. */
export interface Due {
  /** What the next one is reckoned from. */
  readonly base: number;
  /** `base` with its jitter. */
  readonly at: number;
}

/** What was due up to now. */
export interface Passed {
  /** The latest ones, oldest first. */
  readonly latest: readonly number[];
  /** How many there were in all; not counted beyond {@link COUNTED}. */
  readonly count: number;
  /** The first one that is not due yet. */
  readonly next: Due | undefined;
}

/** How many due times are counted at most: a job of every second is due a million times while its bot is away for two weeks. */
export const COUNTED = 10_000;

/** Tells when a job is due. */
export interface Timetable {
  /** The first one of a job that is new. */
  first(now: number): Due | undefined;
  /** After the job was changed. @param last the one before the next, by the timetable of before */
  resume(now: number, last: number | undefined): Due | undefined;
  /** What was due from `next` to `now`, both included. @param keep how many of the latest are wanted */
  passed(next: Due, now: number, keep: number): Passed;
}

/** @throws PluginError `invalid` for an expression or a time zone that cannot be read. */
export function makeTimetable(when: JobSpec['when'], timezone: string, random: Random): Timetable {
  return when.kind === 'cron'
    ? new CronTimetable(new CronSchedule(when.cron, when.timezone ?? timezone, when))
    : new Interval(when.everyMs, when.jitterMs, random);
}

class CronTimetable implements Timetable {
  readonly #schedule: CronSchedule;

  constructor(schedule: CronSchedule) {
    this.#schedule = schedule;
  }

  first(now: number): Due | undefined {
    return exactly(this.#schedule.next(now));
  }

  resume(now: number): Due | undefined {
    return this.first(now);
  }

  passed(next: Due, now: number, keep: number): Passed {
    const latest: number[] = [];
    let count = 0;
    let at: number | undefined = next.at;
    while (at !== undefined && at <= now && count < COUNTED) {
      latest.push(at);
      if (latest.length > keep) latest.shift();
      count += 1;
      at = this.#schedule.next(at);
    }
    if (at === undefined || at > now) return { latest, count, next: exactly(at) };
    return { latest: this.#latest(at, now, keep), count, next: this.first(now) };
  }

  /** The latest of more than can be counted: looks back further and further. */
  #latest(from: number, now: number, keep: number): readonly number[] {
    for (let back = 60_000; ; back *= 4) {
      const found: number[] = [];
      const start = Math.max(from - 1, now - back);
      for (let at = this.#schedule.next(start); at !== undefined && at <= now; at = this.#schedule.next(at))
        found.push(at);
      if (found.length >= keep || start < from) return found.slice(-keep);
    }
  }
}

class Interval implements Timetable {
  readonly #every: number;
  readonly #jitter: number;
  readonly #random: Random;

  constructor(every: number, jitter: number, random: Random) {
    this.#every = every;
    this.#jitter = jitter;
    this.#random = random;
  }

  first(now: number): Due {
    return this.#due(now + this.#every);
  }

  resume(now: number, last: number | undefined): Due {
    return last === undefined ? this.first(now) : this.#due(Math.max(now, last + this.#every));
  }

  passed(next: Due, now: number, keep: number): Passed {
    if (next.at > now) return { latest: [], count: 0, next };
    const { base } = next;
    let steps = Math.max(0, Math.floor((now - base) / this.#every));
    let coming = this.#due(base + (steps + 1) * this.#every);
    if (steps > 0) {
      // Those behind the first have had no jitter yet; with it the last one may still be to come.
      const last = this.#due(base + steps * this.#every);
      if (last.at > now) {
        coming = last;
        steps -= 1;
      }
    }
    const latest: number[] = [];
    for (let step = Math.max(0, steps + 1 - keep); step <= steps; step += 1)
      latest.push(step === 0 ? next.at : base + step * this.#every);
    return { latest, count: Math.min(steps + 1, COUNTED), next: coming };
  }

  #due(base: number): Due {
    return { base, at: base + (this.#jitter === 0 ? 0 : this.#random.int(0, this.#jitter)) };
  }
}

function exactly(at: number | undefined): Due | undefined {
  return at === undefined ? undefined : { base: at, at };
}
