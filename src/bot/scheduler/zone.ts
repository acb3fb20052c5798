import { PluginError } from '../../plugins/api/errors.ts';

const DAY = 86_400_000;
/** How far a segment is looked for at a time. */
const FORWARD = 400 * DAY;
/** No zone changes its clocks twice within this time. */
const STEP = 4 * DAY;
/** A change longer ago than this has no influence: none moves the clocks by more than a day. */
const BACK = 2 * DAY;
const KEPT = 16;

/** A time during which the clocks of a zone are not changed. All in milliseconds; local time is `instant + offset`. */
export interface Segment {
  /** The first instant that is spoken of. */
  readonly start: number;
  /** The first instant after it. */
  readonly end: number;
  readonly offset: number;
  /** What counted before `start`; the same when the clocks are not changed there. */
  readonly before: number;
  /** What counts from `end` on. */
  readonly after: number;
}

const zones = new Map<string, Zone>();

/** A time zone, as the runtime's own database has it. */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  #segments: Segment[] = [];

  private constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /**
   * @param name an IANA name
   * @throws PluginError `invalid` when the runtime knows no such zone.
   */
  static of(name: string): Zone {
    const known = zones.get(name);
    if (known !== undefined) return known;
    if (!isTimeZone(name)) {
      throw new PluginError(
        'invalid',
        `${JSON.stringify(name)} is no time zone: give an IANA name such as "Europe/Berlin"`,
      );
    }
    const zone = new Zone(name);
    zones.set(name, zone);
    return zone;
  }

  /** What is added to an instant for local time, in milliseconds. */
  offsetAt(instant: number): number {
    const text = this.#format.format(instant);
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = match ?? [];
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  }

  /** The segment that holds `instant`; one that is long may be given in parts. */
  segmentAt(instant: number): Segment {
    const kept = this.#segments.find(({ start, end }) => start <= instant && instant < end);
    if (kept !== undefined) return kept;
    const offset = this.offsetAt(instant);
    const before = this.offsetAt(instant - BACK);
    // Nothing is said about earlier instants, for which a change may still matter.
    const start = before === offset ? instant : this.#change(instant - BACK, instant, offset);
    let [end, after] = [instant, offset];
    while (after === offset && end < instant + FORWARD) {
      end += STEP;
      after = this.offsetAt(end);
    }
    if (after !== offset) end = this.#change(end - STEP, end, after);
    const segment = { start, end, offset, before, after };
    this.#segments = [segment, ...this.#segments.slice(0, KEPT - 1)];
    return segment;
  }

  /** The first instant in (`from`, `to`] at which `offset` counts; it counts at `to` and not at `from`. */
  #change(from: number, to: number, offset: number): number {
    let [low, high] = [from, to];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === offset) high = middle;
      else low = middle;
    }
    return high;
  }
}

/** Whether the runtime knows a zone of that name. Offsets such as `+02:00` are none: they do not change clocks. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
