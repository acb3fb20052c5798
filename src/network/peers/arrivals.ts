import type { Log } from '../../platform/log.ts';
import type { InitMessage, InitMessageOf } from '../../protocol/index.ts';
import type { Abuse } from './abuse.ts';
import type { AddressBook } from './address-book.ts';
import type { Attempt } from './attempt.ts';
import type { Dialer } from './dialer.ts';
import { Link, type LinkHost } from './link.ts';
import type { LinkTable } from './link-table.ts';
import { isPeerName, isPeerType } from './names.ts';
import type { LinkTaker, PeerType } from './peer-link.ts';
import type { PeerSocket } from './peer-socket.ts';

export interface ArrivalsOptions {
  readonly username: () => string;
  readonly host: LinkHost;
  readonly table: LinkTable;
  readonly book: Pick<AddressBook, 'peek'>;
  readonly dialer: Pick<Dialer, 'pierced' | 'reached'>;
  readonly log: Log;
}

/** Connections that have just been made, by whichever side: whose they are, whether there is room, and who takes them. */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #host: LinkHost;
  readonly #table: LinkTable;
  readonly #takers = new Map<PeerType, LinkTaker>();

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#table = options.table;
  }

  /** See PeerNetwork. */
  onIncoming(type: PeerType, taker: LinkTaker | LinkTaker['take']): () => void {
    if (this.#takers.has(type)) throw new Error(`Connections of type ${type} have a taker already`);
    const own = typeof taker === 'function' ? { take: taker } : taker;
    this.#takers.set(type, own);
    return () => {
      if (this.#takers.get(type) === own) this.#takers.delete(type);
    };
  }

  /** Whether a connection that this user wants would be taken. */
  isWelcome(user: string, type: PeerType): boolean {
    const taker = this.#takers.get(type);
    return taker !== undefined && taker.willing?.(user) !== false;
  }

  /** A peer connected to us, and this is how it introduces itself. */
  greeted(socket: PeerSocket, init: InitMessage): void {
    if (init.type === 'PeerInit') this.#knocked(socket, init);
    else if (!this.#options.dialer.pierced(socket, init.token)) this.#turnAway(socket, 'unknown-token');
  }

  /** A connection of ours is made, or one that a peer asked us for. Undefined: nobody takes it. */
  opened(socket: PeerSocket, { user, type }: Attempt, incoming: boolean): Link | undefined {
    const link = new Link(this.#host, { socket, user, type, verified: true, incoming, knocked: false });
    if (type === 'D') this.#table.primary(user, type, incoming)?.close('there is a newer one');
    if (!this.#admit(link)) return undefined;
    if (type !== 'P' && !incoming) return link;
    return this.#give(link) ? link : undefined;
  }

  /** A second connection for what had one already. */
  late(socket: PeerSocket, user: string): void {
    const type = 'P';
    const link = new Link(this.#host, {
      socket,
      user,
      type,
      verified: true,
      incoming: false,
      knocked: false,
    });
    if (this.#admit(link)) this.#give(link);
  }

  #turnAway(socket: PeerSocket, kind: Abuse): void {
    this.#host.abuse.count(kind);
    socket.connection.destroy();
  }

  /** A peer opened a connection and says who it is. */
  #knocked(socket: PeerSocket, { username: user, connectionType: type }: InitMessageOf<'PeerInit'>): void {
    if (!isPeerName(user)) this.#turnAway(socket, 'bad-name');
    else if (user === this.#options.username()) this.#turnAway(socket, 'own-name');
    else if (!isPeerType(type)) this.#turnAway(socket, 'bad-type');
    else if (!this.#takers.has(type)) this.#turnAway(socket, 'unwanted');
    else {
      const verified = this.#options.book.peek(user)?.host === socket.remote.host;
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
        if (!proven) this.#host.abuse.count('unproven-duplicate');
      });
    }
    // A child that reads on both what it is told at first forgets all of it with the older one. [observed of Nicotine+]
    if (type === 'D' && before !== undefined) before.afterPeer(() => this.#hand(link));
    else this.#hand(link);
  }

  #hand(link: Link): void {
    if (!link.closed && this.#give(link) && link.verified) this.#options.dialer.reached(link);
  }

  #impostor(link: Link): void {
    this.#host.abuse.count('unproven-duplicate');
    link.destroy('its name is not proven, and another connection has it');
  }

  /** Finds a place for the link among those of its user. */
  #admit(link: Link): boolean {
    if (link.type === 'P') {
      const others = this.#table.of(link.user).filter(({ type }) => type === 'P');
      if (others.length >= this.#host.limits.perUser) {
        this.#host.abuse.count('too-many-of-user');
        const leaving = whoLeaves(others, link);
        if (leaving === undefined) {
          link.destroy('too many connections of one user');
          return false;
        }
        leaving.destroy('too many connections of one user');
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
    this.#host.abuse.count('unwanted');
    link.destroy('nobody here takes it');
    return false;
  }
}

/**
 * Who makes room for a newcomer under the same name: the oldest that is only read, from the newcomer's address if there is
 * one, so that somebody who borrows the name cannot push out its owner. Nobody proven for somebody who is not.
 */
function whoLeaves(others: readonly Link[], link: Link): Link | undefined {
  const able = others.filter(({ role, verified }) => role !== 'primary' && (link.verified || !verified));
  return able.find(({ remote }) => remote.host === link.remote.host) ?? able[0];
}
