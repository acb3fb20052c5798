import type { Self } from '../api/bot.ts';
import type { Power } from '../api/cases.ts';
import type { CommandSpec } from '../api/command.ts';
import type { AnyEvent } from '../api/events.ts';
import type { AnyFilter } from '../api/filter.ts';
import type { InterceptDirection } from '../api/intercept.ts';
import type { StoreEntry } from '../api/lifecycle.ts';
import type { Notice } from '../api/notify.ts';
import type { Role } from '../api/people.ts';
import type { PersonalKeys } from '../api/personal.ts';
import type { JsonSchema } from '../api/schema/types.ts';
import type {
  SearchEnd,
  SearchHit,
  SearchOptions,
  SearchQuestion,
  SearchRequest,
  SearchRequestFilter,
} from '../api/search.ts';
import type { WishOptions } from '../api/wishlist.ts';
import type { CommandCall, ConfigIssue } from './types.ts';
import type { WireError } from './wire-error.ts';

/*
 * The protocol between the host and a plugin's runner. Everything is plain data, in order, over a Channel.
 *
 *   host    load                 -> loaded | failed        the module is imported and its shape checked
 *           configure            -> configured | failed    the plugin's schema reads its config
 *           setup                -> ready | failed         setup ran, every registration was accepted
 *           migrate              -> migrated | failed      the plugin's store steps read every entry
 *           restore              -> restored | failed      state of the version before, after `ready`
 *           invoke, command,
 *           batch, question, run -> result | error         by `call`; the host numbers these
 *           save                 -> saved | failed         state for the next version
 *           dispose              -> disposed               everything registered is undone, newest first
 *   plugin  reg                  -> accepted | refused     by `reg`; the plugin numbers these
 *           unreg
 *           call                 -> return | raise         by `call`; the plugin numbers these
 *           log, problem
 */

/** What a plugin registers. */
export type WireRegistration =
  | { readonly kind: 'event'; readonly event: string; readonly filter: AnyFilter }
  | { readonly kind: 'command'; readonly spec: CommandSpec }
  | { readonly kind: 'watch'; readonly user: string }
  | { readonly kind: 'batch'; readonly stream: string; readonly wanted: WireBatch }
  | { readonly kind: 'answerer'; readonly filter: SearchRequestFilter }
  | { readonly kind: 'job'; readonly spec: JobSpec }
  | { readonly kind: 'timer'; readonly id: string; readonly retry: RetrySpec }
  | { readonly kind: 'intercept'; readonly spec: InterceptSpec }
  | { readonly kind: 'dialog'; readonly spec: DialogSpec }
  | { readonly kind: 'service'; readonly name: string; readonly methods: readonly string[] }
  | { readonly kind: 'personal'; readonly what: string }
  /** `handled`: it has a handler of its own. */
  | { readonly kind: 'wish'; readonly id: string; readonly spec: WishSpec; readonly handled: boolean }
  | { readonly kind: 'finds' }
  | { readonly kind: 'rule'; readonly spec: RuleSpec }
  | { readonly kind: 'action'; readonly spec: ActionSpec };

export interface RetrySpec {
  readonly attempts: number;
  readonly backoffMs: number;
}

/** A job without its code, with every default filled in. */
export interface JobSpec {
  readonly id: string;
  readonly when:
    | {
        readonly kind: 'cron';
        readonly cron: string;
        /** Absent: the bot's. */
        readonly timezone?: string;
        readonly gap: 'shift' | 'skip';
        readonly fold: 'first' | 'second' | 'both';
      }
    | { readonly kind: 'every'; readonly everyMs: number; readonly jitterMs: number };
  readonly misfire: 'once' | 'skip' | 'all';
  readonly overlap: 'skip' | 'wait';
  readonly retry: RetrySpec;
}

export interface InterceptSpec {
  readonly direction: InterceptDirection;
  readonly order: number;
  readonly timeoutMs: number;
  readonly onError: 'allow' | 'deny';
  /** Absent: everywhere, private lines included. */
  readonly rooms?: readonly string[];
}

export interface DialogSpec {
  readonly id: string;
  readonly timeoutMs: number;
  readonly onTimeout?: string;
  readonly cancel: readonly string[];
  readonly onCancel?: string;
  readonly steps: readonly string[];
}

/** WishOptions without an id, with durations in milliseconds; what was not said is absent. */
export type WishSpec = Omit<WishOptions, 'id' | 'every' | 'atMost'> & {
  readonly everyMs?: number;
  readonly atMostMs?: number;
};

/** What is to change of a WishSpec; null takes a value away. */
export type WishSpecChange = { readonly [K in keyof WishSpec]?: WishSpec[K] | null };

/** A rule without its code, with every default filled in. */
export interface RuleSpec {
  readonly id: string;
  readonly summary: string;
  readonly version: string;
  readonly on: 'line' | 'join';
  /** Absent: it looks back on nothing. */
  readonly window?: { readonly withinMs: number; readonly lines: number; readonly sameUser: boolean };
  readonly exempt: readonly Role[];
  /** Absent: a second. */
  readonly patienceMs?: number;
  /** Absent: every room. */
  readonly rooms?: readonly string[];
}

