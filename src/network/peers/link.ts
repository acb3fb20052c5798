import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Address } from '../../platform/transport.ts';
import type { FrameSplitter } from '../../protocol/index.ts';
import type { Abuse, AbuseCounters } from './abuse.ts';
import type { Deadlines, Due } from './deadlines.ts';
import { disguise } from './disguise.ts';
import type { PeerLink, PeerLinkEvents, PeerType } from './peer-link.ts';
import type { PeerLimits } from './peer-options.ts';
import type { PeerSocket, SocketOwner } from './peer-socket.ts';

/** Bytes that count as traffic although they complete no frame: less is a peer that only keeps the connection. */
const PROGRESS_BYTES = 4096;

/** Strikes that close a link. */
const MAX_STRIKES = 32;

/** What all links of one network share. */
export interface LinkHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: PeerLimits;
  readonly deadlines: Deadlines;
  readonly abuse: AbuseCounters;
  verify(link: Link): Promise<boolean>;
  /** A frame came on a link that had been replaced. */
  revived(link: Link): void;
  /** The link brought what it came for. */
  finished(link: Link): void;
  /** The link is of no use any more. Called once. */
  ended(link: Link): void;
  /** Bytes of incomplete frames of a link changed. */
  holding(link: Link, change: number): void;
}

export interface LinkOptions {
  readonly socket: PeerSocket;
  readonly user: string;
  readonly type: PeerType;
  readonly verified: boolean;
  readonly incoming: boolean;
  /** They sent PeerInit, we accepted. */
  readonly knocked: boolean;
}

/** Between two looks at a slow reader (2 s when its link is ending, else the idle time), this much must have moved. */
const READ_BYTES = 1024;

/** `primary`: what is sent to that user goes here. `retired`: replaced, only read. `side`: unproven beside a proven one. */
export type LinkRole = 'primary' | 'retired' | 'side';

export class Link implements PeerLink, SocketOwner, Due {
  readonly user: string;
  readonly type: PeerType;
  readonly incoming: boolean;
  readonly knocked: boolean;
  readonly openedAt: number;
  verified: boolean;
  role: LinkRole = 'primary';
  /** It was replaced only because both sides dialled at a time. */
  lostRace = false;
  /** Something came on it. */
  heard = false;
  /** Tokens of the peer's requests to be connected to which this link serves; they are answered when it ends. */
  owed: number[] | undefined = undefined;
  dueAt = 0;
  slot = -1;
  readonly #host: LinkHost;
  readonly #socket: PeerSocket;
  #events: PeerLinkEvents | undefined;
  #idleMs: number;
  /** The idle time was not chosen by the owner yet. */
  #idleDefault = true;
  #lastAt: number;
  #lastSentAt: number;
  #unframed = 0;
  /** What was in the send buffer when that was last looked at. */
  #lastLeft = 0;
  #held = 0;
  #strikes = 0;
  #paused = true;
  #pumping = false;
  #ended = false;
  #gone = false;
  #whenGone: (() => void) | undefined = undefined;
  #reported = false;
  #reason = 'closed by the peer';

