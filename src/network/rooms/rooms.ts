import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { ClientEvents } from '../events.ts';
import type { SendOptions, SendOutcome } from '../governor/traffic.ts';
import type { LineOptions, LineQueue, QueuedLine } from '../lines/line-queue.ts';
import type { ServerLink } from '../server-link.ts';
import type { RoomUsers } from '../users/users.ts';
import { RoomText } from './charset.ts';
import type { RoomsContext } from './context.ts';
import type { JoinOptions, JoinResult, LeaveResult } from './join-result.ts';
import { RoomJoins } from './joins.ts';
import { RoomMembership } from './membership.ts';
import { MembershipBook } from './membership-book.ts';
import { RoomPresence } from './presence.ts';
import type { AdminOutcome, RoomSnapshot, Standing } from './room.ts';
import type { RoomListing } from './room-list.ts';
import { RoomLists } from './room-list.ts';
import { RoomTable } from './room-table.ts';
import { RoomSubscriptions } from './subscriptions.ts';
import { RoomTickers } from './tickers.ts';

export interface RoomsOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly emitter: Emitter<ClientEvents>;
  /** Where what is known of each user is kept: the client's `Users`. */
  readonly users: RoomUsers;
  /** The queue of outgoing lines. */
  readonly lines: Pick<LineQueue, 'queue'>;
  /**
   * Room name -> encoding label (WHATWG, like `windows-1251`) for incoming text that is not valid UTF-8.
   * An unknown label throws a RangeError from the constructor.
   */
  readonly charsets?: Readonly<Record<string, string>>;
  /** How long to wait for the answer to a join or leave once it left, milliseconds. @default 15000 */
  readonly timeoutMs?: number;
}

/** Every room that we are in, want to be in or have a standing in. Nothing here survives the process. */
export class Rooms {
  readonly #context: RoomsContext;
  readonly #lines: Pick<LineQueue, 'queue'>;
  readonly #joins: RoomJoins;
  readonly #presence: RoomPresence;
  readonly #tickers: RoomTickers;
  readonly #lists: RoomLists;
  readonly #subscriptions: RoomSubscriptions;

  constructor(options: RoomsOptions) {
    const { link, clock, log, emitter, users } = options;
    const text = new RoomText(options.charsets ?? {});
    const context: RoomsContext = { link, clock, log, emitter, users, text, table: new RoomTable() };
    const timeoutMs = options.timeoutMs ?? 15_000;
    this.#context = context;
    this.#lines = options.lines;
    this.#lists = new RoomLists(context, timeoutMs);
    const book = new MembershipBook(context);
    this.#presence = new RoomPresence(context, book);
    new RoomMembership(context, book, this.#presence);
    this.#tickers = new RoomTickers(context, this.#presence);
    this.#subscriptions = new RoomSubscriptions(context, timeoutMs);
    this.#joins = new RoomJoins(context, this.#presence, timeoutMs);
  }

  /**
   * Enters a room, creating it when it does not exist. The room is remembered and joined again after every
   * login until `leave`, or until the server refuses the first entry. Never rejects; already inside resolves at once.
   */
  join(name: string, options: JoinOptions = {}): Promise<JoinResult> {
    return this.#joins.join(name, options);
  }

  /** Leaves a room and forgets to join it again. `unknown`: the server did not confirm in time. */
  leave(name: string, options?: SendOptions): Promise<LeaveResult> {
    return this.#joins.leave(name, options);
  }

  /** Queues a text for a room; long ones are split. Resolves when it rests durably; rejects when the outbox cannot store it. */
  say(room: string, text: string, options?: LineOptions): Promise<QueuedLine> {
    return this.#lines.queue({ kind: 'room', to: room, text }, options);
  }

  /** What is known of a room; undefined for rooms that we neither are in, want, nor have a standing in. */
  get(name: string): RoomSnapshot | undefined {
    const state = this.#context.table.get(name);
    return state && this.#presence.snapshot(state);
  }

  /** Snapshots of all rooms that `get` knows. */
  known(): readonly RoomSnapshot[] {
    return [...this.#context.table.values()].map((state) => this.#presence.snapshot(state));
  }

  /** Cheap, for use on every line. */
  isJoined(name: string): boolean {
    return this.#context.table.get(name)?.joined ?? false;
  }

  /** Cheap: whether that user is in that room now, as far as we can see it (we must be inside too). */
  isInside(room: string, user: string): boolean {
    return this.#context.table.get(room)?.users.has(user) ?? false;
  }

  /** Our standing; `visitor` for rooms that we know nothing of. */
  standing(room: string): Standing {
    return this.#context.table.get(room)?.standing(this.#context.link.username) ?? 'visitor';
  }

  /** Rooms that will be joined after the next login. */
  remembered(): readonly string[] {
    return [...this.#context.table.values()].filter((state) => state.wanted).map((state) => state.name);
  }

  /** Whether this session's room list arrived, so that our standing everywhere is certain. */
  get standingKnown(): boolean {
    return this.#lists.latest !== undefined;
  }

  /** The latest room list; undefined before the first one of this session. */
  list(): RoomListing | undefined {
    return this.#lists.latest;
  }

  /** Asks for the complete list. `undefined` when no answer came in time. */
  refreshList(options?: SendOptions): Promise<RoomListing | undefined> {
    return this.#lists.refresh(options);
  }

  /**
   * Sets our line on the room wall; an empty text removes it. Over 1,024 bytes the server would ignore it
   * silently, so it is `dropped` here. CR and LF become spaces.
   */
  setTicker(room: string, text: string, options?: SendOptions): Promise<SendOutcome> {
    return this.#tickers.set(room, text, options);
  }

  /** Turns the feed of all public rooms on or off (`feed.message`), restored after each login. */
  feed(on: boolean, options?: SendOptions): Promise<SendOutcome> {
    return this.#subscriptions.feed(on, options);
  }

  /** Whether others may add us to private rooms (off by default in each session; restored when on). */
  invitations(on: boolean, options?: SendOptions): Promise<AdminOutcome> {
    return this.#subscriptions.invitations(on, options);
  }

  /**
   * For RoomAdmin: from now on an exit from this room means that it was dissolved (`on`), or no longer does.
   */
  expectDissolution(room: string, on: boolean): void {
    const state = this.#context.table.get(room);
    if (state) state.dissolving = on;
  }

  /** For RoomAdmin: the room is gone. Leaves it if the server left us inside, as the official one does [aioslsk]. */
  dissolved(room: string): void {
    this.#joins.dissolved(room);
  }
}
