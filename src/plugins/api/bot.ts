import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Args, NoArgs } from './args.ts';
import type { ActionDefinition, Cases } from './cases.ts';
import type { CommandDefinition } from './command.ts';
import type { Dialog, DialogDefinition } from './dialog.ts';
import type { DurationInput } from './duration.ts';
import type { EventName, EventOf } from './events.ts';
import type { EventFilter } from './filter.ts';
import type { InterceptDirection, InterceptOptions, Interceptor } from './intercept.ts';
import type { LineReceipt, ReceiptOptions, SendOptions } from './lines.ts';
import type { Members } from './members.ts';
import type { Metrics } from './metric.ts';
import type { Notify } from './notify.ts';
import type { UserFacts, UserShares } from './people.ts';
import type { PersonalHandlers } from './personal.ts';
import type { Remote, ServiceMethods } from './provide.ts';
import type { RoomInfo, RoomOutcome, RoomSummary } from './rooms.ts';
import type { AddRule } from './rule.ts';
import type {
  BatchHandler,
  BatchMap,
  BatchName,
  Search,
  SearchAnswerer,
  SearchOptions,
  SearchRequestFilter,
} from './search.ts';
import type { Translate } from './texts.ts';
import type {
  EveryOptions,
  JobHandler,
  ScheduleOptions,
  TimerHandler,
  TimerOptions,
  Timers,
} from './time.ts';
import type { Web } from './web.ts';
import type { Decision } from './why.ts';
import type { Wishlist } from './wishlist.ts';

/**
 * Something that a plugin registered. It ends by itself when the plugin is unloaded; `dispose` ends it sooner, and a
 * second time does nothing.
 */
export interface Registration extends Disposable {
  dispose(): void;
  /**
   * Resolves when the host has taken it (or it was disposed before); rejects with a PluginError when it is refused.
   * Nobody has to await it: one that is refused during `setup` fails the load, a later one is reported.
   */
  readonly ready: Promise<void>;
}

/** May be async: it counts as running until its promise settles. What it returns is not used. */
export type EventHandler<E extends EventName> = (event: EventOf<E>) => unknown;

/** Who this is. */
export interface Self {
  /** The bot's user name on Soulseek. */
  readonly user: string;
  /** This instance's id: the key under `plugins:` in config.yaml. */
  readonly id: string;
  /** The plugin's name. */
  readonly plugin: string;
}

/** Lines in the bot's log, marked with the plugin's id. Never put private text or secrets there. */
export interface BotLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface StoreOptions {
  /** Forgotten after this long. @default never */
  readonly ttl?: DurationInput;
}

/**
 * The instance's own key-values; durable once the promise resolves. Values are what JSON can carry, up to 1 MB;
 * keys are 1 to 512 characters.
 */
export interface Store {
  /** `T` is what you stored there; nobody checks it. */
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown, options?: StoreOptions): Promise<void>;
  /** True when there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** Deletes every key that begins with `prefix`. @returns how many. */
  deleteAll(prefix: string): Promise<number>;
  /** Keys that begin with `prefix`, in order. */
  keys(prefix?: string): Promise<readonly string[]>;
  /** As `keys`, with the values. */
  entries<T>(prefix?: string): Promise<readonly { readonly key: string; readonly value: T }[]>;
  /** What this instance occupies, and what it may: a write above that is refused with `quota`. */
  usage(): Promise<StoreUsage>;
  /**
   * Changes a value that others may be changing too: `change` gets the present value, and its result is stored if
   * nobody was faster; otherwise it runs again, so it must do nothing but compute. Returning undefined deletes the key.
   * @returns what was stored.
   * @throws PluginError `conflict` after 100 attempts.
   */
  update<T>(
    key: string,
    change: (old: T | undefined) => T | undefined | Promise<T | undefined>,
    options?: StoreOptions,
  ): Promise<T | undefined>;
}

export interface StoreUsage {
  readonly entries: number;
  /** Keys and values as stored. */
  readonly bytes: number;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Rooms that the bot is in, or wants to be in. */
export interface Rooms {
  /** Needs `room.read`. */
  list(): Promise<readonly RoomSummary[]>;
  /** Needs `room.read`. Undefined for a room that the bot has nothing to do with. */
  info(room: string): Promise<RoomInfo | undefined>;
  /** Our line on the room's wall; empty takes it away. Needs `room.ticker`. */
  setTicker(room: string, ticker: string): Promise<RoomOutcome>;
  /** Private rooms; needs `moderate`, and the standing of owner or operator there. */
  addMember(room: string, user: string): Promise<RoomOutcome>;
  /** Private rooms; needs `moderate`. Operators can remove ordinary members only. */
  removeMember(room: string, user: string): Promise<RoomOutcome>;
  /** Private rooms of which the bot is the owner; needs `moderate`. */
  addOperator(room: string, user: string): Promise<RoomOutcome>;
  /** Private rooms of which the bot is the owner; needs `moderate`. */
  removeOperator(room: string, user: string): Promise<RoomOutcome>;
}

export interface Users {
  /** What is known of a user now. Needs `user.read`. */
  facts(user: string): Promise<UserFacts>;
  /**
   * What somebody really shares: their list is asked for, because counts of the server may be old or none at all. Needs
   * `user.read`. The same user at most once in ten minutes; the answer of the last time comes back until then.
   * @throws PluginError (as rejection) `failed` when they cannot be reached or do not say.
   */
  shares(user: string): Promise<UserShares>;
  /** The IPv4 address that the server knows, undefined when they are offline. Personal data: needs `user.address`. */
  address(user: string): Promise<string | undefined>;
  /** Keeps `user.status` events coming for somebody with whom the bot shares no room. Needs `user.read`. */
  watch(user: string): Registration;
}

/**
 * The only door between a plugin and the bot. Everything here is a registration or a promise, except `config`, `configIn`, `configuredRooms`,
 * `self`, `signal`, `t` and `random`; everything that passes is plain data and copied both ways.
 */
export interface Bot<Config = unknown> {
  /** The instance's part of config.yaml, checked by the plugin's schema. */
  readonly config: Config;
  /** The config as it counts in a room: with what `rooms` under the plugin's entry changes there. */
  configIn(room: string): Config;
  /** The rooms for which `configIn` may differ from `config`: those under `rooms` of the plugin's entry. */
  readonly configuredRooms: readonly string[];
  readonly self: Self;
  /** A text of the plugin's `texts`. */
  readonly t: Translate;
  /**
   * A number of [0, 1), evenly spread. Use it instead of `Math.random`: in a test it is the same every time. Not for secrets.
   */
  random(): number;
  /** Aborted when the plugin is unloaded; its reason says why. Give it to `fetch`. */
  readonly signal: AbortSignal;
  readonly log: BotLog;