/** A consequence without its code. */
export interface ActionSpec {
  readonly id: string;
  readonly summary: string;
  /** Absent: everywhere. */
  readonly powers?: readonly Power[];
}

/** A Notice with its duration in milliseconds. */
export type WireNotice = Omit<Notice, 'ttl'> & { readonly ttlMs?: number };

/** SearchRequestOptions with durations in milliseconds. */
export interface WireBatch {
  readonly filter: SearchRequestFilter;
  readonly hashUsers?: boolean;
  readonly batchMs?: number;
  readonly maxBatch?: number;
}

/** SearchOptions with durations in milliseconds and without a signal. */
export type WireSearchOptions = Omit<SearchOptions, 'timeout' | 'ttl' | 'signal'> & {
  readonly timeoutMs?: number;
  readonly maxWaitMs?: number;
};

/** What `search.next` answers: hits, or the end. */
export interface SearchPage {
  readonly hits: readonly SearchHit[];
  readonly end?: SearchEnd;
}

/** A command call without its target, which stays with the host. */
export type WireCommandCall = Omit<CommandCall, 'target'>;

/** Languages for `bot.t`. */
export interface Languages {
  readonly usual: string;
  /** Rooms with another one. */
  readonly rooms: Readonly<Record<string, string>>;
}

/** What the runner needs to know before it loads anything. */
export interface RunnerLimits {
  readonly valueBytes: number;
  readonly calls: number;
  readonly waits: number;
}

export type ToPlugin =
  | { readonly t: 'load'; readonly limits: RunnerLimits }
  /** `rooms`: what is different there, by room; merged over `config`. */
  | {
      readonly t: 'configure';
      readonly config: unknown;
      readonly rooms: Readonly<Record<string, unknown>>;
    }
  /** `from`: the version of the stored data. */
  | { readonly t: 'migrate'; readonly from: number; readonly entries: readonly StoreEntry[] }
  /** Runs `setup`, then `selfTest` if there is one. */
  | { readonly t: 'setup'; readonly self: Self; readonly languages: Languages; readonly seed: string }
  | { readonly t: 'save' }
  | { readonly t: 'restore'; readonly state: unknown }
  | {
      readonly t: 'invoke';
      readonly call: number;
      readonly reg: number;
      readonly event: AnyEvent;
      readonly reply?: string;
    }
  | {
      readonly t: 'command';
      readonly call: number;
      readonly reg: number;
      readonly input: WireCommandCall;
      readonly reply: string;
    }
  | {
      readonly t: 'batch';
      readonly call: number;
      readonly reg: number;
      readonly items: readonly SearchRequest[];
      readonly dropped: number;
    }
  | { readonly t: 'question'; readonly call: number; readonly reg: number; readonly question: SearchQuestion }
  /** Everything else that a registration can be asked: what `input` and the answer are depends on its kind. */
  | {
      readonly t: 'run';
      readonly call: number;
      readonly reg: number;
      readonly input: unknown;
      readonly reply?: string;
    }
  | { readonly t: 'accepted'; readonly reg: number }
  | { readonly t: 'refused'; readonly reg: number; readonly error: WireError }
  | { readonly t: 'return'; readonly call: number; readonly value: unknown }
  | { readonly t: 'raise'; readonly call: number; readonly error: WireError }
  | { readonly t: 'dispose'; readonly reason: string };

export interface WireCommandResult {
  readonly reply: readonly string[];
  readonly refund: boolean;
}

export type FromPlugin =
  | {
      readonly t: 'loaded';
      readonly name: string;
      readonly needs: readonly string[];
      readonly configSchema: JsonSchema;
      readonly personal: readonly PersonalKeys[];
      readonly storeVersion: number;
      /** Whether the module exports `handover`. */
      readonly handover: boolean;
      /** Absolute paths of what it was read from, packages left out. */
      readonly files: readonly string[];
    }
  | { readonly t: 'configured'; readonly issues: readonly ConfigIssue[] }
  | { readonly t: 'migrated'; readonly entries: readonly StoreEntry[] }
  | { readonly t: 'ready' }
  | { readonly t: 'saved'; readonly state: unknown }
  | { readonly t: 'restored' }
  /** `code`: which step went wrong, in the words of PluginLoadError. */
  | {
      readonly t: 'failed';
      readonly code: 'load' | 'shape' | 'api' | 'config' | 'migrate' | 'setup' | 'self-test' | 'handover';
      readonly error: WireError;
    }
  | { readonly t: 'reg'; readonly reg: number; readonly what: WireRegistration }
  | { readonly t: 'unreg'; readonly reg: number }
  /** `value`: a WireCommandResult for a command, files for a question. */
  | { readonly t: 'result'; readonly call: number; readonly value?: unknown }
  | { readonly t: 'error'; readonly call: number; readonly error: WireError }
  /** `within`: the host's call during which it was made; the handler's time budget stands still meanwhile. */
  | {
      readonly t: 'call';
      readonly call: number;
      readonly method: string;
      readonly args: readonly unknown[];
      readonly within?: number;
    }
  | {
      readonly t: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  /** Something threw while it was disposed. */
  | { readonly t: 'problem'; readonly where: string; readonly error: WireError }
  /** `live`: registrations that are left; always 0 unless the runner is broken. */
  | { readonly t: 'disposed'; readonly live: number };
