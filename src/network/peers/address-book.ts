import type { Clock } from '../../platform/clock.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { Users } from '../users/users.ts';
import type { DialAddress } from './peer-link.ts';

/** Addresses kept at a time; the oldest is forgotten. */
const MAX_ADDRESSES = 4096;

/** What the server said of a user's whereabouts. `unknown`: nothing in time. */
export type Whereabouts = DialAddress | 'offline' | 'unknown';

/** Where users listen, as the server said: for some minutes also of those whose going offline nobody tells us of. */
export class AddressBook {
  readonly #users: Pick<Users, 'address'>;
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #onLearn: (user: string, address: DialAddress) => void;
  readonly #known = new Map<string, { readonly address: DialAddress; readonly until: number }>();

  constructor(options: {
    users: Pick<Users, 'address'>;
    clock: Clock;
    lifeMs: number;
    /** Called for each address that the server gives. */
    onLearn: (user: string, address: DialAddress) => void;
  }) {
    this.#users = options.users;
    this.#clock = options.clock;
    this.#lifeMs = options.lifeMs;
    this.#onLearn = options.onLearn;
  }

  get size(): number {
    return this.#known.size;
  }

  /** What is known without asking. */
  peek(user: string): DialAddress | undefined {
    const entry = this.#known.get(user);
    if (entry === undefined) return undefined;
    if (this.#clock.monotonic() < entry.until) return entry.address;
    this.#known.delete(user);
    return undefined;
  }

  /** The server said so. */
  learn(user: string, address: DialAddress): void {
    this.#known.delete(user);
    this.#known.set(user, { address, until: this.#clock.monotonic() + this.#lifeMs });
    if (this.#known.size > MAX_ADDRESSES) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest!);
    }
    this.#onLearn(user, address);
  }

  /** Nobody answers there. */
  forget(user: string): void {
    this.#known.delete(user);
  }

  clear(): void {
    this.#known.clear();
  }

  /** Asks the server, whatever is known. Never rejects. */
  async ask(user: string, options: SendOptions): Promise<Whereabouts> {
    const answer = await this.#users.address(user, options);
    if (answer.state === 'unknown') return 'unknown';
    if (answer.state === 'offline') {
      this.forget(user);
      return 'offline';
    }
    const address: DialAddress = {
      host: answer.ip,
      port: answer.port,
      ...(answer.obfuscated && { obfuscatedPort: answer.obfuscated.port }),
    };
    // A port of 0: the server does not know it yet, so it is worth asking again.
    if (isPort(address.port) || isPort(address.obfuscatedPort)) this.learn(user, address);
    else this.#onLearn(user, address);
    return address;
  }
}

/** Whether there is something to dial. [Nicotine+ skips 0 and above 65535] */
export const isPort = (port: number | undefined): port is number =>
  port !== undefined && port > 0 && port <= 65_535;
