import { PluginError } from '../../../plugins/api/errors.ts';
import type { StoredInvitation } from '../../store/members-rows.ts';
import { type InvitationEvent, isOpen, stepInvitation } from './invitation-steps.ts';
import { keyOf, type MembersContext } from './ports.ts';
import type { Reports } from './reports.ts';
import { isMember } from './standing.ts';
import { endOf } from './texts.ts';
import { WatchedUsers } from './watched-users.ts';

/** Open invitations at most, over all rooms. */
const MAX_OPEN = 2_000;

export interface InvitationOrder {
  readonly room: string;
  readonly user: string;
  readonly by: string;
  readonly why: StoredInvitation['why'];
  readonly ttlMs: number;
  readonly operator?: boolean;
  readonly flag?: string | undefined;
}

export interface InvitationBookOptions extends MembersContext {
  readonly reports: Reports;
  /** Somebody waits for the answer to this one, and is not to be told otherwise. */
  readonly isAwaited: (key: string) => boolean;
}

/** All open invitations, in memory as in the store. Whoever they are for is watched; whoever asked is told how it ended. */
export class InvitationBook {
  readonly #options: InvitationBookOptions;
  readonly #open = new Map<string, StoredInvitation>();
  /** Settled while somebody waited for the answer. */
  readonly #answers = new Map<string, StoredInvitation>();
  readonly #watched: WatchedUsers;

  constructor(options: InvitationBookOptions) {
    this.#options = options;
    this.#watched = new WatchedUsers(options.client.users);
  }

  /** Takes up what an earlier run left. */
  load(stored: readonly StoredInvitation[]): void {
    for (const of of stored) {
      if (isOpen(of)) this.keep(stepInvitation(of, { kind: 'restarted' }, this.#options.clock.now()));
      else this.#report(of);
    }
  }

  close(): void {
    this.#watched.clear();
  }

  get(room: string, user: string): StoredInvitation | undefined {
    return this.#open.get(keyOf(room, user));
  }

  get open(): Iterable<StoredInvitation> {
    return this.#open.values();
  }

  /** A row for the store; {@link keep} it once it is there. */
  make({ ttlMs, operator = false, flag, ...order }: InvitationOrder): StoredInvitation {
    const { client, clock } = this.#options;
    const now = clock.now();
    return {
      ...order,
      at: now,
      expires: now + ttlMs,
      state: 'waiting',
      operator,
      phase: operator && isMember(client, order.room, order.user) ? 'operator' : 'member',
      tries: 0,
      nextAt: now,
      owes: true,
      ...(flag !== undefined && { flag }),
    };
  }

  /** All of them or none. @param what for the log. @throws PluginError `too-many`; StoreError (as rejection). */
  async add(orders: readonly InvitationOrder[], what: string): Promise<readonly StoredInvitation[]> {
    const fresh = orders.filter(({ room, user }) => this.get(room, user) === undefined);
    if (this.#open.size + fresh.length > MAX_OPEN)
      throw new PluginError('too-many', `There may be ${MAX_OPEN} open invitations; withdraw some first`);
    const invitations = orders.map((order) => {
      // Invited anew: they know how to accept it.
      const { toldAt } = this.get(order.room, order.user) ?? {};
      return { ...this.make(order), ...(toldAt !== undefined && { toldAt }) };
    });
    const log = invitations.map(({ room, user, by: actor, at, flag: detail }) => {
      return { at, room, user, actor, what, ...(detail !== undefined && { detail }) };
    });
    await this.#options.commit({ invitations, log });
    for (const of of invitations) this.keep(of);
    return invitations;
  }

  /** Writes the next state of the one that is open now. @throws StoreError (as rejection). */
  async step(room: string, user: string, event: InvitationEvent): Promise<void> {
    const of = this.get(room, user);
    if (of === undefined) return;
    const next = stepInvitation(of, event, this.#options.clock.now());
    if (next === of) return;
    const awaited = this.#options.isAwaited(keyOf(room, user));
    this.keep(next);
    if (!sameButTime(of, next)) await this.#options.commit({ invitations: [next] });
    if (!isOpen(next) && !awaited) this.#report(next);
  }

  /** Somebody came online. */
  online(user: string): void {
    for (const key of this.#watched.invitationsOf(user)) {
      const of = this.#open.get(key);
      if (of !== undefined) this.keep(stepInvitation(of, { kind: 'online' }, this.#options.clock.now()));
    }
  }

  /** The server watches accounts only: it has to be asked anew until there is one. */
  watchAnew(user: string): void {
    this.#watched.renew(user);
  }

  keep(of: StoredInvitation): void {
    const key = keyOf(of.room, of.user);
    if (isOpen(of)) {
      this.#open.set(key, of);
      this.#watched.add(of.user, key);
      return;
    }
    this.#open.delete(key);
    this.#watched.delete(of.user, key);
    if (this.#options.isAwaited(key)) this.#answers.set(key, of);
  }

  /** How it stands, for whoever waited: they need not be told how it ended. */
  async answer(of: StoredInvitation): Promise<StoredInvitation> {
    const key = keyOf(of.room, of.user);
    const latest = this.#open.get(key) ?? this.#answers.get(key) ?? of;
    this.#answers.delete(key);
    if (!isOpen(latest)) await this.#paid(latest);
    return latest;
  }

  #report(of: StoredInvitation): void {
    if (of.owes) this.#options.reports.add(of.by, endOf(of), () => void this.#paid(of));
  }

  /** Nobody is to be told of its end any more. Never rejects. */
  async #paid(of: StoredInvitation): Promise<void> {
    // Invited anew meanwhile: the row is another one.
    if (!of.owes || this.get(of.room, of.user) !== undefined) return;
    try {
      await this.#options.commit({ invitations: [{ ...of, owes: false }] });
    } catch (error) {
      this.#options.log.warn('That somebody was told of an invitation could not be stored', { error });
    }
  }
}

/** Only the time of the next attempt differs: not worth a write, since it is found out again. */
function sameButTime(one: StoredInvitation, other: StoredInvitation): boolean {
  return JSON.stringify({ ...one, nextAt: 0 }) === JSON.stringify({ ...other, nextAt: 0 });
}
