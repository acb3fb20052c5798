import type { ClientEvents } from '../../../network/events.ts';
import type { Clock } from '../../../platform/clock.ts';
import { DEFAULT_EVERY_MS, type LiveWish } from '../live-wish.ts';

export interface OnlineSearchesOptions {
  readonly clock: Clock;
  readonly watch: (user: string) => () => void;
  /** Asks one user for a wish. */
  readonly run: (wish: LiveWish, user: string) => void;
}

/** Wishes that ask a user who comes online. */
export class OnlineSearches {
  readonly #options: OnlineSearchesOptions;
  /** Users that are watched, by wish. */
  readonly #watched = new Map<LiveWish, ReadonlyMap<string, () => void>>();

  constructor(options: OnlineSearchesOptions) {
    this.#options = options;
  }

  /** Brings the watches into line with how a wish stands. */
  update(wish: LiveWish): void {
    const before = this.#watched.get(wish) ?? new Map<string, () => void>();
    const wanted = new Set(wish.wanted ? wish.spec.whenOnline : []);
    const after = new Map([...wanted].map((user) => [user, before.get(user) ?? this.#options.watch(user)]));
    for (const [user, undo] of before) if (!wanted.has(user)) undo();
    if (after.size > 0) this.#watched.set(wish, after);
    else this.#watched.delete(wish);
    for (const user of wish.stored.doc.online.keys())
      if (!wanted.has(user) && wish.wanted) wish.stored.doc.online.delete(user);
  }

  /** After a login everybody who is there has come online as far as anybody can know. */
  status({ user, status, was }: Pick<ClientEvents['user.status'], 'user' | 'status' | 'was'>): void {
    if (status === 'offline' || (was !== undefined && was !== 'offline')) return;
    const now = this.#options.clock.now();
    for (const [wish, users] of this.#watched) {
      if (!users.has(user) || wish.state(now) !== 'active') continue;
      const last = wish.stored.doc.online.get(user);
      const { everyMs = DEFAULT_EVERY_MS } = wish.spec;
      // A clock that was set back must not make them wait for the time it was set back by.
      if (last !== undefined && now < last + everyMs && now >= last) continue;
      this.#options.run(wish, user);
    }
  }

  stop(): void {
    for (const users of this.#watched.values()) for (const undo of users.values()) undo();
    this.#watched.clear();
  }
}
