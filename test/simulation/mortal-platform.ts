import type { Clock, Hold, Timer } from '../../src/platform/clock.ts';
import type { Platform } from '../../src/platform/platform.ts';
import {
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Transport,
  TransportError,
} from '../../src/platform/transport.ts';
import type { VirtualHost } from '../../src/platform/virtual/virtual-host.ts';

const NEVER: Timer = { cancel() {} };

/**
 * The world as one process sees it, which can be killed: after that none of its timers fires and it reaches nobody,
 * although its objects are still there.
 */
export class MortalPlatform implements Clock, Transport {
  readonly platform: Platform;
  readonly #clock: Clock;
  readonly #host: VirtualHost;
  #alive = true;

  constructor(platform: Platform, host: VirtualHost) {
    this.#clock = platform.clock;
    this.#host = host;
    this.platform = { ...platform, clock: this, transport: this };
  }

  /** Kills the process: its connections are reset, its ports are free. */
  kill(): void {
    this.#alive = false;
    this.#host.crash();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    if (!this.#alive) return NEVER;
    return this.#clock.setTimeout(() => {
      if (this.#alive) run();
    }, delayMs);
  }

  hold(why: string): Hold {
    return this.#clock.hold(why);
  }

  connect(options: ConnectOptions): Promise<Connection> {
    return this.#alive ? this.#host.connect(options) : Promise.reject(dead());
  }

  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    return this.#alive ? this.#host.listen(options, onConnection) : Promise.reject(dead());
  }
}

const dead = () => new TransportError('ABORT_ERR', 'The process was killed');
