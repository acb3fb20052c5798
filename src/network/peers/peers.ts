import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { InitMessage, InitMessageOf, ServerResponseOf } from '../../protocol/index.ts';
import type { ServerLink } from '../server-link.ts';
import type { Users } from '../users/users.ts';
import { type Abuse, AbuseCounters } from './abuse.ts';
import { AddressBook } from './address-book.ts';
import type { Attempt } from './attempt.ts';
import { Deadlines } from './deadlines.ts';
import { Dialer, owe } from './dialer.ts';
import { Greeter } from './greeter.ts';
import { Link, type LinkHost } from './link.ts';
import { LinkTable } from './link-table.ts';
import { isPeerName, isPeerType } from './names.ts';
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
import type { PeerSocket } from './peer-socket.ts';
import { type OpenPorts, type PortOptions, Ports } from './ports.ts';
import { type PeersSnapshot, snapshotOf } from './snapshot.ts';
import { Twins } from './twins.ts';
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

/** Connections with peers: the ports where they reach us, our ways to them, and the budgets of both. */
export class Peers implements PeerNetwork {
  readonly limits: PeerLimits;
  readonly #options: PeersOptions;
  readonly #deadlines: Deadlines;
  readonly #abuse = new AbuseCounters();
  readonly #host: LinkHost;
  readonly #table: LinkTable;
  readonly #book: AddressBook;
  readonly #greeter: Greeter;
  readonly #dialer: Dialer;
  readonly #twins: Twins;
  readonly #ports: Ports;
  readonly #takers = new Map<PeerType, LinkTaker>();
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
    this.#twins = new Twins(clock, limits.twinMs);
    const onLearn = (user: string, address: DialAddress) => this.#learned(user, address.host);
    const book = new AddressBook({ users, clock, lifeMs: limits.addressMs, onLearn });
    this.#book = book;
    const verifier = new Verifier(book, limits.verifying);
    this.#partial = new PartialBudget(limits.partialBytes, this.#table);
    this.#host = {
      clock,
      random,
      log,
      limits,
      deadlines,
      abuse,
      verify: (asked) => verifier.verify(asked),
      revived: (revived) => this.#table.revived(revived),
      finished: (finished) => this.#finished(finished),
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
      greeted: (socket, init) => this.#greeted(socket, init),
    });
    this.#dialer = new Dialer({
      link,
      book,
      clock,
      random,
      transport,
      log,
      limits,
      deadlines,
      preferObfuscated: options.preferObfuscated ?? false,
      opened: (socket, attempt, incoming) => this.#opened(socket, attempt, incoming),
      late: (socket, user) => this.#late(socket, user),
      refuse: (user, token) => this.#refuse(user, token),
    });
    this.#ports = new Ports({
      transport,
      log,
      accept: (connection, obfuscated) => this.#greeter.accept(connection, obfuscated),
    });
    link.on('ConnectToPeer', (message) => this.#invited(message));
    link.on('CantConnectToPeer', ({ token }) => this.#dialer.cannot(token));
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
    if (this.#takers.has(type)) throw new Error(`Connections of type ${type} have a taker already`);
    const own = typeof taker === 'function' ? { take: taker } : taker;
    this.#takers.set(type, own);
    return () => {
      if (this.#takers.get(type) === own) this.#takers.delete(type);
    };
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

  #greeted(socket: PeerSocket, init: InitMessage): void {
    if (init.type === 'PeerInit') this.#knocked(socket, init);
    else if (!this.#dialer.pierced(socket, init.token)) this.#turnAway(socket, 'unknown-token');
  }

  #turnAway(socket: PeerSocket, kind: Abuse): void {
    this.#abuse.count(kind);
    socket.connection.destroy();
  }

  /** A peer opened a connection and says who it is. */
  #knocked(socket: PeerSocket, { username: user, connectionType: type }: InitMessageOf<'PeerInit'>): void {
    if (!isPeerName(user)) this.#turnAway(socket, 'bad-name');
    else if (user === this.#options.link.username) this.#turnAway(socket, 'own-name');
    else if (!isPeerType(type)) this.#turnAway(socket, 'bad-type');
    else if (!this.#takers.has(type)) this.#turnAway(socket, 'unwanted');
    else {
      const verified = this.#book.peek(user)?.host === socket.remote.host;
      this.#arrived(new Link(this.#host, { socket, user, type, verified, incoming: true, knocked: true }));
    }
  }

  #arrived(link: Link): void {
    const { user, type } = link;
    const before = this.#table.primary(user, type, type === 'P' ? undefined : true);
    const contested = type !== 'F' && before?.verified === true && !link.verified;
    if (type === 'D' && contested) {
      void link.verify().then((proven) => {
        if (proven && !link.closed) this.#arrived(link);
        else this.#impostor(link);
      });
      return;
    }
    if (type === 'D') before?.close('the peer opened another');
    if (!this.#admit(link)) return;
    if (contested) {
      void link.verify().then((proven) => {
        if (!proven) this.#abuse.count('unproven-duplicate');
      });
    }
    if (this.#give(link) && link.verified) this.#dialer.reached(link);
  }

  #impostor(link: Link): void {
    this.#abuse.count('unproven-duplicate');
    link.destroy('its name is not proven, and another connection has it');
  }

  /** A connection of ours is made, or one that a peer asked us for. */
  #opened(socket: PeerSocket, { user, type }: Attempt, incoming: boolean): Link | undefined {
    const link = new Link(this.#host, { socket, user, type, verified: true, incoming, knocked: false });
    if (type === 'D') this.#table.primary(user, type, incoming)?.close('there is a newer one');
    if (!this.#admit(link)) return undefined;
    if (type !== 'P' && !incoming) return link;
    return this.#give(link) ? link : undefined;
  }

  /** A second connection for what had one already. */
  #late(socket: PeerSocket, user: string): void {
    const link = new Link(this.#host, {
      socket,
      user,
      type: 'P',
      verified: true,
      incoming: false,
      knocked: false,
    });
    if (this.#admit(link)) this.#give(link);
  }

  /** Finds a place for the link among those of its user. */
  #admit(link: Link): boolean {
    if (link.type === 'P') {
      const others = this.#table.of(link.user).filter(({ type }) => type === 'P');
      if (others.length >= this.limits.perUser) {
        this.#abuse.count('too-many-of-user');
        const oldest = others.find(
          ({ role, verified }) => role !== 'primary' && (link.verified || !verified),
        );
        if (oldest === undefined) {
          link.destroy('too many connections of one user');
          return false;
        }
        oldest.destroy('too many connections of one user');
      }
    }
    this.#table.add(link);
    return true;
  }

  #give(link: Link): boolean {
    let taken = false;
    try {
      // Without a taker a P link that we wanted goes to those who asked for it.
      taken = this.#takers.get(link.type)?.take(link) ?? !link.incoming;
    } catch (error) {
      this.#options.log.error('a connection could not be dealt with', { user: link.user, error });
    }
    if (taken) return !link.closed;
    this.#abuse.count('unwanted');
    link.destroy('nobody here takes it');
    return false;
  }

  /** A peer asks, through the server, that we connect to it. */
  #invited(message: ServerResponseOf<'ConnectToPeer'>): void {
    const { username: user, connectionType: type, token, ip: host, port } = message;
    if (this.#closed) return;
    if (!isPeerName(user) || !isPeerType(type) || user === this.#options.link.username) {
      this.#abuse.count('bad-invitation');
      return;
    }
    const obfuscatedPort = (message.obfuscationType ?? 0) > 0 ? (message.obfuscatedPort ?? 0) : 0;
    const address: DialAddress = { host, port, obfuscatedPort };
    this.#book.learn(user, address);
    const taker = this.#takers.get(type);
    const open = type === 'F' ? undefined : this.#table.primary(user, type, type === 'P' ? undefined : true);
    if (open?.verified === true) this.#owe(open, token);
    else if (taker === undefined || taker.willing?.(user) === false) this.#refuse(user, token);
    else if (type === 'P' && !this.#dialer.wants(user) && this.#twins.has(user, host)) {
      this.#refuse(user, token);
    } else this.#dialer.invited(user, type, token, address);
  }

  #owe(link: Link, token: number): void {
    owe(link, token);
    // Only a client gone wrong asks so often for what it has.
    if (link.owed!.length > 16) this.#refuse(link.user, link.owed!.shift()!);
  }

  /** "Cannot connect": nobody waits for what comes of it. [Nicotine+ keeps the peer's other messages back until it comes] */
  #refuse(username: string, token: number): void {
    const { link, clock } = this.#options;
    if (link.state.name !== 'online') return;
    const expiresAt = clock.now() + this.limits.indirectMs;
    void link.send(
      { type: 'CantConnectToPeer', token, username },
      { kind: 'housekeeping' },
      { priority: 'bulk', expiresAt },
    );
  }

  #finished(link: Link): void {
    if (link.knocked) this.#twins.add(link.user, link.remote.host);
    if (!link.verified) return;
    // What the peer opened to us by another way was for the same result.
    for (const other of this.#table.of(link.user)) {
      if (other !== link && other.type === 'P' && other.verified && !other.heard) {
        other.idleAfter(this.limits.finishedMs);
      }
    }
  }

  #ended(link: Link): void {
    this.#table.remove(link);
    if (link.owed === undefined) return;
    const heir = this.#table.primary(link.user, link.type, link.type === 'P' ? undefined : link.incoming);
    for (const token of link.owed.splice(0)) {
      if (heir?.verified === true) owe(heir, token);
      else this.#refuse(link.user, token);
    }
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

  #lost(why: string): void {
    this.#dialer.failAll('session-lost', why, false);
    for (const link of this.#table) link.owed = undefined;
    this.#book.clear();
    this.#twins.clear();
  }
}
