import type { Http } from '../../platform/http.ts';
import type { StoreUsage } from '../api/bot.ts';
import type { Case, Cases } from '../api/cases.ts';
import type { CommandSpec } from '../api/command.ts';
import type { AnyEvent } from '../api/events.ts';
import type { IncomingLine, OutgoingLine } from '../api/intercept.ts';
import type { StoreEntry } from '../api/lifecycle.ts';
import type { LineReceipt, Priority } from '../api/lines.ts';
import type { Members } from '../api/members.ts';
import type { Channel, NoticeReceipt, NotifyTarget } from '../api/notify.ts';
import type { UserFacts, UserShares } from '../api/people.ts';
import type { PersonalKeys } from '../api/personal.ts';
import type { RoomInfo, RoomOutcome, RoomRef, RoomSummary } from '../api/rooms.ts';
import type { RuleContext, RuleJoin, RuleLine, Verdict } from '../api/rule.ts';
import type {
  OfferedFile,
  SearchEnd,
  SearchHit,
  SearchQuestion,
  SearchRequest,
  SearchRequestFilter,
} from '../api/search.ts';
import type { JobRun, PendingTimer, TimerRun } from '../api/time.ts';
import type { Decision } from '../api/why.ts';
import type {
  Wish,
  WishFinds,
  WishPlan,
  WishProblem,
  WishQuery,
  WishResult,
  WishVerdict,
  WishWhy,
} from '../api/wishlist.ts';
import type {
  ActionSpec,
  DialogSpec,
  InterceptSpec,
  JobSpec,
  Languages,
  RetrySpec,
  RuleSpec,
  SearchPage,
  WireBatch,
  WireNotice,
  WireSearchOptions,
  WishSpec,
  WishSpecChange,
} from './wire.ts';

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
  entries(instance: string, prefix: string): Promise<readonly StoreEntry[]>;
  /** @returns how many. */
  deleteAll(instance: string, prefix: string): Promise<number>;
  usage(instance: string): Promise<StoreUsage>;
  /** Limits from the config, before anything is written. */
  limit(instance: string, quota: { readonly maxEntries?: number; readonly maxBytes?: number }): void;
  /** The version of the instance's data; 1 when nothing was ever said. */
  version(instance: string): Promise<number>;
  /** Replaces everything that the instance keeps, and its version, in one step. Expiry of keys that stay is kept. */
  migrate(instance: string, version: number, entries: readonly StoreEntry[]): Promise<void>;
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
  shares(instance: string, user: string): Promise<UserShares>;
  address(instance: string, user: string): Promise<string | undefined>;
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

/** How a run ended. `cut`: the plugin went away meanwhile; it counts as begun and not as done. */
export type RunOutcome =
  | { readonly how: 'done' }
  | { readonly how: 'error'; readonly message: string }
  | { readonly how: 'cut' };

/** Durable time: what is due is in the store, whether or not anybody is registered for it. */
export interface JobsService {
  /**
   * Calls `run` whenever the job is due, until the result is called. A job of that id that is stored goes on.
   * @throws Error `invalid` for an expression or time zone that cannot be read; `too-many`.
   */
  register(instance: string, spec: JobSpec, run: (run: JobRun) => Promise<RunOutcome>): () => void;
  /** Calls `run` for timers of this kind that are due, until the result is called. */
  listen(
    instance: string,
    kind: string,
    retry: RetrySpec,
    run: (payload: unknown, timer: TimerRun) => Promise<RunOutcome>,
  ): () => void;
  /** Durable once resolved. @throws Error `too-many` (as rejection). */
  setTimer(instance: string, kind: string, key: string, at: number, payload: unknown): Promise<void>;
  cancelTimer(instance: string, kind: string, key: string): Promise<boolean>;
  getTimer(instance: string, kind: string, key: string): Promise<PendingTimer<unknown> | undefined>;
  listTimers(instance: string, kind: string, prefix: string): Promise<readonly PendingTimer<unknown>[]>;
}

