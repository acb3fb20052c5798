import type { Log } from '../log.ts';
import { nullLog } from '../null-log.ts';
import type { Platform } from '../platform.ts';
import type { LinkSettings } from './link.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualHttp } from './virtual-http.ts';
import { VirtualMail } from './virtual-mail.ts';
import { VirtualNet } from './virtual-net.ts';

export interface VirtualPlatformOptions {
  /** Everything random follows from it. @default 1 */
  readonly seed?: number | string;
  /** What the clock says first, in milliseconds since the Unix epoch. @default 2026-01-01T00:00:00Z */
  readonly startAt?: number;
  /** @default a log that keeps nothing */
  readonly log?: Log;
  /** Latency and so on between all hosts. @default 1 ms, no jitter, no limit */
  readonly link?: LinkSettings;
  /** Cuts all bytes on connections into random pieces of 1 to this many. @default pieces as they come */
  readonly maxSegment?: number;
}

/** One virtual world. */
export interface VirtualPlatform {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly net: VirtualNet;
  readonly http: VirtualHttp;
  readonly mail: VirtualMail;
  readonly log: Log;
  /**
   * The world as a program on the host with this IPv4 address sees it. Each host has randomness of its own, so that
   * one drawing more does not change the others. Asking twice gives the same object.
   */
  host(ip: string): Platform;
}

/** Makes a virtual world in which any run repeats from its seed. */
export function virtualPlatform(options: VirtualPlatformOptions = {}): VirtualPlatform {
  const clock = new VirtualClock(options.startAt === undefined ? {} : { startAt: options.startAt });
  const random = new SeededRandom(options.seed ?? 1);
  const log = options.log ?? nullLog;
  const http = new VirtualHttp(clock);
  const mail = new VirtualMail(clock);
  const net = new VirtualNet({
    clock,
    random: random.fork('net'),
    ...options.link,
    ...(options.maxSegment === undefined ? {} : { maxSegment: options.maxSegment }),
  });
  const platforms = new Map<string, Platform>();
  const host = (ip: string): Platform => {
    const known = platforms.get(ip);
    if (known !== undefined) return known;
    const machine = net.host(ip);
    const made: Platform = {
      clock,
      random: random.fork(ip),
      transport: machine,
      datagram: machine,
      http,
      mail,
      log,
    };
    platforms.set(ip, made);
    return made;
  };
  return { clock, random, net, http, mail, log, host };
}
