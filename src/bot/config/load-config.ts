import { basename, dirname, resolve } from 'node:path';
import type { ListenOptions } from '../../network/network-options.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { BotConfig, PluginConfig, RoomConfig } from './config.ts';
import { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type Files, fileProblem, realFiles } from './files.ts';
import { issueDiagnostics } from './issues.ts';
import { type LimitValues, limitProblem, OUTGOING, passedBound, toLimitOptions } from './outgoing.ts';
import { type PasswordContext, resolvePassword } from './password.ts';
import { pluginEntries } from './plugin-entries.ts';
import { readChannels } from './read-channels.ts';
import { readModeration } from './read-moderation.ts';
import { readWishes } from './read-wishes.ts';
import { configSchema, type RawConfig } from './schema.ts';
import { Secret } from './secret.ts';

export interface LoadConfigOptions {
  /** Where the config is; paths in it are relative to its folder. */
  readonly path: string;
  /** Its text, if it is not to be read from `path`. */
  readonly text?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default the real ones */
  readonly files?: Files;
  /** Leave the password alone: whoever only asks a running bot has no need of it, and may not be able to read it. */
  readonly withoutSecrets?: boolean;
}

/**
 * A config that can be used, or everything that is wrong with it. Neither contains a secret in clear, but for what plugins
 * get: their part of the config is theirs, secrets included, and is never printed.
 */
export type LoadConfigResult =
  | {
      readonly ok: true;
      readonly config: BotConfig;
      readonly warnings: readonly Diagnostic[];
      /** Places in the file, for what plugins find wrong in their part. */
      readonly source: ConfigSource;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads, checks and completes the config. Never throws. */
export function loadConfig(options: LoadConfigOptions): LoadConfigResult {
  const { path, env, files = realFiles, withoutSecrets = false } = options;
  const configPath = resolve(path);
  const file = basename(path);
  let text: string;
  try {
    text = options.text ?? files.read(configPath);
  } catch (error) {
    const message = `the config file ${configPath} ${fileProblem(error)}`;
    return {
      ok: false,
      diagnostics: [{ severity: 'error', file: path, line: 0, column: 0, path: '', message }],
    };
  }
  const { source, value, problems } = ConfigSource.parse(file, text);
  if (problems.length > 0) return { ok: false, diagnostics: problems };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message =
      value === undefined || value === null ? 'the file is empty' : 'expected a map (key: value)';
    return {
      ok: false,
      diagnostics: [source.diagnose([], `${message}; config.example.yaml shows a complete one`)],
    };
  }
  const given = withoutEmptyKeys(value);
  const checked = configSchema.safeParse(given);
  if (!checked.success) {
    return {
      ok: false,
      diagnostics: inOrder(issueDiagnostics(checked.error.issues, configSchema, given, source)),
    };
  }
  return complete(checked.data, { source, configPath, env, files, withoutSecrets });
}

/** A key with nothing behind it counts as not given, except in what belongs to plugins. */
function withoutEmptyKeys(value: unknown, path: readonly string[] = []): unknown {
  if (path[0] === 'plugins' && path.length === 3) return value;
  if (path[0] === 'plugins' && path.length === 2 && value === null) return {};
  if (Array.isArray(value))
    return value.map((item: unknown) => (item === null ? item : withoutEmptyKeys(item, [...path, '[]'])));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([, item]) => item !== null || (path.length === 1 && path[0] === 'plugins'),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutEmptyKeys(item, [...path, key])]));
}