/** Interceptors of all plugins, in the bot's way in and out. */
export interface InterceptService {
  /**
   * Asks about every line until the result is called. A rejection, or none in time, is `spec.onError`'s business.
   * `ask` resolves to `{ text }`, `{ drop }` or undefined, checked by the host.
   */
  add(
    instance: string,
    spec: InterceptSpec,
    ask: (line: OutgoingLine | IncomingLine) => Promise<InterceptAnswer>,
  ): () => void;
}

export type InterceptAnswer =
  | { readonly text: string | readonly string[] }
  | { readonly drop: string }
  | undefined;

/** What a dialog's step gets. */
export interface DialogInput {
  readonly step: string;
  readonly user: string;
  readonly room?: RoomRef;
  readonly text: string;
  readonly state: unknown;
  readonly at: number;
  readonly redelivered: boolean;
}

/** What a step said. Without `to` it is over. */
export interface DialogAnswer {
  readonly say: readonly string[];
  readonly to?: string;
  /** The state from here on. */
  readonly state?: unknown;
}

export interface DialogsService {
  /** @param step runs a step in the plugin; the reply target is the dialog's place. */
  register(
    instance: string,
    spec: DialogSpec,
    step: (input: DialogInput, target: ReplyTarget) => Promise<DialogAnswer | RunOutcome>,
  ): () => void;
  /** @throws Error (as rejection) what the first step threw. */
  start(
    instance: string,
    dialog: string,
    partner: { readonly user: string; readonly room?: string },
    state: unknown,
  ): Promise<void>;
  end(
    instance: string,
    dialog: string,
    partner: { readonly user: string; readonly room?: string },
  ): Promise<boolean>;
}

/** What happened to one metric since the last report of it. */
export type MetricSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
} & MetricChange;

export type MetricChange =
  | { readonly kind: 'count'; readonly by: number }
  | { readonly kind: 'gauge'; readonly value: number }
  | {
      readonly kind: 'observe';
      readonly count: number;
      readonly sum: number;
      readonly least: number;
      readonly greatest: number;
    };

export interface MetricsService {
  /** @param lost changes of series that had no place any more. */
  record(instance: string, samples: readonly MetricSample[], lost: number): void;
}

export interface WhyService {
  /** @returns its id. */
  note(instance: string, decision: Decision): Promise<string>;
}

/** Who knows what about people. */
export interface PersonalService {
  /** What the plugin declared; until the result is called. */
  declare(instance: string, keys: readonly PersonalKeys[]): () => void;
  /** @param ask `show` resolves to what is kept, `forget` to a number. */
  handle(
    instance: string,
    what: string,
    ask: (act: 'show' | 'forget', user: string) => Promise<unknown>,
  ): () => void;
}

/** The wishes of all plugins. `deliver` resolves when the plugin has dealt with them; anything but `done` brings them again. */
export interface WishesService {
  /**
   * A wish that a plugin registers, until the result is called; then it rests, and is deleted after 30 days.
   * @param deliver absent: what `onFinds` registered hears of its finds
   * @throws Error `invalid`, `conflict`, `too-many`
   */
  register(instance: string, id: string, spec: WishSpec, deliver: DeliverFinds | undefined): () => void;
  onFinds(instance: string, deliver: DeliverFinds): () => void;
  add(instance: string, id: string | undefined, spec: WishSpec): Promise<Wish>;
  change(instance: string, id: string, change: WishSpecChange): Promise<Wish>;
  remove(instance: string, id: string): Promise<boolean>;
  get(instance: string, id: string): Promise<Wish | undefined>;
  list(instance: string, query: WishQuery): Promise<readonly Wish[]>;
  pause(instance: string, id: string, until: number | undefined): Promise<Wish>;
  resume(instance: string, id: string): Promise<Wish>;
  boost(instance: string, id: string): Promise<Wish>;
  results(instance: string, id: string, limit: number): Promise<readonly WishResult[]>;
  result(instance: string, id: string, number: number): Promise<WishResult | undefined>;
  why(instance: string, id: string): Promise<WishWhy>;
  forget(instance: string, id: string, user: string | undefined): Promise<number>;
  ignore(instance: string, user: string): Promise<void>;
  unignore(instance: string, user: string): Promise<boolean>;
  ignored(instance: string): Promise<readonly string[]>;
  experience(instance: string, user: string, how: 'good' | 'bad'): Promise<void>;
  check(instance: string, spec: WishSpec): Promise<readonly WishProblem[]>;
  test(instance: string, spec: WishSpec, hit: SearchHit): Promise<WishVerdict>;
  plan(instance: string, ms: number): Promise<WishPlan>;
}

