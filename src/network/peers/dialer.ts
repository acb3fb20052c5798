import { onAbort } from '../../platform/abort.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { Priority, SendOptions } from '../governor/traffic.ts';
import type { ServerLink } from '../server-link.ts';
import type { AddressBook } from './address-book.ts';
import { Attempt, MAX_TOKENS, type Waiter } from './attempt.ts';
import { AttemptTable } from './attempt-table.ts';
import type { Deadlines } from './deadlines.ts';
import { DialQueue } from './dial-queue.ts';
import { DirectWay } from './direct-way.ts';
import type { Link } from './link.ts';
import { owe } from './owe.ts';
import type { ConnectOptions, DialAddress, PeerError, PeerFailure, PeerLink, PeerType } from './peer-link.ts';
import { type PeerLimits, RANKS } from './peer-options.ts';
import type { PeerSocket } from './peer-socket.ts';
import { PierceTokens } from './pierce-tokens.ts';

export interface DialerOptions {
  readonly link: ServerLink;
  readonly book: AddressBook;
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly limits: PeerLimits;
  readonly deadlines: Deadlines;
  /** Whether to dial obfuscated where a peer offers both, for type P. */
  readonly preferObfuscated: boolean;
  /** Whether peers can connect to us at all. */
  readonly reachable: () => boolean;
  /** A connection is made: returns its link, or undefined if nobody takes it (then the socket was destroyed). */
  readonly opened: (socket: PeerSocket, attempt: Attempt, incoming: boolean) => Link | undefined;
  /** A peer pierced after another way had won: what it has sent there already is still read. */
  readonly late: (socket: PeerSocket, user: string) => void;
  /** Tells the peer through the server that we cannot connect to it. */
  readonly refuse: (user: string, token: number) => void;
}

/** What asking the server on behalf of a dial counts as there, by rank. */
const PRIORITIES: readonly Priority[] = ['reply', 'ordinary', 'ordinary', 'bulk'];

/** Connections for transfers that one user may be waiting for at a time: each is an attempt of its own. */
const MAX_TRANSFERS = 16;

/** Makes connections: directly, by asking the peer to connect to us, and because a peer asked us to connect to it. */
export class Dialer {
  readonly queue: DialQueue;
  readonly #options: DialerOptions;
  readonly #attempts = new AttemptTable();
  readonly #tokens: PierceTokens;
  readonly #direct: DirectWay;

  constructor(options: DialerOptions) {
    this.#options = options;
    const { clock, random, limits, deadlines, book, transport } = options;
    this.#tokens = new PierceTokens(clock, random, limits.indirectMs);
    const queue = new DialQueue({ clock, limits, deadlines, start: (attempt) => this.#start(attempt) });
    this.queue = queue;
    this.#direct = new DirectWay({
      username: () => options.link.username,
      book,
      random,
      transport,
      limits,
      queue,
      preferObfuscated: options.preferObfuscated,
      connected: (attempt, socket, pierced) => this.#settle(attempt, socket, pierced),
      failed: (attempt) => this.#directFailed(attempt),
      offline: (attempt) =>
        this.#fail(attempt, 'offline', 'the server says that there is no such user online'),
    });
  }

  /** Attempts that wait or run. */
  get size(): number {
    return this.#attempts.size;
  }

  /** Tokens that a peer may pierce with. */
  get tokens(): number {
    return this.#tokens.size;
  }

