import type { Deadlines, Due } from './deadlines.ts';
import { type DialAddress, PeerError, type PeerFailure, type PeerLink, type PeerType } from './peer-link.ts';

/** Somebody who waits for a link. */
export interface Waiter {
  readonly resolve: (link: PeerLink) => void;
  readonly reject: (error: PeerError) => void;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  forget: () => void;
}

/** Tokens of one peer that are kept for one connection; official clients repeat a request three times. */
export const MAX_TOKENS = 4;

/** One effort to get one connection, by whichever way comes first, for everybody who waits for it. */
export class Attempt implements Due {
  readonly user: string;
  readonly type: PeerType;
  /** Only the peer wants it, by ConnectToPeer: of types D and F that is another connection than one we want. */
  readonly theirs: boolean;
  /** Index into the ranks of priorities, 0 goes first. */
  rank: number;
  state: 'queued' | 'running' | 'done' = 'queued';
  /** `asking`: for the address. */
  direct: 'idle' | 'asking' | 'dialling' | 'failed' = 'idle';
  /** We asked the peer to connect to us. */
  indirect: 'off' | 'waiting' | 'failed' = 'off';
  /** When the peer should have connected. */
  indirectUntil = Number.POSITIVE_INFINITY;
  /** How the peer proves that it connects because of this. */
  token: number | undefined = undefined;
  address: DialAddress | undefined = undefined;
  abort: AbortController | undefined = undefined;
  /** Tokens with which the peer asked to be connected to, the latest last. */
  readonly tokens: number[] = [];
  /** When the peer will have given up. */
  tokensUntil = 0;
  readonly waiters: Waiter[] = [];
  /** It counts among those that wait for the peer and use no socket. */
  parked = false;
  dueAt = 0;
  slot = -1;
  readonly #expire: (attempt: Attempt, now: number) => void;

  constructor(options: {
    user: string;
    type: PeerType;
    theirs: boolean;
    rank: number;
    expire: (attempt: Attempt, now: number) => void;
  }) {
    this.user = options.user;
    this.type = options.type;
    this.theirs = options.theirs;
    this.rank = options.rank;
    this.#expire = options.expire;
  }

  /** Under what it is found again; attempts of type F never are. */
  get key(): string | undefined {
    return attemptKey(this.user, this.type, this.theirs);
  }

  /** Nobody wants it any more. */
  get abandoned(): boolean {
    return this.waiters.length === 0 && this.tokens.length === 0;
  }

  due(now: number): void {
    this.#expire(this, now);
  }

  /** Sets the deadline to the next thing that can run out. */
  schedule(deadlines: Deadlines): void {
    let at = this.indirectUntil;
    for (const waiter of this.waiters) at = Math.min(at, waiter.deadline);
    if (this.tokens.length > 0) at = Math.min(at, this.tokensUntil);
    if (at < Number.POSITIVE_INFINITY) deadlines.set(this, at);
  }

  resolveAll(link: PeerLink): void {
    for (const waiter of this.waiters.splice(0)) {
      waiter.forget();
      waiter.resolve(link);
    }
  }

  rejectAll(code: PeerFailure, why: string): void {
    for (const waiter of this.waiters.splice(0)) this.#reject(waiter, code, why);
  }

  /** Those whose time is over go. */
  rejectLate(now: number): void {
    const late = this.waiters.filter(({ deadline }) => deadline <= now);
    if (late.length === 0) return;
    const left = this.waiters.filter(({ deadline }) => deadline > now);
    this.waiters.splice(0, this.waiters.length, ...left);
    for (const waiter of late) {
      if (this.state === 'queued') this.#reject(waiter, 'expired', 'its turn did not come in time');
      else this.#reject(waiter, 'timeout', 'there was no connection in time');
    }
  }

  rejectOne(waiter: Waiter, code: PeerFailure, why: string): void {
    const at = this.waiters.indexOf(waiter);
    if (at < 0) return;
    this.waiters.splice(at, 1);
    this.#reject(waiter, code, why);
  }

  #reject(waiter: Waiter, code: PeerFailure, why: string): void {
    waiter.forget();
    waiter.reject(new PeerError(code, this.user, `no ${this.type} connection with ${this.user}: ${why}`));
  }
}

/** Attempts with the same key are one. Undefined: never shared. */
export const attemptKey = (user: string, type: PeerType, theirs: boolean): string | undefined =>
  type === 'F' ? undefined : type === 'D' && theirs ? `d ${user}` : `${type} ${user}`;
