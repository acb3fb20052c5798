import type { Timer } from '../../platform/clock.ts';
import type { Address, Connection } from '../../platform/transport.ts';
import { encodeServerResponse, FrameSplitter, type ServerResponse } from '../../protocol/index.ts';
import type { Account } from './accounts.ts';
import type { Room } from './room.ts';
import type { TreeState } from './tree.ts';

/** Largest frame that a client may send, in bytes behind the length field; more ends the connection [soulfind]. */
const MAX_FRAME_BYTES = 8192;
/** A client that does not read is dropped when this much waits for it. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

/** 0 offline, 1 away, 2 online. */
export type PresenceStatus = 0 | 1 | 2;

/** What a session tells the server. */
export interface SessionOwner {
  /** One frame's body: code and payload. */
  onFrame(session: Session, body: Uint8Array): void;
  /** Called once, when the connection is gone. */
  onGone(session: Session, why: string): void;
  /** Called for everything that is sent to a logged-in user. */
  onSent(session: Session, response: ServerResponse): void;
}

/** One connection and all that the server forgets when it ends. */
export class Session {
  readonly remote: Address;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /** Undefined until the login succeeded. */
  account: Account | undefined;
  status: PresenceStatus = 2;
  /** The listening port, 0 until told. */
  port = 0;
  obfuscationType = 0;
  obfuscatedPort = 0;
  slotsFull = 0;
  invitations = false;
  feed = false;
  /** Names of watched users. */
  readonly watching = new Set<string>();
  readonly rooms = new Set<Room>();
  readonly likes = new Set<string>();
  readonly hates = new Set<string>();
  readonly tree: TreeState = {
    noParent: false,
    level: 0,
    root: '',
    acceptsChildren: false,
    isRoot: false,
    unanswered: 0,
  };
  /** Neither answered nor listened to: banned, deaf, or muted by a test. */
  ignored = false;
  /** After Login the frames of the same chunk wait for the next chunk. */
  holdRest = false;
  /** Ends a connection that does not log in. */
  loginLimit: Timer | undefined;
  /** Undo what must not outlive the session (timers). */
  readonly undo = new Set<() => void>();
  readonly #connection: Connection;
  readonly #owner: SessionOwner;
  readonly #splitter = new FrameSplitter('server', { capOf: () => MAX_FRAME_BYTES });
  #open = true;
  #why = 'connection closed by the client';

  constructor(connection: Connection, owner: SessionOwner, now: number) {
    this.#connection = connection;
    this.#owner = owner;
    this.remote = connection.remote;
    this.connectedAt = now;
  }

  start(): void {
    this.#connection.start({
      onData: (chunk) => this.#read(chunk),
      onClose: () => this.#gone(),
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** The name; empty before the login. */
  get name(): string {
    return this.account?.username ?? '';
  }

  send(response: ServerResponse): void {
    this.sendFrame(encodeServerResponse(response), response);
  }

  /** Sends a frame that was encoded once for many receivers. */
  sendFrame(frame: Uint8Array, response: ServerResponse): void {
    if (!this.#open || this.ignored) return;
    this.sendBytes(frame);
    if (this.account) this.#owner.onSent(this, response);
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#connection.write(bytes);
    if (this.#connection.bufferedBytes > MAX_BACKLOG_BYTES) this.cut('client does not read');
  }

  /** Ends the session after what was sent has left. */
  close(why: string): void {
    if (!this.#open) return;
    this.#why = why;
    this.#connection.end();
    this.#gone();
  }

  /** Ends the session at once, as a broken network would. */
  cut(why: string): void {
    if (!this.#open) return;
    this.#why = why;
    this.#connection.destroy();
    this.#gone();
  }

  #gone(): void {
    if (!this.#open) return;
    this.#open = false;
    this.loginLimit?.cancel();
    for (const undo of this.undo) undo();
    this.undo.clear();
    this.#owner.onGone(this, this.#why);
  }

  #read(chunk: Uint8Array): void {
    if (!this.#open) return;
    this.holdRest = false;
    this.#splitter.push(chunk);
    for (const frame of this.#splitter) {
      if (frame.ok) this.#owner.onFrame(this, frame.body);
      else if (frame.reason === 'too-long') this.cut('frame too large');
      if (!this.#open || this.holdRest) return;
    }
  }
}
