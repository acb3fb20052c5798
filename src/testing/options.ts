import { fileURLToPath } from 'node:url';
import type { BotConfig } from '../bot/config/config.ts';
import { Secret } from '../bot/config/secret.ts';
import { DEFAULT_WISHES, type WishesConfig } from '../bot/wishes/wish-config.ts';
import type { LimitOptions } from '../network/governor/limits.ts';
import type { Plugin } from '../plugins/api/define-plugin.ts';
import type { Need } from '../plugins/api/needs.ts';
import type { LoadRequest } from '../plugins/host/types.ts';
import type { RoomSeed, SandboxServerOptions } from '../sandbox/index.ts';
import { moderationOf } from './moderation.ts';

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
  /** Of plugins' texts there, instead of the bot's. */
  readonly language?: string;
}

export type TestMode = 'inproc' | 'worker';

/** What `plugins:` in config.yaml can say besides. */
export type HostSettings = Pick<LoadRequest, 'handlerMs' | 'quota' | 'privateHosts'> & {
  /** The name of a worker to share, in mode `worker`. */
  readonly share?: string;
  readonly memoryMb?: number;
};

export interface OtherPlugin {
  readonly plugin: PluginUnderTest;
  readonly config?: unknown;
  readonly configIn?: Readonly<Record<string, unknown>>;
  readonly grant?: readonly Need[];
  readonly host?: HostSettings;
}

