import type { Timer } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import type { PeerWire, WireType } from './wire.ts';

/** One try to get a connection to somebody, by one way or by both. */
export class Attempt {
  readonly user: string;
  readonly type: WireType;
  readonly token: number;
  /** The direct way may still work. */
  direct: boolean;
  /** The server's way may still work: neither pierced nor refused. */
  indirect: boolean;
  /** Fires when the server's way has taken too long. */
  expiry: Timer | undefined;
  #wire: PeerWire | undefined;
  #result: Deferred<PeerWire> = deferred<PeerWire>();

  constructor(user: string, type: WireType, token: number, ways: 'direct' | 'indirect' | 'both') {
    this.user = user;
    this.type = type;
    this.token = token;
    this.direct = ways !== 'indirect';
    this.indirect = ways !== 'direct';
    this.#quiet();
  }

  /** Settles when a way worked, or none did. */
  get result(): Promise<PeerWire> {
    return this.#result.promise;
  }

  /** The first connection that came of it. */
  get wire(): PeerWire | undefined {
    return this.#wire;
  }

  won(wire: PeerWire): void {
    this.#wire = wire;
    this.#result.resolve(wire);
  }

  /** Neither way is open any more. */
  get lost(): boolean {
    return !this.direct && !this.indirect && this.#wire === undefined;
  }

  fail(why: string): void {
    this.#result.reject(new Error(`No connection to ${this.user}: ${why}`));
  }

  /** The connection is gone; whoever asks again waits for the way that is still open. */
  waitAgain(): void {
    this.#wire = undefined;
    this.#result = deferred<PeerWire>();
    this.#quiet();
  }

  /** A failure that nobody waits for is no error of the program. */
  #quiet(): void {
    this.#result.promise.catch(() => {});
  }
}
