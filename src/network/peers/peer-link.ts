import type { Buffer } from 'node:buffer';
import type { Address } from '../../platform/transport.ts';
import type { FrameCap } from '../../protocol/index.ts';
import type { Abuse } from './abuse.ts';

/** `P`: messages between peers. `D`: the search tree. `F`: one file. Fixed for the life of a connection. */
export type PeerType = 'P' | 'D' | 'F';

/** Who goes first when connections are scarce: a person waits, our own tree, transfers, answers to strangers' searches. */
export type DialPriority = 'person' | 'tree' | 'transfer' | 'answer';

export interface PeerLinkEvents {
  /** Largest length field that is taken, by code; what is longer closes the link. Only types P and D. @default that of the protocol layer */
  readonly capOf?: FrameCap;
  /** One whole frame; `body` begins with the code. A view of the received chunk: copy it to keep it. Only types P and D. */
  onFrame?(code: number, body: Uint8Array, frame: Uint8Array): void;
  /**
   * As `onFrame`, and instead of it if given, without making objects: the frame, length field included, is
   * `source` from `start` to `end`. Frames of one source that follow each other without a gap may be passed on as one piece.
   * What follows `end` in `source`, if anything, is what follows in the stream.
   * Returns up to where it has taken whole frames: `end`, or more if it has dealt with those that follow; they are not delivered.
   */
  onSpan?(code: number, source: Buffer, start: number, end: number): number;
  /** Called once after the frames of one received chunk were delivered: the moment to flush what they caused. */
  onBatch?(): void;
  /** Raw bytes; only type F. */
  onData?(chunk: Uint8Array): void;
  onDrain?(): void;
  /** Called exactly once, last. */
  onClose(reason: string): void;
}

/** One established connection with a peer, after its init message. */
export interface PeerLink {
  /** Who they are, or for an unverified link who they say they are. */
  readonly user: string;
  readonly type: PeerType;
  /**
   * Whether the name is proven: we dialled the address that the server gave, it pierced with our token, or its address
   * equals the one the server knows. May become true later (when the address is known); never becomes false.
   */
  readonly verified: boolean;
  /**
   * Resolves with `verified`, after asking the server for the user's address if need be. Ask before giving the link
   * anybody's rights. Never rejects; false also when too many questions are under way or the server stays silent.
   */
  verify(): Promise<boolean>;
  /** The connection is theirs: they opened it (PeerInit), or we did because they asked through the server (ConnectToPeer). */
  readonly incoming: boolean;
  readonly obfuscated: boolean;
  readonly remote: Address;
  /** Whether somebody has called `start`: `connect` may give the same link to several. */
  readonly started: boolean;
  /** Begins delivery, from a later turn on. Call once. Until then what arrives waits. */
  start(events: PeerLinkEvents): void;
  /** Queues whole frames; false when the send buffer is above its high-water mark, or the link is closed. */
  send(frames: Uint8Array): boolean;
  readonly bufferedBytes: number;
  /** No frame is delivered any more, not even those of the chunk in hand, until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Closes the link after that many milliseconds without traffic in either direction; holds until called again.
   * @default 60 s; 10 s until the first frame after init
   */
  idleAfter(ms: number): void;
  /** It brought what it came for: closes after 1 s without traffic, as `idleAfter` does. */
  finishSoon(): void;
  /** Something is wrong with what it sends: counted by kind, and the 32nd time closes the link. */
  strike(kind: Abuse): void;
  /** Sends what waits, then closes. */
  close(reason: string): void;
  destroy(reason: string): void;
  readonly closed: boolean;
}

/** Why there is no connection. */
export type PeerFailure =
  /** The server says that there is no such user online. */
  | 'offline'
  /** Neither direct nor indirect attempt succeeded. */
  | 'unreachable'
  | 'timeout'
  /** The peer, or we, would not have it. */
  | 'refused'
  /** Too much is waiting already. */
  | 'over-budget'
  /** Its turn did not come in time. */
  | 'expired'
  /** By the caller's signal, or because this side is shutting down. */
  | 'cancelled'
  /** The connection to the server is gone, without which nobody can be found. */
  | 'session-lost';

export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly code: PeerFailure;
  readonly user: string;
  constructor(code: PeerFailure, user: string, message: string) {
    super(message);
    this.code = code;
    this.user = user;
  }
}

/** Where a peer listens, as the server said. A port of 0 or above 65535 cannot be dialled. */
export interface DialAddress extends Address {
  /** Its port for obfuscated connections; absent or 0: none. */
  readonly obfuscatedPort?: number;
}

export interface ConnectOptions {
  readonly priority: DialPriority;
  /** Known already, from the server (possible parents): saves a question. */
  readonly address?: DialAddress;
  /** Whole attempt, waiting in the queue included, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Who takes the links of one type. */
export interface LinkTaker {
  /** A new link; the taker starts it, now or soon. False refuses it: it is closed. */
  take(link: PeerLink): boolean;
  /** Whether a peer that asks us to connect to it should be dialled at all; otherwise it is told that we cannot. @default yes */
  willing?(user: string): boolean;
}

/** Making and receiving connections, within the budgets. */
export interface PeerNetwork {
  /**
   * A connection of that type to that user: direct and indirect side by side, the first wins. Rejects with a {@link PeerError}.
   *
   * P: an open verified link is given again, whoever opened it, and attempts under way are shared; every P link
   * passes the taker of P first, who has started it then. D: as P, but only links that are ours (not `incoming`), and
   * the caller starts them. F: always a connection of its own, started by the caller.
   */
  connect(user: string, type: PeerType, options: ConnectOptions): Promise<PeerLink>;
  /** Who takes incoming links of a type (and of type P all links). One taker per type: throws if there is one. */
  onIncoming(type: PeerType, taker: LinkTaker | LinkTaker['take']): () => void;
}
