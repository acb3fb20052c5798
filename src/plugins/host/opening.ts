import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/time.ts';
import type { Need } from '../api/needs.ts';
import type { Instance } from './instance.ts';
import { type LoadErrorCode, PluginLoadError } from './load-error.ts';
import type { FoundPlugin } from './loader.ts';
import type { HostServices } from './services.ts';
import type { HostLimits, LoadRequest, PluginInspection } from './types.ts';
import type { FromPlugin } from './wire.ts';
import { oneLine, toWireError } from './wire-error.ts';

/** A plugin that is being loaded, and what it takes. */
export interface Opening {
  readonly request: LoadRequest;
  readonly found: FoundPlugin;
  readonly instance: Instance;
  readonly clock: Clock;
  readonly services: HostServices;
  readonly limits: HostLimits;
}

/** What the plugin said about itself. */
export interface Opened {
  readonly inspection: PluginInspection;
  readonly storeVersion: number;
  readonly handover: boolean;
  readonly files: readonly string[];
}

/** Imports the code and checks the config. @throws PluginLoadError (as rejection); issues of the config are no error. */
export function openPlugin(opening: Opening): Promise<Opened> {
  return inTime(opening, open(opening));
}

async function open({ request, found, instance, limits }: Opening): Promise<Opened> {
  const { valueBytes, calls, waits } = limits;
  const loaded = await instance.ask({ t: 'load', limits: { valueBytes, calls, waits } });
  if (loaded.t !== 'loaded') throw failure(request, found, loaded);
  const needs = loaded.needs as readonly Need[];
  const granted = needs.filter((need) => request.grant === undefined || request.grant.includes(need));
  instance.identify(loaded.name, needs, granted, loaded.personal);
  const configured = await instance.ask({
    t: 'configure',
    config: request.config,
    rooms: request.rooms ?? {},
  });
  if (configured.t !== 'configured') throw failure(request, found, configured);
  return {
    inspection: {
      id: request.id,
      name: loaded.name,
      needs,
      granted,
      configSchema: loaded.configSchema,
      issues: configured.issues,
      ...(found.file === undefined ? {} : { file: found.file }),
    },
    storeVersion: loaded.storeVersion,
    handover: loaded.handover,
    files: loaded.files,
  };
}

/** @throws PluginLoadError `config` when something is wrong in the config. */
export function refuseIssues({ request, found }: Opening, { inspection: { issues } }: Opened): void {
  const [first] = issues;
  if (first === undefined) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const where = [...(first.room === undefined ? ['config'] : ['rooms', first.room]), ...first.path];
  throw new PluginLoadError(request.id, 'config', found.from, `${where.join('.')}: ${first.message}${more}`, {
    issues,
  });
}

/**
 * Whether the stored data are of an earlier version, and of which.
 * @throws PluginLoadError `migrate` when they are of a later one.
 */
export async function pendingMigration(
  { request, found, services }: Opening,
  { storeVersion }: Opened,
): Promise<number | undefined> {
  const stored = await services.store.version(request.id);
  if (stored <= storeVersion) return stored < storeVersion ? stored : undefined;
  throw new PluginLoadError(
    request.id,
    'migrate',
    found.from,
    `its stored data are of version ${stored}, and this plugin knows them up to version ${storeVersion}: ` +
      'use the newer plugin again, or give this one another id',
  );
}

/**
 * Brings the stored data up to the plugin's version, all or nothing.
 * @returns puts back what was stored before.
 * @throws PluginLoadError `migrate`.
 */
export async function migrateStore(
  opening: Opening,
  from: number,
  { storeVersion }: Opened,
): Promise<() => Promise<void>> {
  const { request, found, instance, services } = opening;
  const before = await services.store.entries(request.id, '');
  const migrated = await inTime(opening, instance.ask({ t: 'migrate', from, entries: before }));
  if (migrated.t !== 'migrated') throw failure(request, found, migrated);
  try {
    await services.store.migrate(request.id, storeVersion, migrated.entries);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PluginLoadError(request.id, 'migrate', found.from, `its data cannot be stored: ${why}`);
  }
  return () => services.store.migrate(request.id, from, before);
}

/** Runs `setup` and `selfTest`. @throws PluginLoadError (as rejection). */
export async function setUp(opening: Opening): Promise<void> {
  const { request, found, instance, services } = opening;
  const { name } = instance.info();
  const ready = await inTime(
    opening,
    instance.ask({
      t: 'setup',
      self: { user: services.self.user, id: request.id, plugin: name },
      languages: services.languages,
      seed: services.seed(),
    }),
  );
  if (ready.t !== 'ready' || instance.state === 'stopping') throw failure(request, found, ready);
}

/**
 * Lets the bot know of it.
 * @param paused what comes in waits in front of it
 * @throws PluginLoadError `setup` when the bot refuses a command.
 */
export function activate({ request, found, instance }: Opening, paused: boolean): void {
  try {
    instance.activate(paused);
  } catch (error) {
    throw new PluginLoadError(request.id, 'setup', found.from, toWireError(error).message);
  }
}

/** Brings over the state of the version before. @throws PluginLoadError `handover`, `timeout` (as rejection). */
export async function handOver(opening: Opening, old: Instance): Promise<void> {
  const { request, found, instance } = opening;
  const saved = await inTime(opening, old.ask({ t: 'save' }));
  if (saved.t !== 'saved') throw failure(request, found, saved);
  const restored = await inTime(opening, instance.ask({ t: 'restore', state: saved.state }));
  if (restored.t !== 'restored') throw failure(request, found, restored);
}

/** A step that may take as long as loading may. @throws PluginLoadError `timeout`. */
function inTime<T>({ request, found, instance, clock, limits }: Opening, work: Promise<T>): Promise<T> {
  const { setupMs } = limits;
  return withTimeout(clock, work, setupMs, () => {
    const held = instance.held.map((method) => `bot.${method}`);
    const why =
      held.length === 0
        ? 'setup must only register things and return'
        : `it waits for ${held.join(', ')}, which happens only when this version takes over: do not await that in setup or selfTest`;
    return new PluginLoadError(
      request.id,
      'timeout',
      found.from,
      `it was not ready after ${setupMs} ms: ${why}`,
    );
  });
}

const PREFIX: Readonly<Partial<Record<LoadErrorCode, string>>> = {
  load: 'cannot be loaded: ',
  migrate: 'its stored data cannot be brought up to date: ',
  setup: 'setup failed: ',
  'self-test': 'its self-test failed: ',
  handover: 'the state of the version before cannot be taken over: ',
};

/** What a step that did not succeed means. */
export function failure(request: LoadRequest, found: FoundPlugin, answer: FromPlugin): PluginLoadError {
  if (answer.t !== 'failed')
    return new PluginLoadError(request.id, 'unloaded', found.from, 'it was unloaded meanwhile');
  const { error } = answer;
  const code: LoadErrorCode = error.code === 'unloaded' ? 'unloaded' : answer.code;
  const prefix = code === 'unloaded' ? '' : (PREFIX[code] ?? '');
  return new PluginLoadError(request.id, code, found.from, prefix + oneLine(error.message), {
    stack: error.stack,
  });
}