  connect(user: string, type: PeerType, options: ConnectOptions): Promise<PeerLink> {
    return new Promise((resolve, reject) => this.#connect(user, type, options, resolve, reject));
  }

  /** Whether a connection of type P with that user is being attempted for ourselves. */
  wants(user: string): boolean {
    return (this.#attempts.find(user, 'P', false)?.waiters.length ?? 0) > 0;
  }

  /** A peer wants us to connect to it. */
  invited(user: string, type: PeerType, token: number, address: DialAddress): void {
    const { clock, limits, refuse } = this.#options;
    if (type === 'F' && this.#attempts.transfersOf(user).length >= MAX_TRANSFERS) {
      refuse(user, token);
      return;
    }
    const known = this.#attempts.find(user, type, true);
    const attempt = known ?? this.#add(user, type, true, RANKS.indexOf(type === 'F' ? 'transfer' : 'answer'));
    if (attempt.tokens.length >= MAX_TOKENS) refuse(user, attempt.tokens.shift()!);
    attempt.tokens.push(token);
    attempt.tokensUntil = clock.monotonic() + limits.indirectMs;
    if (known !== undefined) this.#redirect(attempt, address);
    else {
      attempt.address = address;
      this.#enqueue(attempt);
    }
    if (attempt.state !== 'done') attempt.schedule(this.#options.deadlines);
  }

  /** A peer opened a connection with one of our tokens; returns false if it is none. */
  pierced(socket: PeerSocket, token: number): boolean {
    const attempt = this.#tokens.find(token);
    if (attempt !== undefined) {
      this.#tokens.forget(attempt);
      this.#settle(attempt, socket, false);
      return true;
    }
    const user = this.#tokens.redeem(token);
    if (user !== undefined) this.#options.late(socket, user);
    return user !== undefined;
  }

  /** The peer, or the server for it, says that it cannot connect to us. */
  cannot(token: number): void {
    const attempt = this.#tokens.find(token);
    if (attempt !== undefined) this.#indirectFailed(attempt);
  }

  /** The peer reached us by itself, on a proven link: nothing more needs to be attempted. */
  reached(link: Link): void {
    const { user, type, incoming } = link;
    const attempt =
      type === 'F' ? this.#attempts.transfersOf(user)[0] : this.#attempts.find(user, type, incoming);
    if (attempt === undefined) return;
    this.#tokens.spend(attempt);
    this.#finish(attempt);
    for (const token of attempt.tokens.splice(0)) owe(link, token);
    attempt.resolveAll(link);
    this.queue.pump();
  }

  /** Gives up everything. `tell`: those who asked us to connect to them are told. */
  failAll(code: PeerFailure, why: string, tell: boolean): void {
    for (const attempt of [...this.#attempts]) {
      if (!tell) attempt.tokens.length = 0;
      this.#fail(attempt, code, why);
    }
  }

  #connect(
    user: string,
    type: PeerType,
    options: ConnectOptions,
    resolve: (link: PeerLink) => void,
    reject: (error: PeerError) => void,
  ): void {
    const { clock, deadlines } = this.#options;
    const rank = RANKS.indexOf(options.priority);
    const known = this.#attempts.find(user, type, false);
    const attempt = known ?? this.#add(user, type, false, rank);
    const deadline = clock.monotonic() + options.timeoutMs;
    const waiter: Waiter = { resolve, reject, deadline, forget: () => {} };
    attempt.waiters.push(waiter);
    waiter.forget = onAbort(options.signal, () => {
      attempt.rejectOne(waiter, 'cancelled', 'it is not wanted any more');
      if (attempt.abandoned && attempt.state !== 'done') this.#finish(attempt);
      this.queue.pump();
    });
    if (known === undefined) {
      if (attempt.state === 'done') return;
      attempt.address = options.address;
      this.#enqueue(attempt);
    } else {
      this.queue.raise(attempt, rank);
      if (options.address !== undefined) this.#redirect(attempt, options.address);
      // It ran only because the peer asked for it; now we want it by any way.
      if (attempt.state === 'running' && attempt.indirect === 'off') this.#askPeer(attempt);
    }
    if (attempt.state !== 'done') attempt.schedule(deadlines);
  }

  #add(user: string, type: PeerType, theirs: boolean, rank: number): Attempt {
    const attempt = new Attempt({
      user,
      type,
      theirs,
      rank,
      expire: (late, now) => this.#expire(late, now),
    });
    this.#attempts.add(attempt);
    return attempt;
  }

  #enqueue(attempt: Attempt): void {
    const displaced = this.queue.add(attempt);
    if (displaced !== undefined) this.#fail(displaced, 'over-budget', 'too many connections are waited for');
    this.queue.pump();
  }

  #start(attempt: Attempt): void {
    attempt.state = 'running';
    this.#unpark(attempt);
    if (attempt.waiters.length > 0 && attempt.indirect === 'off') this.#askPeer(attempt);
    this.#direct.begin(attempt, this.#asking(attempt));
  }

