import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { ClientEvents } from '../events.ts';
import type { SendOptions, SendOutcome } from '../governor/traffic.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import type { PeerAddress } from './addresses.ts';
import { Addresses } from './addresses.ts';
import { NO_STATS, sameStats, toStats, toStatus } from './decode.ts';
import { Privileges } from './privileges.ts';
import type { Answer } from './replies.ts';
import { Replies } from './replies.ts';
import type { UserSnapshot, UserStats, UserStatus } from './user.ts';
import { UserRecord } from './user-record.ts';
import { Watches } from './watches.ts';

export interface UsersOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly emitter: Emitter<ClientEvents>;
  /** How long to wait for the server's answer to a question once it left, milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

/** What a room tells about somebody inside. */
export interface RoomUserFacts {
  readonly status: UserStatus;
  readonly stats: UserStats;
  readonly slotsFull: boolean;
  readonly country: string;
}

/** The half of `Users` that rooms use. */
export interface RoomUsers {
  /** The user is in a room that we are in too, so the server reports it without being asked. */
  enteredRoom(room: string, user: string, facts: RoomUserFacts): void;
  leftRoom(room: string, user: string): void;
  inRoom(user: string): RoomUserFacts;
}

/**
 * What is known of other users, and of ourselves. Kept only for ourselves and for users that are watched, share
 * a room with us or are being asked about: everybody else is forgotten at once, so memory stays bounded.
 */
export class Users implements RoomUsers {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #records = new Map<string, UserRecord>();
  readonly #privileges = new Privileges();
  readonly #watches: Watches;
  readonly #addresses: Addresses;
  readonly #status: Replies<true>;
  readonly #stats: Replies<true>;
  readonly #timeLeft: Replies<number>;
  #ownStatus: 'online' | 'away' = 'online';

