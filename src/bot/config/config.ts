import type { LimitOptions } from '../../network/governor/limits.ts';
import type { ListenOptions } from '../../network/network-options.ts';
import type { LogLevel } from '../../platform/log.ts';
import type { Need } from '../../plugins/api/needs.ts';
import type { Secret } from './secret.ts';

/** config.yaml with defaults applied, secrets resolved and paths made absolute. Times are milliseconds. */
export interface BotConfig {
  readonly bot: {
    readonly user: string;
    readonly password: Secret;
    /** For its user info. */
    readonly description?: string;
  };
  readonly server: { readonly host: string; readonly port: number };
  /** False: no port is opened. */
  readonly listen: ListenOptions | false;
  readonly tree: { readonly children: number };
  readonly rooms: readonly RoomConfig[];
  readonly roles: RolesConfig;
  readonly commands: { readonly prefix: string };
  /** Limits for the governor, its flag included. */
  readonly outgoing: LimitOptions;
  readonly store: { readonly path: string };
  readonly log: {
    readonly level: LogLevel;
    readonly format: 'auto' | 'json' | 'pretty';
    readonly file?: string;
  };
  readonly journal: { readonly keepMs: number };
  readonly shutdown: { readonly drainMs: number };
  readonly onPluginFailure: 'stop' | 'continue';
  readonly plugins: readonly PluginConfig[];
}

export interface RoomConfig {
  readonly name: string;
  readonly private: boolean;
  /** WHATWG label, for text that is not UTF-8. */
  readonly charset?: string;
  /** Instead of `commands.prefix`. */
  readonly prefix?: string;
}

/** Exact, case-sensitive user names. */
export interface RolesConfig {
  readonly owner: readonly string[];
  readonly mod: readonly string[];
  readonly trusted: readonly string[];
}

/** A plugin to run. `id`, `use`, `config` and `grant` are those of the host's `LoadRequest`. */
export interface PluginConfig {
  readonly id: string;
  /** The key as it stands in the file: where diagnostics about this plugin point to (`['plugins', key, 'config', …]`). */
  readonly key: string;
  /** Paths are absolute. */
  readonly use: { readonly builtin: string } | { readonly path: string } | { readonly package: string };
  readonly config: unknown;
  readonly grant?: readonly Need[];
}