  #directFailed(attempt: Attempt): void {
    this.#refuseTokens(attempt);
    if (!this.#failedBothWays(attempt)) {
      attempt.parked = true;
      this.queue.parked += 1;
    }
    this.queue.pump();
  }

  #askPeer(attempt: Attempt): void {
    const { link, clock, limits, deadlines } = this.#options;
    // Nicotine+ would take its own attempt, which cannot succeed, for a connection, and lose what it says there [observed].
    if (!this.#options.reachable()) return;
    const token = this.#tokens.give(attempt);
    attempt.indirect = 'waiting';
    const request = {
      type: 'ConnectToPeer',
      token,
      username: attempt.user,
      connectionType: attempt.type,
    } as const;
    void link.send(request, { kind: 'housekeeping' }, this.#asking(attempt)).then((outcome) => {
      if (this.#tokens.find(token) !== attempt) return;
      if (outcome.state !== 'sent') this.#indirectFailed(attempt);
      else {
        attempt.indirectUntil = clock.monotonic() + limits.indirectMs;
        attempt.schedule(deadlines);
      }
    });
  }

  #indirectFailed(attempt: Attempt): void {
    this.#tokens.forget(attempt);
    attempt.indirect = 'failed';
    attempt.indirectUntil = Number.POSITIVE_INFINITY;
    this.#failedBothWays(attempt);
    this.queue.pump();
  }

  #failedBothWays(attempt: Attempt): boolean {
    if (attempt.direct !== 'failed' || attempt.indirect === 'waiting') return false;
    this.#fail(attempt, 'unreachable', 'it could not be reached, nor could it reach us');
    return true;
  }

  /** An address has become known while the attempt is under way. */
  #redirect(attempt: Attempt, address: DialAddress): void {
    if (attempt.state === 'queued') attempt.address = address;
    else if (attempt.direct === 'asking') this.#direct.dial(attempt, address);
    else if (attempt.direct !== 'failed') return;
    else if (sameAddress(attempt.address, address)) this.#refuseTokens(attempt);
    else {
      attempt.address = address;
      attempt.state = 'queued';
      attempt.direct = 'idle';
      this.#unpark(attempt);
      this.#enqueue(attempt);
    }
  }

  #settle(attempt: Attempt, socket: PeerSocket, incoming: boolean): void {
    this.#tokens.spend(attempt);
    this.#finish(attempt);
    const link = this.#options.opened(socket, attempt, incoming);
    if (link === undefined) {
      this.#refuseTokens(attempt);
      attempt.rejectAll('refused', 'nobody here takes it');
    } else {
      for (const token of attempt.tokens.splice(0)) owe(link, token);
      attempt.resolveAll(link);
    }
    this.queue.pump();
  }

  #expire(attempt: Attempt, now: number): void {
    attempt.rejectLate(now);
    if (attempt.tokens.length > 0 && attempt.tokensUntil <= now) this.#refuseTokens(attempt);
    if (attempt.abandoned) this.#finish(attempt);
    else if (attempt.indirectUntil <= now) this.#indirectFailed(attempt);
    if (attempt.state !== 'done') attempt.schedule(this.#options.deadlines);
    this.queue.pump();
  }

  #fail(attempt: Attempt, code: PeerFailure, why: string): void {
    this.#finish(attempt);
    this.#refuseTokens(attempt);
    attempt.rejectAll(code, why);
  }

  /** It is over: frees what it holds. */
  #finish(attempt: Attempt): void {
    if (attempt.state === 'done') return;
    attempt.state = 'done';
    this.#attempts.remove(attempt);
    this.#tokens.forget(attempt);
    this.#options.deadlines.clear(attempt);
    this.queue.remove(attempt);
    this.#unpark(attempt);
    this.#direct.cancel(attempt);
  }

  #unpark(attempt: Attempt): void {
    if (!attempt.parked) return;
    attempt.parked = false;
    this.queue.parked -= 1;
  }

  #refuseTokens(attempt: Attempt): void {
    for (const token of attempt.tokens.splice(0)) this.#options.refuse(attempt.user, token);
  }

  /** How to ask the server on behalf of it: what comes later is of no use. */
  #asking({ rank, tokensUntil, waiters }: Attempt): SendOptions {
    const { clock } = this.#options;
    const last = Math.max(tokensUntil, ...waiters.map(({ deadline }) => deadline));
    const expiresAt = clock.now() + Math.max(0, last - clock.monotonic());
    return { priority: PRIORITIES[rank]!, expiresAt };
  }
}

const sameAddress = (a: DialAddress | undefined, b: DialAddress): boolean =>
  a?.host === b.host && a.port === b.port && a.obfuscatedPort === b.obfuscatedPort;
