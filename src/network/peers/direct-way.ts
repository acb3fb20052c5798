import type { Random } from '../../platform/random.ts';
import type { Connection, Transport } from '../../platform/transport.ts';
import type { InitMessage } from '../../protocol/index.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { AddressBook, Whereabouts } from './address-book.ts';
import type { Attempt } from './attempt.ts';
import type { DialQueue } from './dial-queue.ts';
import { dialTarget, initBytes } from './dial-target.ts';
import type { DialAddress } from './peer-link.ts';
import type { PeerLimits } from './peer-options.ts';
import { PeerSocket } from './peer-socket.ts';

export interface DirectWayOptions {
  readonly username: () => string;
  readonly book: Pick<AddressBook, 'peek' | 'ask' | 'forget'>;
  readonly random: Random;
  readonly transport: Transport;
  readonly limits: PeerLimits;
  readonly queue: DialQueue;
  /** Whether to dial obfuscated where a peer offers both, for type P. */
  readonly preferObfuscated: boolean;
  /** `pierced`: it began with the latest of the attempt's tokens, which is used up. */
  readonly connected: (attempt: Attempt, socket: PeerSocket, pierced: boolean) => void;
  readonly failed: (attempt: Attempt) => void;
  /** The server says that there is no such user online. */
  readonly offline: (attempt: Attempt) => void;
}

/** Dialling a peer at its address, which the server is asked for if need be. Keeps count of the sockets in the queue's budgets. */
export class DirectWay {
  readonly #options: DirectWayOptions;

  constructor(options: DirectWayOptions) {
    this.#options = options;
  }

  /** Takes a place in the budgets. `question`: how to ask for the address. */
  begin(attempt: Attempt, question: SendOptions): void {
    const { book, queue } = this.#options;
    queue.opening();
    attempt.direct = 'asking';
    const address = attempt.address ?? book.peek(attempt.user);
    if (address !== undefined) this.dial(attempt, address);
    else void book.ask(attempt.user, question).then((where) => this.#located(attempt, where));
  }

  /** Dials an attempt that asks for its address. */
  dial(attempt: Attempt, address: DialAddress): void {
    const { transport, limits } = this.#options;
    const target = dialTarget(attempt.type, address, this.#options.preferObfuscated);
    attempt.address = address;
    if (target === undefined) {
      this.#fail(attempt);
      return;
    }
    const { host, port, obfuscated } = target;
    const abort = new AbortController();
    attempt.direct = 'dialling';
    attempt.abort = abort;
    transport.connect({ host, port, timeoutMs: limits.dialMs, signal: abort.signal }).then(
      (connection) => this.#connected(attempt, abort, connection, obfuscated),
      () => this.#notConnected(attempt, abort),
    );
  }

  /** It is not wanted any more. A dial under way frees its place when it has really ended. */
  cancel(attempt: Attempt): void {
    if (attempt.direct === 'asking') this.#options.queue.unopened();
    attempt.direct = 'idle';
    attempt.abort?.abort();
  }

  #located(attempt: Attempt, where: Whereabouts): void {
    if (attempt.state !== 'running' || attempt.direct !== 'asking') return;
    if (where === 'offline') this.#options.offline(attempt);
    else if (where === 'unknown') this.#fail(attempt);
    else this.dial(attempt, where);
  }

  #connected(attempt: Attempt, abort: AbortController, connection: Connection, obfuscated: boolean): void {
    const { queue, username, random, connected } = this.#options;
    queue.opened();
    const socket = new PeerSocket(connection, { accepted: false, obfuscated, onGone: () => queue.closed() });
    if (attempt.state === 'done' || attempt.abort !== abort) {
      connection.destroy();
      return;
    }
    attempt.abort = undefined;
    attempt.direct = 'idle';
    // Tokens are answered by the latest: older ones may be forgotten on the other side. If we have something to say our
    // name is safer than any token, which the peer forgets when another way wins.
    const token = attempt.waiters.length > 0 ? undefined : attempt.tokens.pop();
    const init: InitMessage =
      token === undefined
        ? { type: 'PeerInit', username: username(), connectionType: attempt.type, token: 0 }
        : { type: 'PierceFireWall', token };
    connection.write(initBytes(init, obfuscated, random));
    connected(attempt, socket, token !== undefined);
  }

  #notConnected(attempt: Attempt, abort: AbortController): void {
    const { book, queue } = this.#options;
    if (attempt.state === 'done' || attempt.abort !== abort) {
      queue.unopened();
      queue.pump();
      return;
    }
    attempt.abort = undefined;
    book.forget(attempt.user);
    this.#fail(attempt);
  }

  #fail(attempt: Attempt): void {
    this.#options.queue.unopened();
    attempt.direct = 'failed';
    this.#options.failed(attempt);
  }
}
