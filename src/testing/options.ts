import { fileURLToPath } from 'node:url';
import type { BotConfig } from '../bot/config/config.ts';
import { Secret } from '../bot/config/secret.ts';
import type { LimitOptions } from '../network/governor/limits.ts';
import type { Plugin } from '../plugins/api/define-plugin.ts';
import type { Need } from '../plugins/api/needs.ts';
import type { LoadRequest } from '../plugins/host/types.ts';
import type { RoomSeed, SandboxServerOptions } from '../sandbox/index.ts';

/** A plugin to test: the value, the module whose default export it is, or the absolute path or URL of its file. */
export type PluginUnderTest = Plugin | { readonly default: Plugin } | URL | string;

/** A room of the test. With an owner it is private. The bot is in every one of them that it may enter. */
export interface TestRoom {
  readonly name: string;
  readonly owner?: string;
  /** Without the owner. The bot is added by itself. */
  readonly members?: readonly string[];
  readonly operators?: readonly string[];
  /** Instead of the bot's prefix. */
  readonly prefix?: string;
  /** How people write there when it is not UTF-8. */
  readonly charset?: string;
}

export interface TestBotOptions {
  /** Where the plugin runs: in the bot's own process, behind the same channel as everywhere. @default 'inproc' */
  readonly mode?: 'inproc';
  /** The plugin's config. */
  readonly config?: unknown;
  /** What the config grants. @default everything that the plugin needs */
  readonly grant?: readonly Need[];
  /** The instance's id. @default the plugin's name */
  readonly id?: string;
  /** More plugins, by id. */
  readonly also?: Readonly<
    Record<
      string,
      { readonly plugin: PluginUnderTest; readonly config?: unknown; readonly grant?: readonly Need[] }
    >
  >;
  readonly roles?: {
    readonly owner?: readonly string[];
    readonly mod?: readonly string[];
    readonly trusted?: readonly string[];
  };
  /** @default ['indie'] */
  readonly rooms?: readonly (string | TestRoom)[];
  /** The time at which it begins: ISO text or milliseconds since the epoch. @default 2026-01-01T00:00:00Z */
  readonly at?: string | number;
  /** The bot's user name. @default 'seekeeper' */
  readonly user?: string;
  /** @default '!' */
  readonly prefix?: string;
  /** What a plugin that cannot be loaded does to the start. @default 'stop' */
  readonly onPluginFailure?: 'stop' | 'continue';
  /** Limits of the governor that differ from the defaults. */
  readonly limits?: LimitOptions;
  /** How the server behaves. */
  readonly server?: Omit<SandboxServerOptions, 'host' | 'port' | 'rooms'>;
  /** Everything random follows from it. @default 1 */
  readonly seed?: number | string;
}

export function roomsOf(options: TestBotOptions): readonly TestRoom[] {
  return (options.rooms ?? ['indie']).map((room) => (typeof room === 'string' ? { name: room } : room));
}

/** The rooms as they are before anybody comes. Public ones come into being when they are joined. */
export function roomSeeds(options: TestBotOptions, bot: string): RoomSeed[] {
  return roomsOf(options).flatMap(({ name, owner, members = [], operators = [] }) => {
    if (owner === undefined) return [];
    const all = [...members, ...operators, bot].filter((user) => user !== owner);
    return [{ name, owner, operators, members: [...new Set(all)] }];
  });
}

export function pluginsOf(plugin: PluginUnderTest, options: TestBotOptions): LoadRequest[] {
  const { config, grant, also = {} } = options;
  const requests = [request(options.id ?? nameOf(plugin), plugin, config, grant)];
  for (const [id, other] of Object.entries(also))
    requests.push(request(id, other.plugin, other.config, other.grant));
  return requests;
}

function request(
  id: string,
  plugin: PluginUnderTest,
  config: unknown,
  grant: readonly Need[] | undefined,
): LoadRequest {
  const use = typeof plugin === 'string' || plugin instanceof URL ? { path: pathOf(plugin) } : { plugin };
  return { id, use, config, ...(grant === undefined ? {} : { grant }) };
}

/** `import.meta.url` and the like are text. */
function pathOf(file: string | URL): string {
  return file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
}

function nameOf(plugin: PluginUnderTest): string {
  if (typeof plugin === 'string' || plugin instanceof URL) {
    return String(plugin)
      .split('/')
      .at(-1)!
      .replace(/\.[^.]*$/, '');
  }
  return 'default' in plugin ? plugin.default.name : plugin.name;
}

/** The config of a bot in this test. */
export function botConfig(
  options: TestBotOptions,
  user: string,
  server: { host: string; port: number },
): BotConfig {
  const { roles = {} } = options;
  return {
    bot: { user, password: new Secret('sandbox') },
    server,
    listen: { host: '0.0.0.0', port: 2234 },
    tree: { children: 10 },
    rooms: roomsOf(options).map(({ name, owner, prefix, charset }) => ({
      name,
      private: owner !== undefined,
      ...(prefix === undefined ? {} : { prefix }),
      ...(charset === undefined ? {} : { charset }),
    })),
    roles: { owner: roles.owner ?? [], mod: roles.mod ?? [], trusted: roles.trusted ?? [] },
    commands: { prefix: options.prefix ?? '!' },
    outgoing: options.limits ?? {},
    store: { path: ':memory:' },
    log: { level: 'info', format: 'json' },
    journal: { keepMs: 30 * 86_400_000 },
    shutdown: { drainMs: 5_000 },
    onPluginFailure: options.onPluginFailure ?? 'stop',
    plugins: [],
  };
}
