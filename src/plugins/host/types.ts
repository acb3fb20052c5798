import type { Plugin } from '../api/define-plugin.ts';
import type { Need } from '../api/needs.ts';
import type { RoomRef } from '../api/rooms.ts';
import type { JsonSchema } from '../api/schema/types.ts';
import type { ReplyTarget } from './services.ts';

/** Where a plugin comes from. Paths and package names are resolved from the config's folder. */
export type PluginSource =
  | { readonly builtin: string }
  /** The built-in of that name, or else the package `seekeeper-plugin-NAME`. */
  | { readonly named: string }
  | { readonly path: string }
  | { readonly package: string }
  /** The value itself (tests, programs that embed the bot). */
  | { readonly plugin: unknown };

/** One entry under `plugins:` in config.yaml. */
export interface LoadRequest {
  /** The instance's id: the key in the config, and of everything stored for it. */
  readonly id: string;
  readonly use: PluginSource;
  /** As read from the config; undefined and null count as empty. */
  readonly config?: unknown;
  /** What it may do at most. @default all that it needs */
  readonly grant?: readonly Need[];
  /** What is different in a room: merged over `config`. @default nothing */
  readonly rooms?: Readonly<Record<string, unknown>>;
  /** @default in-process for built-ins and values, a worker of its own for files and packages */
  readonly runtime?: RuntimeChoice;
  /** How long one of its handlers may take, waiting for the host not counted, in milliseconds. @default the host's */
  readonly handlerMs?: number;
  /** Hosts (`host` or `host:port`) that `bot.web` may reach although their address is not public. @default none */
  readonly privateHosts?: readonly string[];
  /** What it may store. @default the store's */
  readonly quota?: { readonly maxEntries?: number; readonly maxBytes?: number };
}

/** Where a plugin runs. */
export type RuntimeChoice =
  | { readonly kind: 'inproc' }
  | {
      readonly kind: 'worker';
      /** Instances with the same name here share a worker. @default one of its own */
      readonly share?: string;
      /** Heap and buffers of the worker, in MiB. @default 128 */
      readonly memoryMb?: number;
    };

/** What is wrong in a plugin's config. */
export interface ConfigIssue {
  /** The room in whose part of `rooms` it is; absent: in `config`. */
  readonly room?: string;
  /** From there down. Empty: the whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** For an unknown key: the known one that looks most like it. */
  readonly nearest?: string;
  /** The path leads to a key that should not be there: the key is wrong, not its value. */
  readonly unknownKey?: true;
}

/** What can be told about a plugin without running its `setup`. */
export interface PluginInspection {
  readonly id: string;
  readonly name: string;
  readonly needs: readonly Need[];
  readonly granted: readonly Need[];
  /** `{ "type": "object" }` when the schema cannot describe itself. */
  readonly configSchema: JsonSchema;
  /** Empty: the config is good. */
  readonly issues: readonly ConfigIssue[];
  /** The file it came from, when it came from one. */
  readonly file?: string;
}

/** A loaded instance, now. */
export interface PluginInfo {
  readonly id: string;
  readonly name: string;
  readonly file?: string;
  /**
   * `restarting`: its worker ended, and it waits to be started again. `quarantined`: it failed too often and waits for a
   * person. `failed`: it could not be loaded.
   */
  readonly state: 'starting' | 'running' | 'stopping' | 'restarting' | 'quarantined' | 'failed';
  /** Why it is not running, or why its latest version was not taken, in words. */
  readonly problem?: string;
  readonly runtime: 'inproc' | 'worker';
  /** The name of a worker that it shares. */
  readonly share?: string;
  /** Of its worker, everybody in it included; absent in-process and before the first report. */
  readonly memory?: { readonly heapBytes: number; readonly externalBytes: number };
  /** How often its worker was started anew because something went wrong. */
  readonly restarts: number;
  /** When it was loaded, milliseconds since the epoch. */
  readonly since: number;
  /** Reloads that succeeded. */
  readonly reloads: number;
  /** Handlers, commands and runs that ended: how many, and their time without waiting for the host, in milliseconds. */
  readonly times: { readonly count: number; readonly meanMs: number; readonly maxMs: number };
  readonly needs: readonly Need[];
  readonly granted: readonly Need[];
  readonly handlers: number;
  readonly commands: readonly string[];
  readonly watches: number;
  /** Events and commands that wait or run. */
  readonly queued: number;
  /** Calls to the host that are under way. */
  readonly calls: number;
  /** Searches under way, or not read to their end. */
  readonly searches: number;
  /** Events that did not fit into the queue. */
  readonly dropped: number;
  /** Handlers and commands that threw, and promises that nobody awaited. */
  readonly failures: number;
}