export interface TestBotOptions {
  /**
   * Where the plugin runs: in the bot's own process, or in a worker, which needs the plugin's file.
   * @default what `seekeeper plugin test` runs at the moment, else 'inproc'
   */
  readonly mode?: TestMode;
  /** The plugin's config. */
  readonly config?: unknown;
  /** What the config grants. @default everything that the plugin needs */
  readonly grant?: readonly Need[];
  /** The instance's id. @default the plugin's name */
  readonly id?: string;
  /** What is different in a room. */
  readonly configIn?: Readonly<Record<string, unknown>>;
  /** Settings of the host for this plugin that the tests of a plugin seldom need: worker, budget, quota. */
  readonly host?: HostSettings;
  /** More plugins, by id, in the same mode. */
  readonly also?: Readonly<Record<string, OtherPlugin>>;
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
  /** Of plugins' texts. @default 'en' */
  readonly language?: string;
  /** Of jobs that name none. @default 'UTC' */
  readonly timezone?: string;
  /** What a plugin that cannot be loaded does to the start. @default 'stop' */
  readonly onPluginFailure?: 'stop' | 'continue';
  /**
   * Bots by name, and how many answers somebody gets that seems to be a bot. People in a test answer at once, as only bots
   * do, so it is off unless you set it. @default none, 0
   */
  readonly truce?: { readonly knownBots?: readonly string[]; readonly rounds?: number };
  /** Whether owners are told in private what goes wrong. @default false, so that a test of a plugin sees only its lines */
  readonly notify?: boolean;
  /** `moderation:` as in config.yaml. @default what that is without it */
  readonly moderation?: unknown;
  /** Whom wishes of scope `buddies` ask. @default nobody */
  readonly buddies?: readonly string[];
  /** What the config says about wishes; the rest has its defaults. */
  readonly wishes?: Partial<WishesConfig>;
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

/** @throws RangeError for a mode that there is not, or a worker without a file. */
export function pluginsOf(plugin: PluginUnderTest, options: TestBotOptions): LoadRequest[] {
  const mode = modeOf(options);
  const first = request(options.id ?? nameOf(plugin), { ...options, plugin }, mode);
  return [first, ...Object.entries(options.also ?? {}).map(([id, other]) => request(id, other, mode))];
}

/** What is different after a reload. */
export interface ReloadChanges {
  /** Its new version: in a worker its file. @default the same one, as it is on disk now */
  readonly plugin?: PluginUnderTest;
  readonly config?: unknown;
  readonly configIn?: Readonly<Record<string, unknown>>;
  readonly grant?: readonly Need[];
}

/** What is loaded after a reload of the first one. @throws RangeError as {@link pluginsOf}. */
export function reloadedPlugins(
  [first, ...others]: readonly LoadRequest[],
  options: TestBotOptions,
  { plugin, config, configIn, grant }: ReloadChanges,
): LoadRequest[] {
  if (first === undefined) return [];
  const changed = {
    ...first,
    ...(plugin === undefined ? {} : { use: sourceOf(first.id, plugin, modeOf(options)) }),
    ...(config === undefined ? {} : { config }),
    ...(configIn === undefined ? {} : { rooms: configIn }),
    ...(grant === undefined ? {} : { grant }),
  };
  return [changed, ...others];
}

/** @throws RangeError for a worker without a file. */
function sourceOf(id: string, plugin: PluginUnderTest, mode: TestMode): LoadRequest['use'] {
  if (typeof plugin === 'string' || plugin instanceof URL) return { path: pathOf(plugin) };
  if (mode === 'inproc') return { plugin };
  throw new RangeError(
    `Plugin ${id}: a worker needs the file, not the object: testBot(plugin, new URL('./${id}.ts', import.meta.url), …)`,
  );
}

function modeOf({ mode = process.env['SEEKEEPER_TEST_MODE'] ?? 'inproc' }: { mode?: string }): TestMode {
  // Whoever asks for another runtime must not believe that it was tested there.
  if (mode === 'inproc' || mode === 'worker') return mode;
  throw new RangeError(`There is no mode ${JSON.stringify(mode)}, only "inproc" and "worker"`);
}

function request(id: string, other: OtherPlugin, mode: TestMode): LoadRequest {
  const { plugin, config, configIn, grant, host = {} } = other;
  const { share, memoryMb, ...settings } = host;
  return {
    id,
    use: sourceOf(id, plugin, mode),
    config,
    runtime:
      mode === 'inproc'
        ? { kind: 'inproc' }
        : {
            kind: 'worker',
            ...(share === undefined ? {} : { share }),
            ...(memoryMb === undefined ? {} : { memoryMb }),
          },
    ...(configIn === undefined ? {} : { rooms: configIn }),
    ...(grant === undefined ? {} : { grant }),
    ...settings,
  };
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
  plugins: readonly string[],
): BotConfig {
  const { roles = {} } = options;
  return {
    bot: {
      user,
      password: new Secret('sandbox'),
      language: options.language ?? 'en',
      timezone: options.timezone ?? 'UTC',
    },
    server,
    listen: { host: '0.0.0.0', port: 2234 },
    tree: { children: 10 },
    rooms: roomsOf(options).map(({ name, owner, prefix, charset, language }) => ({
      name,
      private: owner !== undefined,
      ...(prefix === undefined ? {} : { prefix }),
      ...(charset === undefined ? {} : { charset }),
      ...(language === undefined ? {} : { language }),
    })),
    roles: { owner: roles.owner ?? [], mod: roles.mod ?? [], trusted: roles.trusted ?? [] },
    commands: { prefix: options.prefix ?? '!' },
    truce: { knownBots: options.truce?.knownBots ?? [], rounds: options.truce?.rounds ?? 0 },
    notify: { owners: options.notify ?? false, perDay: 10, channels: [] },
    moderation: moderationOf(options.moderation, {
      rooms: roomsOf(options).map(({ name }) => name),
      plugins,
    }),
    wishes: { ...DEFAULT_WISHES, ...options.wishes },
    buddies: options.buddies ?? [],
    outgoing: options.limits ?? {},
    store: { path: ':memory:' },
    log: { level: 'info', format: 'json' },
    journal: { keepMs: 30 * 86_400_000 },
    shutdown: { drainMs: 5_000 },
    onPluginFailure: options.onPluginFailure ?? 'stop',
    plugins: [],
  };
}