  /**
   * Calls `handler` for every such event. Events of one user in one room come in order, one after the other, and so do
   * those of one user in private; others run meanwhile. `room.*` needs `room.read`, `private.message` needs `pm.read`,
   * `user.status` needs `user.read`.
   */
  on<E extends EventName>(event: E, handler: EventHandler<E>): Registration;
  on<E extends EventName>(event: E, filter: EventFilter<E>, handler: EventHandler<E>): Registration;

  /**
   * As `on`, for streams of which there is too much for one call each: what matches is collected by the host and comes as
   * a list. `search.request` needs `search.listen`.
   */
  onBatch<B extends BatchName>(
    stream: B,
    options: BatchMap[B]['options'],
    handler: BatchHandler<B>,
  ): Registration;

  /** Registers a command. The host checks roles, arguments and cooldown before `run`. */
  command<const A extends Args = NoArgs>(definition: CommandDefinition<A>): Registration;

  /** A line in a room. Resolves as soon as it is durably queued. Needs `room.say`. */
  say(room: string, text: string | readonly string[], options?: SendOptions): Promise<LineReceipt>;
  /** A private message. Resolves as soon as it is durably queued. Needs `pm.send`. */
  pm(user: string, text: string | readonly string[], options?: SendOptions): Promise<LineReceipt>;
  /** What became of a line of this plugin; undefined when it is not known (any more). */
  receipt(id: string, options?: ReceiptOptions): Promise<LineReceipt | undefined>;

  /**
   * Searches. A search that cannot run throws when its first hit is asked for. The governor paces all searches of all
   * plugins together. Needs `search.run`.
   * @throws PluginError (by the iterator) `search-refused`; `too-many` above 16 searches at a time; `invalid`.
   */
  search(options: SearchOptions): Search;
  /** Asks `answerer` about searches of other people that pass the filter. Needs `search.answer`. */
  answerSearches(filter: SearchRequestFilter, answerer: SearchAnswerer): Registration;

  /** Runs by the calendar, also after restarts and reloads. */
  schedule(options: ScheduleOptions, run: JobHandler): Registration;
  /** Runs again and again after the same time, also after restarts and reloads. */
  every(options: EveryOptions, run: JobHandler): Registration;
  /**
   * One-shot timers of one kind. Register the kind in `setup`, so that timers of an earlier run find their handler.
   * @param id unique within the plugin, 1 to 64 characters
   */
  timer<T>(id: string, run: TimerHandler<T>, options?: TimerOptions): Timers<T>;

  /** Sees, changes or stops lines before they go out, or before anybody sees them. Needs `intercept`. */
  intercept<D extends InterceptDirection>(
    direction: D,
    options: InterceptOptions,
    interceptor: Interceptor<D>,
  ): Registration;
  /** A conversation in several steps. */
  dialog<S extends StandardSchemaV1, const Step extends string>(
    definition: DialogDefinition<S, Step>,
  ): Dialog<StandardSchemaV1.InferOutput<S>>;

  /** Offers functions to other plugins, under a name that no other plugin uses. */
  provide(name: string, methods: ServiceMethods): Registration;
  /**
   * Another plugin's service, whether it is loaded yet or not.
   * @throws PluginError (as rejection of its functions) `no-service`; `failed` with what the other plugin threw.
   */
  use<T extends ServiceMethods>(name: string): Remote<T>;

  readonly metric: Metrics;
  /**
   * Notes a decision not to do something.
   * @returns its id, for `!why ID`.
   * @throws PluginError `invalid`; `too-many` above 120 a minute.
   */
  why(decision: Decision): Promise<string>;
  /** How to show and delete what is known about a person where `personal` in definePlugin does not say enough. */
  personal(handlers: PersonalHandlers): Registration;

  readonly web: Web;
  /** Searches that go on for years. */
  readonly wishlist: Wishlist;
  /** Tells people something, wherever they are. */
  readonly notify: Notify;
  /** Adds a rule that judges lines, or who comes in. */
  readonly rule: AddRule;
  /** What was decided about people, and what becomes of it. */
  readonly cases: Cases;
  /** Membership of private rooms, with a memory. */
  readonly members: Members;
  /** Adds a consequence that ladders can name. Needs `moderate`. */
  action(definition: ActionDefinition): Registration;
  readonly store: Store;
  readonly rooms: Rooms;
  readonly users: Users;

  /**
   * Runs when the plugin is unloaded, in turn with its registrations: newest first. The store still works then; what
   * takes longer than 5 s is left behind.
   */
  onDispose(run: () => unknown): Registration;
}
