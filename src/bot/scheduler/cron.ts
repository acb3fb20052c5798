import { nextLocal } from './calendar.ts';
import { type CronFields, readCron, refusal } from './cron-fields.ts';
import { type Segment, Zone } from './zone.ts';

const DAY = 86_400_000;
/** After so long a time the calendar begins anew, clocks and all. */
const HORIZON = 400 * 366 * DAY;

/** What happens to times of day that do not exist, or come twice, because clocks are changed. */
export interface ClockChanges {
  readonly gap: 'shift' | 'skip';
  readonly fold: 'first' | 'second' | 'both';
}

/** A cron expression in a time zone: when it runs. */
export class CronSchedule {
  readonly zone: Zone;
  readonly #fields: CronFields;
  readonly #changes: ClockChanges;
  /** It matches in every hour, so that it is about elapsed time and not about a time of day. */
  readonly #hourly: boolean;

  /** @throws PluginError `invalid` for an expression or zone that cannot be read, or a date that never comes. */
  constructor(expression: string, timezone: string, changes: ClockChanges) {
    this.zone = Zone.of(timezone);
    this.#fields = readCron(expression);
    this.#changes = changes;
    this.#hourly = this.#fields.hours.length === 24;
    if (nextLocal(this.#fields, 0) === undefined) throw refusal(expression, 'that date never comes');
  }

  /** The first run after an instant, in milliseconds since the epoch; undefined when there is none any more. */
  next(after: number): number | undefined {
    const limit = after + HORIZON;
    let from = Math.floor(after / 1000) * 1000 + 1000;
    while (from < limit) {
      const segment = this.zone.segmentAt(from);
      if (from === segment.start && this.#shifted(segment)) return from;
      const { first, end } = this.#counted(segment);
      const local = nextLocal(this.#fields, Math.max(from + segment.offset, first));
      if (local === undefined) return undefined;
      if (local < end) return local - segment.offset;
      // Nothing is due before `local`, whatever happens to the clocks until then; only what was just passed may come again.
      from = segment.after < segment.offset ? segment.end : Math.max(segment.end, local - 2 * DAY);
    }
    return undefined;
  }

  /** Whether a run falls into the hour that is left out where the segment begins. */
  #shifted({ start, before, offset }: Segment): boolean {
    if (offset <= before || this.#hourly || this.#changes.gap === 'skip') return false;
    const local = nextLocal(this.#fields, start + before);
    return local !== undefined && local < start + offset;
  }

  /** The local times of a segment that count: of an hour that comes twice only the wanted one does. */
  #counted({ start, end, offset, before, after }: Segment): { readonly first: number; readonly end: number } {
    const fold = this.#hourly ? 'both' : this.#changes.fold;
    return {
      first: start + (fold === 'first' ? Math.max(offset, before) : offset),
      end: end + (fold === 'second' ? Math.min(offset, after) : offset),
    };
  }
}