function complete(
  raw: RawConfig,
  context: PasswordContext & { readonly withoutSecrets: boolean },
): LoadConfigResult {
  const { source, configPath, withoutSecrets } = context;
  const password = withoutSecrets
    ? { password: new Secret(''), problems: [] }
    : resolvePassword(raw.bot.password, context);
  const plugins = pluginEntries(raw.plugins, context);
  const rooms = raw.rooms.map(
    (room): RoomConfig => (typeof room === 'string' ? { name: room, private: false } : compact(room)),
  );
  const outgoing = limits(raw, source);
  const moderation = readModeration(raw.moderation, {
    source,
    rooms: rooms.map(({ name }) => name),
    plugins: plugins.plugins.map(({ id }) => id),
  });
  const channels = readChannels(raw.notify.channels, {
    ...context,
    timezone: raw.bot.timezone,
    rooms: rooms.map(({ name }) => name),
  });
  const wishes = readWishes(raw.wishes, source);
  const problems = [
    ...password.problems,
    ...plugins.problems,
    ...outgoing.problems,
    ...moderation.problems,
    ...wishes.problems,
    ...channels.problems,
    ...twiceNamed(rooms, source),
    ...elsewhere(plugins.plugins, rooms, source),
  ];
  if (password.password === undefined || problems.some(({ severity }) => severity === 'error')) {
    return { ok: false, diagnostics: inOrder(problems) };
  }
  const inFolder = (path: string) => resolve(dirname(configPath), path);
  const config: BotConfig = {
    bot: {
      user: raw.bot.user,
      password: password.password,
      language: raw.bot.language,
      timezone: raw.bot.timezone,
      ...(raw.bot.description !== undefined && { description: raw.bot.description }),
    },
    server: raw.server,
    listen: raw.listen && listenOf(raw.listen),
    tree: raw.tree,
    rooms,
    roles: raw.roles,
    commands: raw.commands,
    truce: { knownBots: raw.truce['known-bots'], rounds: raw.truce.rounds },
    notify: { owners: raw.notify.owners, perDay: raw.notify['per-day'], channels: channels.channels },
    moderation: moderation.moderation,
    wishes: wishes.wishes,
    buddies: raw.buddies,
    outgoing: outgoing.options,
    store: { path: inFolder(raw.store.path) },
    log: {
      level: raw.log.level,
      format: raw.log.format,
      ...(raw.log.file !== undefined && { file: inFolder(raw.log.file) }),
    },
    journal: { keepMs: raw.journal.keep },
    shutdown: { drainMs: raw.shutdown.drain },
    onPluginFailure: raw['on-plugin-failure'],
    plugins: plugins.plugins,
  };
  return { ok: true, config, warnings: inOrder(problems), source };
}

function listenOf({
  host,
  port,
  'obfuscated-port': obfuscatedPort,
}: Exclude<RawConfig['listen'], false>): ListenOptions {
  return { host, port, ...(obfuscatedPort !== undefined && { obfuscatedPort }) };
}

function compact(room: {
  readonly name: string;
  readonly private: boolean;
  charset?: string | undefined;
  prefix?: string | undefined;
  language?: string | undefined;
}): RoomConfig {
  const { name, charset, prefix, language } = room;
  return {
    name,
    private: room.private,
    ...(charset !== undefined && { charset }),
    ...(prefix !== undefined && { prefix }),
    ...(language !== undefined && { language }),
  };
}

function limits(raw: RawConfig, source: ConfigSource) {
  const { 'allow-above-ceiling': allow, ...given } = raw.outgoing;
  const read = given as Readonly<Record<string, LimitValues>>;
  const values: Record<string, number> = {};
  const problems: Diagnostic[] = [];
  for (const key of Object.keys(OUTGOING)) {
    const numbers = read[key] ?? {};
    for (const [name, number] of Object.entries(numbers)) {
      const path = ['outgoing', key];
      const problem = limitProblem(name, number, allow);
      const passed = passedBound(name, number);
      if (problem !== undefined) problems.push(source.diagnose(path, problem));
      else if (passed !== undefined) {
        const message = `beyond what is known to be safe (${passed}); more gets bots banned`;
        problems.push(source.diagnose(path, message, { severity: 'warning' }));
      }
    }
    Object.assign(values, numbers);
  }
  return { options: toLimitOptions(values, allow), problems };
}

function twiceNamed(rooms: readonly RoomConfig[], source: ConfigSource): Diagnostic[] {
  return rooms.flatMap(({ name }, index) =>
    rooms.findIndex((room) => room.name === name) === index
      ? []
      : [source.diagnose(['rooms', index], `the room "${name}" is named twice`)],
  );
}

/** What a plugin does differently in a room that the bot has no business in is most likely a misspelt name. */
function elsewhere(
  plugins: readonly PluginConfig[],
  rooms: readonly RoomConfig[],
  source: ConfigSource,
): Diagnostic[] {
  const names = rooms.map(({ name }) => name);
  return plugins.flatMap(({ key, rooms: different = {} }) =>
    Object.keys(different)
      .filter((room) => !names.includes(room))
      .map((room) => {
        const nearest = nearestKey(room, names);
        return source.diagnose(['plugins', key, 'rooms', room], `the room "${room}" is not among "rooms"`, {
          severity: 'warning',
          atKey: true,
          ...(nearest !== undefined && { nearest }),
        });
      }),
  );
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
}
