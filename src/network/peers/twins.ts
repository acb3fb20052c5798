import type { Clock } from '../../platform/clock.ts';

/** Users remembered at a time. */
const MAX_TWINS = 4096;

/**
 * Who brought a result lately, by a connection that they opened. Such peers often ask for a connection through the server
 * as well; the request arrives when all is over, and to serve it would only open an idle connection.
 */
export class Twins {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #seen = new Map<string, { readonly host: string; readonly until: number }>();

  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  get size(): number {
    return this.#seen.size;
  }

  add(user: string, host: string): void {
    const now = this.#clock.monotonic();
    this.#seen.delete(user);
    this.#seen.set(user, { host, until: now + this.#lifeMs });
    for (const [oldest, { until }] of this.#seen) {
      if (until > now && this.#seen.size <= MAX_TWINS) return;
      this.#seen.delete(oldest);
    }
  }

  /** Whether a request of that user, who is at that address, is late. The address keeps impostors from having it refused. */
  has(user: string, host: string): boolean {
    const twin = this.#seen.get(user);
    return twin !== undefined && twin.host === host && this.#clock.monotonic() < twin.until;
  }

  clear(): void {
    this.#seen.clear();
  }
}
