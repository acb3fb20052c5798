import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { ServerLink } from '../server-link.ts';

/** How long after a watch was turned away by our own queue it is tried again, milliseconds. */
const RETRY_MS = 30_000;

/** Keeps the server's list of whom we watch equal to ours. */
export class Watches {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #wanted: (user: string) => boolean;
  /** Users whom WatchUser was sent for in this session, with a mark that tells one sending from the next. */
  readonly #asked = new Map<string, symbol>();
  readonly #retries = new Map<string, Timer>();

  constructor(link: ServerLink, clock: Clock, log: Log, wanted: (user: string) => boolean) {
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#wanted = wanted;
    link.onLost(() => {
      this.#asked.clear();
      for (const timer of this.#retries.values()) timer.cancel();
      this.#retries.clear();
    });
  }

  start(user: string): void {
    if (this.#link.state.name !== 'online' || this.#asked.has(user)) return;
    this.#retries.get(user)?.cancel();
    this.#retries.delete(user);
    const mark = Symbol(user);
    this.#asked.set(user, mark);
    void this.#link.send({ type: 'WatchUser', username: user }, { kind: 'housekeeping' }).then((outcome) => {
      if (outcome.state === 'sent' || this.#asked.get(user) !== mark) return;
      this.#asked.delete(user);
      if (this.#link.state.name !== 'online' || !this.#wanted(user)) return;
      this.#log.warn('A user could not be watched yet', { user, reason: outcome.reason });
      this.#retries.set(
        user,
        this.#clock.setTimeout(() => {
          this.#retries.delete(user);
          if (this.#wanted(user)) this.start(user);
        }, RETRY_MS),
      );
    });
  }

  stop(user: string): void {
    this.#retries.get(user)?.cancel();
    this.#retries.delete(user);
    if (!this.#asked.delete(user) || this.#link.state.name !== 'online') return;
    void this.#link.send({ type: 'UnwatchUser', username: user }, { kind: 'housekeeping' });
  }
}
