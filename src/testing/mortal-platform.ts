import type { Clock } from '../platform/clock.ts';
import { nullLog } from '../platform/null-log.ts';
import type { Platform } from '../platform/platform.ts';
import type {
  Connection,
  ConnectOptions,
  Listener,
  ListenOptions,
  Transport,
} from '../platform/transport.ts';
import { TransportError } from '../platform/transport.ts';

/** The world as one process sees it, and the end of that process. */
export interface MortalPlatform {
  readonly platform: Platform;
  /** From now on nothing that this process began goes on: its timers are gone, its connections reset, its log silent. */
  kill(): void;
}

/** @param inner the platform of a virtual host. @param crash resets the host's connections and frees its ports. */
export function mortalPlatform(inner: Platform, crash: () => void): MortalPlatform {
  let alive = true;
  const clock: Clock = {
    now: () => inner.clock.now(),
    monotonic: () => inner.clock.monotonic(),
    setTimeout: (run, delayMs) => inner.clock.setTimeout(() => alive && run(), delayMs),
    hold: (why) => inner.clock.hold(why),
  };
  const dead = () => Promise.reject(new TransportError('ABORT_ERR', 'The process has ended'));
  const transport: Transport = {
    connect: (options: ConnectOptions): Promise<Connection> =>
      alive ? inner.transport.connect(options) : dead(),
    listen: (options: ListenOptions, onConnection): Promise<Listener> =>
      alive ? inner.transport.listen(options, onConnection) : dead(),
  };
  const log = new Proxy(inner.log, {
    get: (target, key, receiver) => Reflect.get(alive ? target : nullLog, key, receiver) as unknown,
  });
  return {
    platform: { ...inner, clock, transport, log },
    kill() {
      alive = false;
      crash();
    },
  };
}