  constructor(options: UsersOptions) {
    const { link, clock, log, emitter } = options;
    const timeoutMs = options.timeoutMs ?? 10_000;
    this.#link = link;
    this.#clock = clock;
    this.#emitter = emitter;
    this.#status = new Replies(link, clock, timeoutMs);
    this.#stats = new Replies(link, clock, timeoutMs);
    this.#timeLeft = new Replies(link, clock, timeoutMs);
    this.#addresses = new Addresses(link, clock, timeoutMs, (user) => {
      const record = this.#records.get(user);
      return record && (record.watchers > 0 || record.rooms.size > 0) ? record : undefined;
    });
    this.#watches = new Watches(link, clock, log, (user) => (this.#records.get(user)?.watchers ?? 0) > 0);
    this.#listen();
    link.onRestore(RestoreStep.privileges, () => void this.privilegesLeft());
    link.onRestore(RestoreStep.status, () => void this.#sendStatus());
    link.onRestore(RestoreStep.watches, () => {
      for (const record of this.#records.values()) if (record.watchers > 0) this.#watches.start(record.name);
    });
    link.onLost(() => this.#forgetSession());
  }

  /**
   * Subscribes to a user's status until the result is called. Several watches of one user are one subscription.
   * Works while offline: the server is told after the next login.
   */
  watch(user: string): Undo {
    const record = this.#ensure(user);
    record.watchers += 1;
    if (record.watchers === 1) this.#watches.start(user);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      record.watchers -= 1;
      if (record.watchers > 0) return;
      this.#watches.stop(user);
      // Nobody tells us of it any more: what we know would go stale.
      if (record.rooms.size === 0 && user !== this.#link.username) record.forgetSession();
      this.#release(record);
    };
  }

  /** What is known now, without asking. */
  snapshot(user: string): UserSnapshot {
    return (this.#records.get(user) ?? new UserRecord(user)).snapshot(this.#privileges.of(user));
  }

  /** Asks the server for status and statistics as far as they are unknown. What it does not answer in time stays absent. */
  async facts(user: string, options?: SendOptions): Promise<UserSnapshot> {
    const record = this.#ensure(user);
    record.asks += 1;
    const asked: Promise<Answer<true>>[] = [];
    if (record.status === undefined) {
      asked.push(this.#status.ask(user, { type: 'GetUserStatus', username: user }, options));
    }
    if (record.stats === undefined) {
      asked.push(this.#stats.ask(user, { type: 'GetUserStats', username: user }, options));
    }
    await Promise.all(asked);
    const snapshot = record.snapshot(this.#privileges.of(user));
    record.asks -= 1;
    this.#release(record);
    return snapshot;
  }

  /** Where a user's client listens. Remembered for watched users and room mates until they go offline, 30 minutes at most. */
  address(user: string, options?: SendOptions): Promise<PeerAddress> {
    return this.#addresses.of(user, options);
  }

  /** Our own status as the server has it, as far as we can know: it confirms `away` but not the way back [Nicotine+]. */
  get ownStatus(): UserStatus {
    return this.#records.get(this.#link.username)?.status ?? 'offline';
  }

  /** Sets our status, now and after every login. */
  setStatus(status: 'online' | 'away'): Promise<SendOutcome> {
    this.#ownStatus = status;
    return this.#sendStatus();
  }

  /** Seconds of privileges that we have left, 0 for none; undefined without an answer. Also comes as `privileges.left`. */
  async privilegesLeft(options?: SendOptions): Promise<number | undefined> {
    const answer = await this.#timeLeft.ask('', { type: 'CheckPrivileges' }, options);
    return answer.state === 'answered' ? answer.value : undefined;
  }

  /** How many users are kept in memory. */
  get size(): number {
    return this.#records.size;
  }

  enteredRoom(room: string, user: string, facts: RoomUserFacts): void {
    const record = this.#ensure(user);
    record.rooms.add(room);
    record.slotsFull = facts.slotsFull;
    if (facts.country !== '') record.country = facts.country;
    record.exists = true;
    // Somebody new is announced by the room itself; only what contradicts our knowledge is news here.
    if (record.status === undefined) record.status = facts.status;
    else this.#setStatus(record, facts.status, this.#privileges.of(user));
    if (record.stats === undefined) record.stats = facts.stats;
    else this.#setStats(record, facts.stats);
  }

  leftRoom(room: string, user: string): void {
    const record = this.#records.get(user);
    if (!record?.rooms.delete(room)) return;
    if (record.rooms.size === 0 && record.watchers === 0 && user !== this.#link.username)
      record.forgetSession();
    this.#release(record);
  }

  inRoom(user: string): RoomUserFacts {
    const record = this.#records.get(user);
    return {
      status: record?.status ?? 'offline',
      stats: record?.stats ?? NO_STATS,
      slotsFull: record?.slotsFull ?? false,
      country: record?.country ?? '',
    };
  }

  #listen(): void {
    const link = this.#link;
    link.on('WatchUser', (message) => this.#watched(message));
    link.on('GetUserStatus', ({ username, status, privileged }) => {
      this.#status.answer(username, true);
      const record = this.#records.get(username);
      if (record) this.#setStatus(record, toStatus(status), privileged);
      else if (privileged) this.#privileges.set(username, true);
    });
    link.on('GetUserStats', (message) => {
      this.#stats.answer(message.username, true);
      const record = this.#records.get(message.username);
      if (record) this.#setStats(record, toStats(message));
    });
    link.on('PrivilegedUsers', ({ usernames }) => this.#privileges.replace(usernames));
    link.on('AddToPrivileged', ({ username }) => this.#setPrivileged(username, true));
    link.on('UserPrivileged', ({ username, privileged }) => this.#setPrivileged(username, privileged));
    link.on('CheckPrivileges', ({ timeLeft }) => {
      this.#timeLeft.answer('', timeLeft);
      this.#emitter.emit('privileges.left', { seconds: timeLeft, at: this.#clock.now() });
    });
  }

  #watched(message: ServerResponseOf<'WatchUser'>): void {
    const { username: user } = message;
    const record = user === this.#link.username ? this.#ensure(user) : this.#records.get(user);
    if (!record) return;
    record.exists = message.exists;
    if (!message.exists) return;
    if (message.countryCode) record.country = message.countryCode;
    this.#setStats(record, toStats(message));
    this.#setStatus(record, toStatus(message.status), this.#privileges.of(user));
  }

  #setStatus(record: UserRecord, status: UserStatus, privileged: boolean | undefined): void {
    const was = record.status;
    const wasPrivileged = this.#privileges.of(record.name);
    if (privileged !== undefined) this.#privileges.set(record.name, privileged);
    record.status = status;
    if (status === 'offline') record.address = undefined;
    // Merely watched users' statistics are not pushed, and may be new when they come back [Nicotine+].
    if (was === 'offline' && status !== 'offline' && record.watchers > 0 && record.rooms.size === 0) {
      void this.#stats.ask(record.name, { type: 'GetUserStats', username: record.name });
    }
    if (was === status && (wasPrivileged ?? false) === (privileged ?? false)) return;
    if (!this.#isTracked(record)) return;
    this.#emitter.emit('user.status', {
      user: record.name,
      status,
      ...(was !== undefined && { was }),
      privileged: privileged ?? false,
      at: this.#clock.now(),
    });
  }

  #setPrivileged(user: string, privileged: boolean): void {
    const record = this.#records.get(user);
    if (record?.status !== undefined) this.#setStatus(record, record.status, privileged);
    else this.#privileges.set(user, privileged);
  }

  #setStats(record: UserRecord, stats: UserStats): void {
    const same = record.stats !== undefined && sameStats(record.stats, stats);
    record.stats = stats;
    if (same || !this.#isTracked(record)) return;
    this.#emitter.emit('user.stats', { user: record.name, stats, at: this.#clock.now() });
  }

  async #sendStatus(): Promise<SendOutcome> {
    const status = this.#ownStatus;
    const code = status === 'away' ? 1 : 2;
    const outcome = await this.#link.send({ type: 'SetStatus', status: code }, { kind: 'housekeeping' });
    if (outcome.state === 'sent' && this.#link.state.name === 'online') {
      this.#setStatus(this.#ensure(this.#link.username), status, this.#privileges.of(this.#link.username));
    }
    return outcome;
  }

  #forgetSession(): void {
    this.#privileges.clear();
    for (const record of this.#records.values()) {
      record.forgetSession();
      this.#release(record);
    }
  }

  #isTracked(record: UserRecord): boolean {
    return record.watchers > 0 || record.rooms.size > 0 || record.name === this.#link.username;
  }

  #ensure(user: string): UserRecord {
    let record = this.#records.get(user);
    if (!record) {
      record = new UserRecord(user);
      this.#records.set(user, record);
    }
    return record;
  }

  #release(record: UserRecord): void {
    if (record.asks > 0 || this.#isTracked(record)) return;
    this.#privileges.release(record.name);
    if (this.#records.get(record.name) === record) this.#records.delete(record.name);
  }
}
