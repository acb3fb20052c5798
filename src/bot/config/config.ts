import type { LimitOptions } from '../../network/governor/limits.ts';
import type { ListenOptions } from '../../network/network-options.ts';
import type { LogLevel } from '../../platform/log.ts';
import type { Need } from '../../plugins/api/needs.ts';
import type { RuntimeChoice } from '../../plugins/host/types.ts';
import type { ChannelConfig } from '../notify/channel-config.ts';
import type { WishesConfig } from '../wishes/wish-config.ts';
import type { ModerationConfig } from './moderation-config.ts';
import type { Secret } from './secret.ts';

/** config.yaml with defaults applied, secrets resolved and paths made absolute. Times are milliseconds. */
export interface BotConfig {
  readonly bot: {
    readonly user: string;
    readonly password: Secret;
    /** Of texts of plugins: a BCP 47 tag in lower case. */
    readonly language: string;
    /** Of jobs that name none: an IANA name. */
    readonly timezone: string;
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
  readonly truce: TruceConfig;
  readonly notify: NotifyConfig;
  readonly moderation: ModerationConfig;
  readonly wishes: WishesConfig;
  /** Whom wishes of scope `buddies` ask: exact user names. */
  readonly buddies: readonly string[];
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
  /** Instead of `bot.language`. */
  readonly language?: string;
}

/** How bots are kept from talking with each other without end. */
export interface TruceConfig {
  /** Exact user names. */
  readonly knownBots: readonly string[];
  /** Answers until there is silence; 0: never. */
  readonly rounds: number;
}

/** Who is told what goes wrong. */
export interface NotifyConfig {
  /** True: those of `roles.owner`. */
  readonly owners: boolean | readonly string[];
  readonly perDay: number;
  /** Where plugins can tell people something. */
  readonly channels: readonly ChannelConfig[];
}

/** Exact, case-sensitive user names. */
export interface RolesConfig {
  readonly owner: readonly string[];
  readonly mod: readonly string[];
  readonly trusted: readonly string[];
}

/** A plugin to run: a `LoadRequest` of the host, and where it stands in the file. */
export interface PluginConfig {
  readonly id: string;
  /** The key as it stands in the file: where diagnostics about this plugin point to (`['plugins', key, 'config', …]`). */
  readonly key: string;
  /** Paths are absolute. */
  readonly use:
    | { readonly builtin: string }
    /** The built-in of that name, or else the package `seekeeper-plugin-NAME`. */
    | { readonly named: string }
    | { readonly path: string }
    | { readonly package: string };
  readonly config: unknown;
  /** What is different in rooms. */
  readonly rooms?: Readonly<Record<string, unknown>>;
  /** How long one of its handlers may take. */
  readonly handlerMs?: number;
  readonly grant?: readonly Need[];
  readonly quota?: { readonly maxEntries: number; readonly maxBytes: number };
  readonly privateHosts?: readonly string[];
  /** Absent: as the host thinks best. */
  readonly runtime?: RuntimeChoice;
}
