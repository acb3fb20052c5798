import type { Clock } from '../../platform/clock.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { ServerLink } from '../server-link.ts';
import type { AbuseCounters } from './abuse.ts';
import type { AddressBook } from './address-book.ts';
import type { Dialer } from './dialer.ts';
import type { Link } from './link.ts';
import type { LinkTable } from './link-table.ts';
import { isPeerName, isPeerType } from './names.ts';
import { owe } from './owe.ts';
import type { DialAddress, PeerType } from './peer-link.ts';
import type { PeerLimits } from './peer-options.ts';
import { Twins } from './twins.ts';

export interface InvitationsOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly limits: PeerLimits;
  readonly abuse: AbuseCounters;
  readonly table: LinkTable;
  readonly book: Pick<AddressBook, 'learn'>;
  readonly dialer: Pick<Dialer, 'wants' | 'invited'>;
  /** Whether a connection that this user wants would be taken. */
  readonly isWelcome: (user: string, type: PeerType) => boolean;
}

/**
 * Peers that ask us, through the server, to connect to them. Who has such a connection already is not dialled; but as the
 * peer may wait for an answer [observed of Nicotine+], it gets one when that connection ends.
 */
export class Invitations {
  readonly #options: InvitationsOptions;
  readonly #twins: Twins;

  constructor(options: InvitationsOptions) {
    this.#options = options;
    this.#twins = new Twins(options.clock, options.limits.twinMs);
  }

  received(message: ServerResponseOf<'ConnectToPeer'>): void {
    const { table, book, dialer, abuse, link } = this.#options;
    const { username: user, connectionType: type, token, ip: host, port } = message;
    if (!isPeerName(user) || !isPeerType(type) || user === link.username) {
      abuse.count('bad-invitation');
      return;
    }
    const obfuscatedPort = (message.obfuscationType ?? 0) > 0 ? (message.obfuscatedPort ?? 0) : 0;
    const address: DialAddress = { host, port, obfuscatedPort };
    book.learn(user, address);
    const open = type === 'F' ? undefined : table.primary(user, type, type === 'P' ? undefined : true);
    if (open?.verified === true) this.#owe(open, token);
    else if (!this.#options.isWelcome(user, type) || (type === 'P' && this.#isTwin(user, host)))
      this.refuse(user, token);
    else dialer.invited(user, type, token, address);
  }

  /** "Cannot connect": nobody waits for what comes of it. [Nicotine+ keeps the peer's other messages back until it comes] */
  refuse(username: string, token: number): void {
    const { link, clock, limits } = this.#options;
    if (link.state.name !== 'online') return;
    const expiresAt = clock.now() + limits.indirectMs;
    void link.send(
      { type: 'CantConnectToPeer', token, username },
      { kind: 'housekeeping' },
      { priority: 'bulk', expiresAt },
    );
  }

  /** A link brought its result. */
  finished(link: Link): void {
    if (link.knocked) this.#twins.add(link.user, link.remote.host);
    if (!link.verified) return;
    // What the peer opened to us by another way was for the same result.
    for (const other of this.#options.table.of(link.user)) {
      if (other !== link && other.type === 'P' && other.verified && !other.heard) {
        other.idleAfter(this.#options.limits.finishedMs);
      }
    }
  }

  /** A link is gone: what it served is answered, unless another has taken its place. */
  ended(link: Link): void {
    if (link.owed === undefined) return;
    const incoming = link.type === 'P' ? undefined : link.incoming;
    const heir = this.#options.table.primary(link.user, link.type, incoming);
    for (const token of link.owed.splice(0)) {
      if (heir?.verified === true) owe(heir, token);
      else this.refuse(link.user, token);
    }
  }

  /** The session is over: nobody waits for answers, and tokens mean nothing any more. */
  forget(): void {
    for (const link of this.#options.table) link.owed = undefined;
    this.#twins.clear();
  }

  /** It comes late, for a result that is here already. */
  #isTwin(user: string, host: string): boolean {
    return !this.#options.dialer.wants(user) && this.#twins.has(user, host);
  }

  #owe(link: Link, token: number): void {
    owe(link, token);
    // Only a client gone wrong asks so often for what it has.
    if (link.owed!.length > 16) this.refuse(link.user, link.owed!.shift()!);
  }
}
