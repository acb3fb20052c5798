import { Buffer } from 'node:buffer';
import {
  type DistributedMessage,
  decodeDistributedMessage,
  encodeDistributedMessage,
  FrameSplitter,
} from '../../protocol/index.ts';
import type {
  ConnectOptions,
  LinkTaker,
  PeerLink,
  PeerLinkEvents,
  PeerNetwork,
  PeerType,
} from '../peers/peer-link.ts';

/** A connection whose other end is the test. */
export class FakePeerLink implements PeerLink {
  readonly type: PeerType = 'D';
  readonly obfuscated = false;
  readonly remote = { host: '10.0.0.1', port: 2234 };
  readonly incoming: boolean;
  readonly user: string;
  verified: boolean;
  started = false;
  closed = false;
  /** Why we closed it. */
  reason: string | undefined;
  destroyed = false;
  paused = false;
  idleMs: number | undefined;
  strikes = 0;
  /** While true nothing leaves: what is sent waits. */
  stuck = false;
  bufferedBytes = 0;
  #sent: Uint8Array[] = [];
  #events: PeerLinkEvents | undefined;
  readonly #splitter = new FrameSplitter('distributed');

  constructor(user: string, options: { incoming?: boolean; verified?: boolean } = {}) {
    this.user = user;
    this.incoming = options.incoming ?? false;
    this.verified = options.verified ?? true;
  }

  verify(): Promise<boolean> {
    return Promise.resolve(this.verified);
  }

  start(events: PeerLinkEvents): void {
    if (this.started) throw new Error('started twice');
    this.started = true;
    this.#events = events;
  }

  send(frames: Uint8Array): boolean {
    if (this.closed) return false;
    // A copy: whoever changes bytes after sending them is found out.
    this.#sent.push(Buffer.from(frames));
    if (this.stuck) this.bufferedBytes += frames.length;
    return !this.stuck;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#pump();
  }

  idleAfter(ms: number): void {
    this.idleMs = ms;
  }

  finishSoon(): void {
    throw new Error('not for the tree');
  }

  strike(): void {
    this.strikes++;
  }

  close(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.reason = reason;
    queueMicrotask(() => this.#events?.onClose(reason));
  }

  destroy(reason: string): void {
    this.destroyed = true;
    this.close(reason);
  }

  /** The other side says these, in one chunk. */
  says(...frames: readonly (DistributedMessage | Uint8Array)[]): void {
    this.chunk(
      Buffer.concat(frames.map((frame) => ('type' in frame ? encodeDistributedMessage(frame) : frame))),
    );
  }

  /** Bytes come from the other side. */
  chunk(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
    this.#pump();
  }

  /** The other side is gone. */
  cut(reason = 'cut'): void {
    this.closed = true;
    this.#events?.onClose(reason);
  }

  /** What waits leaves. */
  drain(): void {
    this.stuck = false;
    this.bufferedBytes = 0;
    this.#events?.onDrain?.();
  }

  /** Bytes sent to it since the last call of `take…`. */
  takeBytes(): Buffer {
    return Buffer.concat(this.#sent.splice(0));
  }

  /** How many pieces were sent to it since the last call of `take…`. */
  get pieces(): number {
    return this.#sent.length;
  }

  /** What it was told since the last call, one word each: level, root, or the query of a search. */
  take(): string[] {
    const splitter = new FrameSplitter('distributed');
    splitter.push(this.takeBytes());
    return [...splitter].map((frame) => {
      const decoded = frame.ok ? decodeDistributedMessage(frame.body) : undefined;
      if (decoded?.ok !== true) throw new Error('a child was sent something that is no frame');
      const { message } = decoded;
      if (message.type === 'DistribBranchLevel') return String(message.level);
      if (message.type === 'DistribBranchRoot') return message.username;
      if (message.type === 'DistribSearch') return `?${message.query}`;
      throw new Error(`a child was sent ${message.type}`);
    });
  }

  #pump(): void {
    const splitter = this.#splitter;
    let frames = 0;
    while (!this.paused && !this.closed && splitter.advance() === 'frame') {
      frames++;
      const { code, source, start, end } = splitter;
      splitter.passTo(this.#events?.onSpan?.(code, source, start, end) ?? end);
    }
    if (frames > 0) this.#events?.onBatch?.();
  }
}

interface Dial {
  readonly user: string;
  readonly type: PeerType;
  readonly options: ConnectOptions;
  open(link: FakePeerLink): void;
  fail(error: Error): void;
}

/** Other people: the test decides which dials succeed, and who knocks. */
export class FakePeers implements Pick<PeerNetwork, 'connect' | 'onIncoming'> {
  dials: Dial[] = [];
  taker: LinkTaker | undefined;

  connect(user: string, type: PeerType, options: ConnectOptions): Promise<PeerLink> {
    return new Promise((resolve, reject) => {
      this.dials.push({ user, type, options, open: resolve, fail: reject });
    });
  }

  onIncoming(type: PeerType, taker: LinkTaker | LinkTaker['take']): () => void {
    if (type !== 'D' || typeof taker === 'function') throw new Error('not expected');
    this.taker = taker;
    return () => {
      this.taker = undefined;
    };
  }

  /** The dial to that user succeeds. */
  async opens(user: string): Promise<FakePeerLink> {
    const dial = this.dial(user);
    const link = new FakePeerLink(user);
    dial.open(link);
    await Promise.resolve();
    await Promise.resolve();
    return link;
  }

  dial(user: string): Dial {
    const dial = this.dials.findLast((other) => other.user === user);
    if (dial === undefined) throw new Error(`${user} was not dialled`);
    return dial;
  }

  /** Somebody wants to be our child; whether that worked. */
  knocks(link: FakePeerLink): boolean {
    return this.taker?.take(link) ?? false;
  }

  /** Somebody becomes our child. */
  child(user: string): FakePeerLink {
    const link = new FakePeerLink(user, { incoming: true });
    if (!this.knocks(link)) throw new Error(`${user} was refused`);
    return link;
  }
}

let token = 0;

/** A search with a token of its own. */
export const searchFor = (query: string, username = 'somebody'): DistributedMessage => ({
  type: 'DistribSearch',
  identifier: 49,
  username,
  token: ++token,
  query,
});
