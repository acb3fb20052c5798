import type { CommandSpec } from '../api/command.ts';
import type { LineReceipt, Priority } from '../api/lines.ts';
import type { UserFacts } from '../api/people.ts';
import type { RoomInfo, RoomOutcome, RoomSummary } from '../api/rooms.ts';
import type {
  OfferedFile,
  SearchEnd,
  SearchQuestion,
  SearchRequest,
  SearchRequestFilter,
} from '../api/search.ts';
import type { SearchPage, WireBatch, WireSearchOptions } from './wire.ts';

/**
 * Where an answer goes. The host keeps it behind a token, so that a plugin can answer only whom it was told of.
 * `session`: a console from which a `cli` command came; meaningful to the bot only.
 */
export type ReplyTarget =
  | { readonly kind: 'room'; readonly room: string; readonly user: string }
  | { readonly kind: 'private'; readonly user: string }
  | { readonly kind: 'cli'; readonly session: string };

/** Options of a line, after the host's checks. */
export interface LineOptions {
  readonly priority: Priority;
  /** Milliseconds; absent: the default of its kind. */
  readonly ttlMs?: number;
}

export interface StoredValue {
  /** Plain data as JSON carries it. */
  readonly value: unknown;
  /** Changes with every write of this key; never the same again, also after a delete. */
  readonly version: number;
}

/** Key-values of plugin instances, apart from each other. Keys are 1 to 512 characters; writes are durable once resolved. */
export interface StoreService {
  get(instance: string, key: string): Promise<StoredValue | undefined>;
  set(instance: string, key: string, value: unknown, ttlMs: number | undefined): Promise<void>;
  /** True when there was one. */
  delete(instance: string, key: string): Promise<boolean>;
  /** In order of code units. */
  keys(instance: string, prefix: string): Promise<readonly string[]>;
  /**
   * Writes only if the key's version is still `expected` (undefined: the key does not exist).
   * @param value undefined deletes the key.
   * @returns whether it was written.
   */
  compareAndSwap(
    instance: string,
    key: string,
    expected: number | undefined,
    value: unknown,
    ttlMs: number | undefined,
  ): Promise<boolean>;
}

/** Rooms. Admin actions never reject for what the server or the room's rules say: that is their outcome. */
export interface RoomsService {
  list(instance: string): Promise<readonly RoomSummary[]>;
  info(instance: string, room: string): Promise<RoomInfo | undefined>;
  setTicker(instance: string, room: string, ticker: string): Promise<RoomOutcome>;
  addMember(instance: string, room: string, user: string): Promise<RoomOutcome>;
  removeMember(instance: string, room: string, user: string): Promise<RoomOutcome>;
  addOperator(instance: string, room: string, user: string): Promise<RoomOutcome>;
  removeOperator(instance: string, room: string, user: string): Promise<RoomOutcome>;
}

export interface UsersService {
  facts(instance: string, user: string): Promise<UserFacts>;
  /** The host calls `watch` once per registration and `unwatch` once for each; the same user may be watched twice. */
  watch(instance: string, user: string): Promise<void>;
  unwatch(instance: string, user: string): void;
}

/** The command engine. Names and aliases are unique over all instances when they get here. */
export interface CommandsService {
  /**
   * Called when the instance's `setup` has succeeded, and for commands registered later.
   * @throws Error when the name or an alias is taken by the bot itself; it ends the load.
   */
  register(instance: string, spec: CommandSpec): void;
  unregister(instance: string, name: string): void;
}

/** A search that runs for a plugin. */
export interface SearchSession {
  /**
   * Up to `max` hits as soon as there is one, or the end; never called while a call is under way. Rejects when the search
   * never ran: `search-refused`, or `invalid` for an option.
   */
  next(max: number): Promise<SearchPage>;
  /** Resolves when it has ended, read or not; never rejects. */
  readonly done: Promise<SearchEnd>;
  /** Ends it, and throws away what was not read. */
  stop(): void;
}

export interface SearchService {
  /** What is wrong with it is told by `next`. */
  run(instance: string, options: WireSearchOptions): SearchSession;
  /**
   * Delivers batches of other people's searches until the result is called; the next one when the promise has settled.
   * @throws Error `invalid` for a filter that cannot be used.
   */
  listen(
    instance: string,
    wanted: WireBatch,
    deliver: (items: readonly SearchRequest[], dropped: number) => Promise<void>,
  ): () => void;
  /**
   * Asks about searches of other people until the result is called.
   * @throws Error `invalid` for a filter that cannot be used.
   */
  answer(
    instance: string,
    filter: SearchRequestFilter,
    ask: (question: SearchQuestion) => Promise<readonly OfferedFile[]>,
  ): () => void;
}

/** Something went wrong with a plugin, for the log and the owner. */
export interface PluginProblem {
  readonly instance: string;
  readonly plugin: string;
  /**
   * `handler`, `command`: it threw; `registration`: refused after `setup`; `dispose`: unloading left something behind;
   * `dropped`: its queue was full; `unhandled`: a promise that nobody awaited rejected.
   */
  readonly kind: 'handler' | 'command' | 'registration' | 'dispose' | 'dropped' | 'unhandled';
  /** Which part of it, e.g. `room.message handler 2`, `!seen`. */
  readonly where: string;
  readonly message: string;
  readonly stack?: string;
  /** How many of this kind the instance has had, this one included. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What the host needs from the bot. Every value is plain data. A rejection reaches the plugin as a PluginError with its
 * message; its `code` is kept when it is one of PluginError's.
 */
export interface HostServices {
  readonly self: { readonly user: string };
  log(
    instance: string,
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ): void;
  /** Resolves once the lines are durably queued. Each text is a line of its own, split further where it is too long. */
  say(instance: string, room: string, text: readonly string[], options: LineOptions): Promise<LineReceipt>;
  pm(instance: string, user: string, text: readonly string[], options: LineOptions): Promise<LineReceipt>;
  reply(
    instance: string,
    target: ReplyTarget,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt>;
  /** Only lines of this instance. With `wait`, resolves when the state cannot change any more. */
  receipt(instance: string, id: string, wait: boolean): Promise<LineReceipt | undefined>;
  readonly store: StoreService;
  readonly rooms: RoomsService;
  readonly users: UsersService;
  readonly commands: CommandsService;
  readonly search: SearchService;
  report(problem: PluginProblem): void;
}