/** What became of one event. */
export interface DispatchOutcome {
  /** Handlers that ran to their end. */
  readonly handled: number;
  /** Handlers that threw. Reported; they count as run. */
  readonly failed: number;
  /** Instances whose queue was full. Never for `private.message`. */
  readonly dropped: number;
  /** Handlers that were cut off, or never ran, because their instance was unloaded. A private message is not done then. */
  readonly unfinished: number;
}

/** A call of a command, after permission, parsing and cooldown. */
export interface CommandCall {
  /** Values by name, as the kinds of its arguments say; absent optional ones are left out. */
  readonly args: Readonly<Record<string, unknown>>;
  /** `console` when `source` is `cli`. */
  readonly user: string;
  readonly room?: RoomRef;
  readonly source: 'room' | 'private' | 'cli';
  /** What was handed over with it at the console. */
  readonly input?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The message's id; for a private one its inbox key. */
  readonly id: string;
  /** The name that was typed. */
  readonly command: string;
  readonly replayed: boolean;
  readonly redelivered: boolean;
  /** Where `ctx.reply` goes. */
  readonly target: ReplyTarget;
}

/**
 * How a command ended. `error`: it threw (reported already; the cooldown should be given back). `unloaded`: it was cut
 * off, or the instance or command is gone; a private message is not done then. `busy`: the instance's queue is full.
 */
export type CommandResult =
  | { readonly state: 'done'; readonly reply: readonly string[]; readonly refund: boolean }
  | { readonly state: 'error'; readonly message: string }
  | { readonly state: 'unloaded' }
  | { readonly state: 'busy' };

export interface HostLimits {
  /** From the start of loading to the end of `setup`, in milliseconds. @default 10_000 */
  readonly setupMs: number;
  /** For everything that runs at unload, in milliseconds. @default 5_000 */
  readonly disposeMs: number;
  /** Events and commands that wait or run, per instance. @default 1_000 */
  readonly queue: number;
  /** Calls under way at once, per instance; the rest waits in the plugin. @default 64 */
  readonly calls: number;
  /** Waits that may take long (receipts, room administration) at once, per instance. @default 256 */
  readonly waits: number;
  /** Size of one value that a plugin hands over, in bytes. @default 1_048_576 */
  readonly valueBytes: number;
  /** Handlers, commands and watches, per instance. @default 1_000 */
  readonly registrations: number;
  /** Searches at a time, per instance. @default 16 */
  readonly searches: number;
  /** Questions about other people's searches at a time, per instance; more are not asked. @default 32 */
  readonly questions: number;
  /** Answers to one event or call. @default 20 */
  readonly replies: number;
  /** How long an event or call can be answered, in milliseconds. @default 900_000 */
  readonly replyMs: number;
  /** How long a handler, command or run may take, waiting for the host not counted, in milliseconds. @default 30_000 */
  readonly handlerMs: number;
}

export interface BuiltinPlugins {
  /** The plugin, or how to import the module whose default export it is. */
  readonly [name: string]: Plugin | (() => Promise<{ readonly default: Plugin }>);
}
