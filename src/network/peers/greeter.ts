import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/transport.ts';
import { decodeInitMessage, type InitMessage } from '../../protocol/index.ts';
import type { Abuse, AbuseCounters } from './abuse.ts';
import type { Deadlines, Due } from './deadlines.ts';
import type { PeerLimits } from './peer-options.ts';
import { PeerSocket, type SocketOwner } from './peer-socket.ts';

export interface GreeterOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly abuse: AbuseCounters;
  readonly limits: PeerLimits;
  /** An init message came in time; whoever takes the socket becomes its owner or destroys it. */
  readonly greeted: (socket: PeerSocket, init: InitMessage) => void;
}

/** Accepts connections within the budgets and waits for their init messages. */
export class Greeter {
  readonly #options: GreeterOptions;
  readonly #perHost = new Map<string, number>();
  readonly #greetings = new Set<Greeting>();
  #open = 0;
  #peak = 0;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Accepted connections that are open, also those that wait for their init message. */
  get open(): number {
    return this.#open;
  }

  /** Most that were ever open at a time. */
  get peak(): number {
    return this.#peak;
  }

  /** Those that wait for their init message. */
  get waiting(): number {
    return this.#greetings.size;
  }

  /** Open connections by the address they came from. */
  get perHost(): ReadonlyMap<string, number> {
    return this.#perHost;
  }

  accept(connection: Connection, obfuscated: boolean): void {
    const { limits } = this.#options;
    const { host } = connection.remote;
    const ofHost = this.#perHost.get(host) ?? 0;
    if (this.#open >= limits.accepted) this.#refuse(connection, 'too-many');
    else if (ofHost >= limits.acceptedPerHost && !host.startsWith('127.')) {
      this.#refuse(connection, 'too-many-of-host');
    } else {
      this.#open += 1;
      this.#peak = Math.max(this.#peak, this.#open);
      this.#perHost.set(host, ofHost + 1);
      const onGone = () => this.#released(host);
      const socket = new PeerSocket(connection, { accepted: true, obfuscated, onGone });
      const greeting = new Greeting(this.#options, this.#greetings, socket);
      this.#greetings.add(greeting);
      socket.ownedBy(greeting);
    }
  }

  /** Closes all that wait for their init message. */
  close(): void {
    for (const greeting of [...this.#greetings]) greeting.refuse();
  }

  #refuse(connection: Connection, kind: Abuse): void {
    this.#options.abuse.count(kind);
    connection.start({ onData: () => {}, onClose: () => {} });
    connection.destroy();
  }

  #released(host: string): void {
    this.#open -= 1;
    const left = this.#perHost.get(host)! - 1;
    if (left === 0) this.#perHost.delete(host);
    else this.#perHost.set(host, left);
  }
}

/** One accepted connection before its init message. */
class Greeting implements SocketOwner, Due {
  dueAt = 0;
  slot = -1;
  readonly #options: GreeterOptions;
  readonly #all: Set<Greeting>;
  readonly #socket: PeerSocket;

  constructor(options: GreeterOptions, all: Set<Greeting>, socket: PeerSocket) {
    this.#options = options;
    this.#all = all;
    this.#socket = socket;
    options.deadlines.set(this, options.clock.monotonic() + options.limits.initMs);
  }

  received(chunk: Uint8Array): void {
    const { splitter } = this.#socket;
    splitter.push(chunk);
    const frame = splitter.next();
    if (frame === undefined) return;
    const init = frame.ok ? decodeInitMessage(frame.body) : undefined;
    if (init?.ok === true) {
      this.#leave();
      this.#options.greeted(this.#socket, init.message);
    } else this.refuse('bad-init');
  }

  drained(): void {}

  gone(): void {
    if (this.slot < 0) return;
    this.#options.abuse.count('no-init');
    this.#leave();
  }

  due(): void {
    this.refuse('slow-init');
  }

  refuse(kind?: Abuse): void {
    if (kind !== undefined) this.#options.abuse.count(kind);
    this.#leave();
    this.#socket.connection.destroy();
  }

  #leave(): void {
    this.#options.deadlines.clear(this);
    this.#all.delete(this);
  }
}
