import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { Dialect } from './dialect.ts';
import { DEFAULT_FLOOD_LIMITS, type FloodLimits } from './flood-limits.ts';

/** The pieces of the platform that a sandbox server needs. A whole `Platform` fits. */
export interface ServerPlatform {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly log: Log;
}

/** An account that exists before anybody logged in. */
export interface AccountSeed {
  readonly username: string;
  readonly password: string;
  /** Bytes per second, as the server would have averaged it from reported uploads. @default 0 */
  readonly avgSpeed?: number;
  /** Two letters, shown where the protocol has a country column. @default '' */
  readonly country?: string;
  /** Seconds of privileges from the moment the server is created. @default 0 */
  readonly privilegedSeconds?: number;
}

/** A room that exists before anybody joined it. */
export interface RoomSeed {
  readonly name: string;
  /** Makes the room private. */
  readonly owner?: string;
  /** Without the owner, with the operators. */
  readonly members?: readonly string[];
  readonly operators?: readonly string[];
}

export interface SandboxServerOptions {
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** 0 lets the system choose. @default 0 */
  readonly port?: number;
  /** Whose behaviour to show where the official server and soulfind differ. @default 'official' */
  readonly dialect?: Dialect;
  /** What counts as flooding; single limits may be replaced. `false` switches the detector off. */
  readonly floodLimits?: Partial<FloodLimits> | false;
  /** Sent after a successful login. */
  readonly greeting?: string;
  /** Seconds between wishlist searches, for ordinary and for privileged users. @default 720 and 120 */
  readonly wishlistInterval?: { readonly ordinary: number; readonly privileged: number };
  /** @default 1 */
  readonly parentMinSpeed?: number;
  /** @default 50 */
  readonly parentSpeedRatio?: number;
  readonly excludedPhrases?: readonly string[];
  readonly accounts?: readonly AccountSeed[];
  readonly rooms?: readonly RoomSeed[];
  /** `closed`: an unknown name is refused with SVRPRIVATE instead of being registered. @default 'open' */
  readonly registrations?: 'open' | 'closed';
  /** Logins above this number are refused with SVRFULL. @default unlimited */
  readonly maxUsers?: number;
  /** Milliseconds after which a connection that did not log in is closed [aioslsk, soulfind]. @default 60_000 */
  readonly loginTimeoutMs?: number;
  /** Milliseconds between lists of possible parents for one user. @default 60_000 */
  readonly parentsIntervalMs?: number;
  /**
   * Who finds nobody to hang on to becomes a branch root: at once, or (`patient`) while faster users are there only after
   * ten lists, so that a large network grows from one root instead of merging from many. What the real server does is
   * not known. @default 'eager'
   */
  readonly branchRoots?: 'eager' | 'patient';
  /** Requests kept per user for {@link SandboxServer.received}; 0 keeps none, which spares memory with many users. @default 2000 */
  readonly receivedLimit?: number;
}

/** The same with every default filled in. */
export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly floodLimits: FloodLimits | undefined;
  readonly greeting: string;
  readonly wishlistInterval: { readonly ordinary: number; readonly privileged: number };
  readonly parentMinSpeed: number;
  readonly parentSpeedRatio: number;
  readonly registrations: 'open' | 'closed';
  readonly maxUsers: number;
  readonly loginTimeoutMs: number;
  readonly parentsIntervalMs: number;
  readonly branchRoots: 'eager' | 'patient';
  readonly receivedLimit: number;
}

export function resolveOptions(options: SandboxServerOptions): ResolvedOptions {
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    floodLimits:
      options.floodLimits === false ? undefined : { ...DEFAULT_FLOOD_LIMITS, ...options.floodLimits },
    greeting: options.greeting ?? 'Welcome to the sandbox. Nothing here is real.',
    wishlistInterval: options.wishlistInterval ?? { ordinary: 720, privileged: 120 },
    parentMinSpeed: options.parentMinSpeed ?? 1,
    parentSpeedRatio: options.parentSpeedRatio ?? 50,
    registrations: options.registrations ?? 'open',
    maxUsers: options.maxUsers ?? Infinity,
    loginTimeoutMs: options.loginTimeoutMs ?? 60_000,
    parentsIntervalMs: options.parentsIntervalMs ?? 60_000,
    branchRoots: options.branchRoots ?? 'eager',
    receivedLimit: options.receivedLimit ?? 2000,
  };
}
