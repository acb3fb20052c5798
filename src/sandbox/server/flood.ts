import type { Clock } from '../../platform/clock.ts';
import { isLoopback } from './bans.ts';
import type { FloodLimits, RateLimit } from './flood-limits.ts';

/** Keys with nothing recent are swept out when there are this many. */
const SWEEP_ABOVE = 5000;

/** Times of recent events per key, no more of them than the largest limit needs. */
class Recent {
  readonly #times = new Map<string, number[]>();
  readonly #limits: readonly RateLimit[];
  readonly #most: number;
  readonly #longestMs: number;

  constructor(limits: readonly RateLimit[]) {
    this.#limits = limits;
    this.#most = Math.max(...limits.map((limit) => limit.count)) + 1;
    this.#longestMs = Math.max(...limits.map((limit) => limit.withinMs));
  }

  /** Counts one event; true when that is one too many. */
  add(key: string, now: number): boolean {
    let times = this.#times.get(key);
    if (!times) {
      this.#sweep(now);
      times = [];
      this.#times.set(key, times);
    }
    times.push(now);
    if (times.length > this.#most) times.shift();
    return this.#limits.some(({ count, withinMs }) => {
      const oldest = times[times.length - 1 - count];
      return oldest !== undefined && now - oldest < withinMs;
    });
  }

  #sweep(now: number): void {
    if (this.#times.size < SWEEP_ABOVE) return;
    for (const [key, times] of this.#times)
      if (now - times.at(-1)! > this.#longestMs) this.#times.delete(key);
  }
}

/** How often the same text came in a row. */
class Repeats {
  readonly #last = new Map<string, { text: string; times: number[] }>();
  readonly #limit: RateLimit;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** True when `text` has come once too often, with no other text under `key` between. */
  add(key: string, text: string, now: number): boolean {
    let last = this.#last.get(key);
    if (last?.text !== text) {
      if (this.#last.size >= SWEEP_ABOVE) this.#last.clear();
      last = { text, times: [] };
      this.#last.set(key, last);
    }
    last.times.push(now);
    if (last.times.length > this.#limit.count + 1) last.times.shift();
    return last.times.length > this.#limit.count && now - last.times[0]! < this.#limit.withinMs;
  }
}

/** Notices floods. Each method counts one act and returns why it is one too many, or undefined. */
export class FloodDetector {
  readonly #clock: Clock;
  readonly #roomLines: Recent;
  readonly #privateLines: Recent;
  readonly #searches: Recent;
  readonly #identicalSearches: Recent;
  readonly #logins: Recent;
  readonly #connections: Recent;
  readonly #lines: Repeats;

  constructor(clock: Clock, limits: FloodLimits) {
    this.#clock = clock;
    this.#roomLines = new Recent(limits.roomLines);
    this.#privateLines = new Recent(limits.privateLines);
    this.#searches = new Recent([limits.searches]);
    this.#identicalSearches = new Recent([limits.identicalSearches]);
    this.#logins = new Recent([limits.logins]);
    this.#connections = new Recent([limits.connections]);
    this.#lines = new Repeats(limits.identicalLines);
  }

  roomLine(user: string, room: string, text: string): string | undefined {
    const now = this.#clock.monotonic();
    if (this.#roomLines.add(user, now)) return 'too many room lines';
    return this.#lines.add(`${user}\n#${room}`, text, now)
      ? 'the same text in a room again and again'
      : undefined;
  }

  privateLines(user: string, receivers: readonly string[], text: string): string | undefined {
    const now = this.#clock.monotonic();
    for (const receiver of receivers) {
      if (this.#privateLines.add(user, now)) return 'too many private lines';
      if (this.#lines.add(`${user}\n@${receiver}`, text, now))
        return 'the same text to a user again and again';
    }
    return undefined;
  }

  search(user: string, query: string): string | undefined {
    const now = this.#clock.monotonic();
    if (this.#searches.add(user, now)) return 'too many searches';
    return this.#identicalSearches.add(`${user}\n${query}`, now)
      ? 'the same search again and again'
      : undefined;
  }

  login(user: string): string | undefined {
    return this.#logins.add(user, this.#clock.monotonic()) ? 'too many logins' : undefined;
  }

  connection(host: string): string | undefined {
    if (isLoopback(host)) return undefined;
    return this.#connections.add(host, this.#clock.monotonic()) ? 'too many connections' : undefined;
  }
}