export type DeliverFinds = (finds: WishFinds) => Promise<RunOutcome>;

/** What is told to people, by whatever way. */
export interface NoticesService {
  /** @throws Error `invalid`, `too-many`, `too-large` (as rejection) */
  tell(
    instance: string,
    targets: readonly NotifyTarget[],
    notice: WireNotice,
  ): Promise<readonly NoticeReceipt[]>;
  channels(instance: string): Promise<readonly Channel[]>;
}

export interface RulesService {
  /**
   * Judges with it until the result is called.
   * @param check rejects when the rule failed; undefined: no objection.
   * @throws Error `invalid`
   */
  add(
    instance: string,
    spec: RuleSpec,
    check: (what: RuleLine | RuleJoin, context: RuleContext) => Promise<Verdict | undefined>,
  ): () => void;
}

export interface ActionsService {
  /** @throws Error `invalid`, `conflict` */
  add(
    instance: string,
    spec: ActionSpec,
    run: (act: 'apply' | 'undo', of: Case) => Promise<RunOutcome>,
  ): () => void;
}

/** `Cases` for plugins: no rejection but for arguments (`invalid`, `not-found`) and the store. */
export type CasesService = {
  readonly [K in keyof Cases]: (instance: string, ...args: Parameters<Cases[K]>) => ReturnType<Cases[K]>;
};

/** `Members` for plugins. */
export type MembersService = {
  readonly [K in keyof Members]: (
    instance: string,
    ...args: Parameters<Members[K]>
  ) => ReturnType<Members[K]>;
};

/** Something went wrong with a plugin, for the log and the owner. */
export interface PluginProblem {
  readonly instance: string;
  readonly plugin: string;
  /**
   * `handler`, `command`: it threw; `registration`: refused after `setup`; `dispose`: unloading left something behind;
   * `dropped`: its queue was full; `unhandled`: a promise that nobody awaited rejected; `timeout`: a handler took longer
   * than it may; `worker`: its worker ended, and why; `quarantine`: it is not started again; `reload`: a new version was
   * not taken, and the old one stays.
   */
  readonly kind:
    | 'handler'
    | 'command'
    | 'registration'
    | 'dispose'
    | 'dropped'
    | 'unhandled'
    | 'timeout'
    | 'worker'
    | 'quarantine'
    | 'reload';
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
  readonly jobs: JobsService;
  readonly intercept: InterceptService;
  readonly dialogs: DialogsService;
  readonly metrics: MetricsService;
  readonly why: WhyService;
  readonly personal: PersonalService;
  readonly wishes: WishesService;
  readonly notices: NoticesService;
  readonly rules: RulesService;
  readonly actions: ActionsService;
  readonly cases: CasesService;
  readonly members: MembersService;
  /** How things stand, as events: the connection, and every room that the bot is in. For plugins that come late. */
  current(): readonly AnyEvent[];
  readonly languages: Languages;
  readonly http: Http;
  /** For `bot.random` of a plugin that is set up: another one every time. */
  seed(): string;
  report(problem: PluginProblem): void;
}
