import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { ServerLink } from '../server-link.ts';
import type { Users } from '../users/users.ts';
import { AbuseCounters } from './abuse.ts';
import { AddressBook } from './address-book.ts';
import { Arrivals } from './arrivals.ts';
import { Deadlines } from './deadlines.ts';
import { Dialer } from './dialer.ts';
import { Greeter } from './greeter.ts';
import { Invitations } from './invitations.ts';
import type { Link, LinkHost } from './link.ts';
import { LinkTable } from './link-table.ts';
import { isPeerName } from './names.ts';
import { PartialBudget } from './partial-budget.ts';
import {
  type ConnectOptions,
  type DialAddress,
  type LinkTaker,
  PeerError,
  type PeerLink,
  type PeerNetwork,
  type PeerType,
} from './peer-link.ts';
import { acceptedBudget, defaultPeerLimits, type PeerLimits } from './peer-options.ts';
import { type OpenPorts, type PortOptions, Ports } from './ports.ts';
import { type PeersSnapshot, snapshotOf } from './snapshot.ts';
import { Verifier } from './verifier.ts';

export interface PeersOptions {
  readonly link: ServerLink;
  readonly users: Pick<Users, 'address'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly log: Log;
  /** How many descriptors the process may have: two thirds of them may be accepted connections. @default unlimited */
  readonly descriptors?: number;
  /** What differs from the defaults. */
  readonly limits?: Partial<PeerLimits>;
  /** Whether to dial obfuscated where a peer offers both; only for type P. @default false, as aioslsk */
  readonly preferObfuscated?: boolean;
}

/** Status of a user who is gone. */
const OFFLINE = 0;

/** Connections with peers: the ports where they reach us, our ways to them, and the budgets of both. */
export class Peers implements PeerNetwork {
  readonly limits: PeerLimits;
  readonly #options: PeersOptions;
  readonly #deadlines: Deadlines;
  readonly #abuse = new AbuseCounters();
  readonly #table: LinkTable;
  readonly #book: AddressBook;
  readonly #greeter: Greeter;
  readonly #dialer: Dialer;
  readonly #arrivals: Arrivals;
  readonly #invitations: Invitations;
  readonly #ports: Ports;
  readonly #partial: PartialBudget;
  #closed = false;