  constructor(host: LinkHost, options: LinkOptions) {
    const { socket, type } = options;
    this.#host = host;
    this.#socket = socket;
    this.user = options.user;
    this.type = type;
    this.verified = options.verified;
    this.incoming = options.incoming;
    this.knocked = options.knocked;
    this.openedAt = host.clock.monotonic();
    this.#lastAt = this.openedAt;
    // Ours began with an init message.
    this.#lastSentAt = socket.accepted ? Number.NEGATIVE_INFINITY : this.openedAt;
    this.#idleMs = host.limits.silentMs;
    // Until somebody starts it, what comes waits in the system.
    socket.connection.pause();
    socket.ownedBy(this);
    host.deadlines.set(this, this.openedAt + this.#idleMs);
  }

  get obfuscated(): boolean {
    return this.#socket.obfuscated;
  }

  get remote(): Address {
    return this.#socket.remote;
  }

  /** At TCP's level they opened it. */
  get accepted(): boolean {
    return this.#socket.accepted;
  }

  get started(): boolean {
    return this.#events !== undefined;
  }

  get closed(): boolean {
    return this.#ended;
  }

  get bufferedBytes(): number {
    return this.#socket.connection.bufferedBytes;
  }

  /** It began with PeerInit, and not with PierceFireWall. */
  get named(): boolean {
    return this.accepted ? this.knocked : !this.incoming;
  }

  /** Bytes of incomplete frames. */
  get held(): number {
    return this.#held;
  }

  verify(): Promise<boolean> {
    return this.verified ? Promise.resolve(true) : this.#host.verify(this);
  }

  start(events: PeerLinkEvents): void {
    if (this.#events !== undefined) throw new Error('A link is started once');
    this.#events = events;
    if (this.#ended) {
      queueMicrotask(this.#report);
      return;
    }
    const { splitter } = this.#socket;
    const caps = events.capOf === undefined ? {} : { capOf: events.capOf };
    if (this.type !== 'F') splitter.switchTo(this.type === 'P' ? 'peer' : 'distributed', caps);
    // What came together with the init message is delivered in a later turn, as everything is.
    queueMicrotask(() => {
      if (!this.#ended) this.resume();
    });
  }

  send(frames: Uint8Array): boolean {
    if (this.#ended) return false;
    this.#lastAt = this.#host.clock.monotonic();
    this.#lastSentAt = this.#lastAt;
    const wire = this.obfuscated && this.type === 'P' ? disguise(frames, this.#host.random) : frames;
    return this.#socket.connection.write(wire);
  }

  pause(): void {
    this.#paused = true;
    this.#socket.connection.pause();
  }

  resume(): void {
    if (this.#events === undefined || !this.#paused) return;
    this.#paused = false;
    // Before the pump: what it delivers may pause again.
    this.#socket.connection.resume();
    if (this.type === 'F') {
      const rest = this.#socket.splitter.takeRest();
      if (rest.length > 0) this.#deliverRaw(rest);
    } else this.#pump();
    if (this.#gone && !this.#paused) this.#end();
  }

  idleAfter(ms: number): void {
    this.#idleDefault = false;
    this.#setIdle(ms);
  }

  finishSoon(): void {
    if (this.#ended) return;
    this.#host.finished(this);
    this.idleAfter(this.#host.limits.finishedMs);
  }

  strike(kind: Abuse): void {
    this.#host.abuse.count(kind);
    this.#strikes += 1;
    if (this.#strikes < MAX_STRIKES || this.#ended) return;
    this.#host.abuse.count('struck-out');
    this.destroy('it sent too much that is wrong');
  }

  /** It is replaced: what still comes is read, and it closes when nothing comes any more. */
  retire(): void {
    this.role = 'retired';
    this.#setIdle(this.#idleMs);
  }

  close(reason: string): void {
    if (this.#ended) return;
    this.#reason = reason;
    const { connection } = this.#socket;
    const now = this.#host.clock.monotonic();
    const { closingMs } = this.#host.limits;
    // What left a moment ago may not have arrived; closing at once with something unread would destroy it.
    if (connection.bufferedBytes === 0 && now - this.#lastSentAt > closingMs) connection.destroy();
    else {
      connection.resume();
      connection.end();
    }
    this.#end();
    if (!connection.closed) this.#host.deadlines.set(this, now + closingMs);
  }

  destroy(reason: string): void {
    this.#socket.connection.destroy();
    if (this.#ended) return;
    this.#reason = reason;
    this.#end();
  }

  /** Of a link that is closed: calls `run` when the peer has closed it too, or is not waited for any more. */
  afterPeer(run: () => void): void {
    if (this.#gone) run();
    else this.#whenGone = run;
  }

  due(now: number): void {
    const { closingMs } = this.#host.limits;
    const left = this.bufferedBytes;
    // A slow reader still reads. Who takes a byte now and then only holds the socket.
    const moving = left > 0 && Math.abs(left - this.#lastLeft) >= READ_BYTES;
    this.#lastLeft = left;
    if (this.#ended) {
      if (moving) this.#host.deadlines.set(this, now + closingMs);
      else this.#socket.connection.destroy();
      return;
    }
    if (moving) this.#lastAt = now;
    const idle = this.#effectiveIdle();
    if (now < this.#lastAt + idle) this.#host.deadlines.set(this, this.#lastAt + idle);
    else if (this.#paused && this.#events !== undefined) this.#host.deadlines.set(this, now + idle);
    else this.close(`idle for ${idle / 1000} s`);
  }

  received(chunk: Uint8Array): void {
    if (this.#ended) return;
    if (this.type === 'F') {
      if (this.#paused) this.#socket.splitter.push(chunk);
      else this.#deliverRaw(chunk);
      return;
    }
    this.#unframed += chunk.length;
    if (this.#unframed >= PROGRESS_BYTES) this.#progress();
    this.#socket.splitter.push(chunk);
    if (!this.#paused) this.#pump();
  }

  drained(): void {
    if (!this.#ended) this.#guard(() => this.#events?.onDrain?.());
  }

  gone(error: Error | undefined): void {
    this.#gone = true;
    if (this.#ended) {
      this.#host.deadlines.clear(this);
      this.#whenGone?.();
      return;
    }
    if (error !== undefined) this.#reason = `the connection broke: ${error.message}`;
    // While paused, frames that were received completely still wait; they are delivered first.
    if (!this.#paused) this.#end();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const { splitter } = this.#socket;
    const events = this.#events!;
    let frames = 0;
    while (!this.#paused && !this.#ended) {
      const found = splitter.advance();
      if (found === 'more') break;
      if (found === 'fault') this.#fault();
      else {
        if (frames++ === 0) this.#framed();
        this.#deliver(events, splitter);
      }
    }
    this.#pumping = false;
    if (frames > 0) this.#guard(() => events.onBatch?.());
    if (!this.#ended) this.#hold(splitter.buffered);
  }

  #deliver(events: PeerLinkEvents, splitter: FrameSplitter): void {
    const { code, source, start, end } = splitter;
    try {
      if (events.onSpan !== undefined) splitter.passTo(events.onSpan(code, source, start, end));
      else events.onFrame?.(code, source.subarray(start + 4, end), source.subarray(start, end));
    } catch (error) {
      this.#failed(error);
    }
  }

  #deliverRaw(chunk: Uint8Array): void {
    this.#framed();
    this.#guard(() => this.#events!.onData?.(chunk));
    this.#guard(() => this.#events!.onBatch?.());
  }

  #fault(): void {
    const fault = this.#socket.splitter.fault!;
    if (fault.reason === 'bad-length') {
      this.strike('bad-length');
      return;
    }
    const asked = this.#events?.capOf?.(fault.code ?? 0) !== 0;
    this.#host.abuse.count(asked ? 'too-long' : 'unsolicited');
    this.destroy(fault.error.message);
  }

  /** A frame came, or enough of one. */
  #framed(): void {
    this.#progress();
    if (this.heard) return;
    this.heard = true;
    if (this.#idleDefault) this.#setIdle(this.#host.limits.idleMs);
  }

  #progress(): void {
    this.#lastAt = this.#host.clock.monotonic();
    this.#unframed = 0;
    if (this.role === 'retired') this.#host.revived(this);
  }

  #setIdle(ms: number): void {
    this.#idleMs = ms;
    if (this.#ended) return;
    const at = this.#lastAt + this.#effectiveIdle();
    // A later deadline is found out when the earlier one comes.
    if (at < this.dueAt) this.#host.deadlines.set(this, at);
  }

  #effectiveIdle(): number {
    return this.role === 'retired' ? Math.min(this.#idleMs, this.#host.limits.retiredMs) : this.#idleMs;
  }

  #hold(bytes: number): void {
    if (bytes === this.#held) return;
    const change = bytes - this.#held;
    this.#held = bytes;
    this.#host.holding(this, change);
  }

  #end(): void {
    this.#ended = true;
    this.#host.deadlines.clear(this);
    this.#hold(0);
    this.#host.ended(this);
    queueMicrotask(this.#report);
  }

  /** Never from inside the call that closed the link. */
  readonly #report = (): void => {
    if (this.#reported || this.#events === undefined) return;
    this.#reported = true;
    this.#guard(() => this.#events!.onClose(this.#reason));
  };

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#host.log.error('what a peer sent could not be dealt with', {
      user: this.user,
      type: this.type,
      error,
    });
  }
}