  constructor(options: PeersOptions) {
    const { link, users, clock, random, transport, log } = options;
    this.#options = options;
    const limits = {
      ...defaultPeerLimits,
      accepted: acceptedBudget(options.descriptors),
      ...options.limits,
    };
    this.limits = limits;
    const deadlines = new Deadlines(clock);
    const abuse = this.#abuse;
    this.#deadlines = deadlines;
    this.#table = new LinkTable(() => link.username, limits.raceMs);
    const onLearn = (user: string, address: DialAddress) => this.#learned(user, address.host);
    const book = new AddressBook({ users, clock, lifeMs: limits.addressMs, onLearn });
    this.#book = book;
    const verifier = new Verifier(book, limits.verifying);
    this.#partial = new PartialBudget(limits.partialBytes, this.#table);
    const host: LinkHost = {
      clock,
      random,
      log,
      limits,
      deadlines,
      abuse,
      verify: (asked) => verifier.verify(asked),
      revived: (revived) => this.#table.revived(revived),
      finished: (finished) => this.#invitations.finished(finished),
      ended: (ended) => this.#ended(ended),
      holding: (holder, change) =>
        this.#partial.changed(holder, change, (greediest) => {
          abuse.count('hoarding');
          greediest.destroy('it sent too much of a message and not the rest');
        }),
    };
    this.#greeter = new Greeter({
      clock,
      deadlines,
      abuse,
      limits,
      greeted: (socket, init) => this.#arrivals.greeted(socket, init),
    });
    this.#dialer = new Dialer({
      link,
      book,
      clock,
      random,
      transport,
      limits,
      deadlines,
      preferObfuscated: options.preferObfuscated ?? false,
      reachable: () => this.ports.plain !== 0 || this.ports.obfuscated !== 0,
      opened: (socket, attempt, incoming) => this.#arrivals.opened(socket, attempt, incoming),
      late: (socket, user) => this.#arrivals.late(socket, user),
      refuse: (user, token) => this.#invitations.refuse(user, token),
    });
    const dialer = this.#dialer;
    const table = this.#table;
    this.#arrivals = new Arrivals({ username: () => link.username, host, table, book, dialer, log });
    this.#invitations = new Invitations({
      link,
      clock,
      limits,
      abuse,
      table,
      book,
      dialer,
      isWelcome: (user, type) => this.#arrivals.isWelcome(user, type),
    });
    this.#ports = new Ports({
      transport,
      log,
      accept: (connection, obfuscated) => this.#greeter.accept(connection, obfuscated),
    });
    link.on('ConnectToPeer', (message) => {
      if (!this.#closed) this.#invitations.received(message);
    });
    link.on('CantConnectToPeer', ({ token }) => this.#dialer.cannot(token));
    link.on('GetUserStatus', ({ username, status }) => {
      if (status === OFFLINE) book.forget(username);
    });
    link.onLost((why) => this.#lost(why));
  }

  /** Binds the ports. Rejects with a ListenError; then none is bound. */
  open(at: PortOptions): Promise<void> {
    return this.#ports.open(at);
  }

  /** Closes everything; nothing can be connected any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const unbound = this.#ports.close();
    this.#greeter.close();
    this.#dialer.failAll('cancelled', 'the client is stopping', true);
    for (const link of [...this.#table]) link.destroy('the client is stopping');
    await unbound;
  }

  /** The ports that are bound: what SetWaitPort announces. 0: none. */
  get ports(): OpenPorts {
    return this.#ports.bound;
  }

  /** Connections that peers have opened so far. */
  get accepted(): number {
    return this.#ports.accepted;
  }

  connect(user: string, type: PeerType, options: ConnectOptions): Promise<PeerLink> {
    const no = (code: PeerError['code'], why: string) =>
      Promise.reject(new PeerError(code, user, `no ${type} connection with ${user}: ${why}`));
    if (this.#closed || options.signal?.aborted === true) return no('cancelled', 'it is not wanted any more');
    if (user === this.#options.link.username) return no('refused', 'these are we ourselves');
    if (!isPeerName(user)) return no('refused', 'nobody can have that name');
    const open = type === 'F' ? undefined : this.#table.primary(user, type, false);
    if (open?.verified === true) return Promise.resolve(open);
    if (this.#options.link.state.name !== 'online') return no('session-lost', 'we are not logged in');
    return this.#dialer.connect(user, type, options);
  }

  onIncoming(type: PeerType, taker: LinkTaker | LinkTaker['take']): () => void {
    return this.#arrivals.onIncoming(type, taker);
  }

  /** The proven link of type P with that user, if there is one now. */
  current(user: string): PeerLink | undefined {
    const link = this.#table.primary(user, 'P');
    return link?.verified === true ? link : undefined;
  }

  snapshot(): PeersSnapshot {
    return snapshotOf({
      limits: this.limits,
      greeter: this.#greeter,
      dialer: this.#dialer,
      table: this.#table,
      abuse: this.#abuse,
      addresses: this.#book.size,
      deadlines: this.#deadlines.size,
      heldBytes: this.#partial.bytes,
    });
  }

  /** The server said where the user is: who claims that name from there is that user. */
  #learned(user: string, host: string): void {
    for (const link of [...this.#table.of(user)]) {
      if (link.verified || link.closed || link.remote.host !== host) continue;
      link.verified = true;
      this.#table.proven(link);
      this.#dialer.reached(link);
    }
  }

  #ended(link: Link): void {
    this.#table.remove(link);
    this.#invitations.ended(link);
  }

  #lost(why: string): void {
    this.#dialer.failAll('session-lost', why, false);
    this.#invitations.forget();
    this.#book.clear();
  }
}
