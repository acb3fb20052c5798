import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/time.ts';
import type { AnyEvent } from '../api/events.ts';
import type { Need } from '../api/needs.ts';
import { inProcessChannel } from './channel.ts';
import { CommandNames } from './command-names.ts';
import { Instance } from './instance.ts';
import { type LoadErrorCode, PluginLoadError } from './load-error.ts';
import { type FoundPlugin, findPlugin } from './loader.ts';
import { currentPlugin, runAsPlugin } from './plugin-context.ts';
import { isReservedId } from './reserved-id.ts';
import { PluginRunner } from './runner/plugin-runner.ts';
import type { HostServices } from './services.ts';
import type {
  BuiltinPlugins,
  CommandCall,
  CommandResult,
  DispatchOutcome,
  HostLimits,
  LoadRequest,
  PluginInfo,
  PluginInspection,
} from './types.ts';
import type { FromPlugin } from './wire.ts';
import { oneLine, toWireError } from './wire-error.ts';

export interface PluginHostOptions {
  readonly clock: Clock;
  readonly services: HostServices;
  /** Absolute path of the folder of config.yaml: paths and packages are found from there. */
  readonly baseDir: string;
  /** @default none */
  readonly builtins?: BuiltinPlugins;
  readonly limits?: Partial<HostLimits>;
}

const LIMITS: HostLimits = {
  setupMs: 10_000,
  disposeMs: 5_000,
  queue: 1_000,
  calls: 64,
  waits: 256,
  valueBytes: 1_048_576,
  registrations: 1_000,
  searches: 16,
  questions: 8,
  replies: 20,
  replyMs: 15 * 60_000,
};

const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/**
 * Loads plugins and keeps them apart: one may throw, hang or be unloaded and the others do not notice. Instances are
 * keyed by id; one plugin may be loaded several times.
 */
export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #limits: HostLimits;
  readonly #names = new CommandNames();
  readonly #instances = new Map<string, Instance>();

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /**
   * Loads a plugin's code and checks its config without running its `setup`.
   * @throws PluginLoadError (as rejection) when it cannot be loaded. What is wrong in the config is in `issues`.
   */
  async inspect(request: LoadRequest): Promise<PluginInspection> {
    const found = this.#find(request);
    const instance = this.#makeInstance(request, found);
    try {
      return await this.#withinTime(request, found, this.#open(request, found, instance));
    } finally {
      await instance.stop('only looked at');
    }
  }

  /**
   * Loads a plugin and runs its `setup`. When that fails, everything that it registered is undone.
   * @throws PluginLoadError (as rejection).
   */
  async load(request: LoadRequest): Promise<PluginInfo> {
    const found = this.#find(request);
    if (this.#instances.has(request.id)) {
      throw new PluginLoadError(request.id, 'id', found.from, 'an instance of that id is loaded already');
    }
    const instance = this.#makeInstance(request, found);
    this.#instances.set(request.id, instance);
    try {
      await this.#withinTime(request, found, this.#start(request, found, instance));
      return instance.info();
    } catch (error) {
      await instance.stop('it could not be loaded');
      if (this.#instances.get(request.id) === instance) this.#instances.delete(request.id);
      throw error;
    }
  }

  /** Unloads an instance; one that is not there is fine. Handlers that run are cut off: their calls reject. */
  async unload(id: string, reason: string): Promise<void> {
    const instance = this.#instances.get(id);
    if (instance === undefined) return;
    await instance.stop(reason);
    if (this.#instances.get(id) === instance) this.#instances.delete(id);
  }

  /** Unloads everything, the last loaded first. */
  async close(reason: string): Promise<void> {
    for (const id of [...this.#instances.keys()].reverse()) await this.unload(id, reason);
  }

  /** All instances, in the order in which they were loaded. */
  list(): readonly PluginInfo[] {
    return [...this.#instances.values()].map((instance) => instance.info());
  }

  /** Batches and questions that plugins are dealing with. */
  get streaming(): number {
    let streaming = 0;
    for (const instance of this.#instances.values()) streaming += instance.streaming;
    return streaming;
  }

  /**
   * Hands an event to every handler that wants it. Call it in the order in which things happened, and do not await it
   * where the network is read: it resolves when the last handler is done, which may be never. Never rejects.
   */
  async dispatch(event: AnyEvent): Promise<DispatchOutcome> {
    const offered: Promise<DispatchOutcome>[] = [];
    for (const instance of this.#instances.values()) {
      const outcome = instance.offer(event);
      if (outcome !== undefined) offered.push(outcome);
    }
    const total = { handled: 0, failed: 0, dropped: 0, unfinished: 0 };
    for (const outcome of await Promise.all(offered)) {
      total.handled += outcome.handled;
      total.failed += outcome.failed;
      total.dropped += outcome.dropped;
      total.unfinished += outcome.unfinished;
    }
    return total;
  }

  /** Runs a command, in turn with the events of the same person in the same place. Never rejects. */
  invokeCommand(instance: string, name: string, call: CommandCall): Promise<CommandResult> {
    return this.#instances.get(instance)?.command(name, call) ?? Promise.resolve({ state: 'unloaded' });
  }

  /**
   * For the process's `unhandledRejection` and `uncaughtException`.
   * @returns true when a plugin's code caused it; it is reported then.
   */
  noteUnhandled(thrown: unknown): boolean {
    const id = currentPlugin();
    if (id === undefined) return false;
    const error = toWireError(thrown);
    // After the unload its last promises are rejected, and nobody is left to care.
    if (error.code !== 'unloaded')
      this.#instances.get(id)?.report('unhandled', 'a promise or timer of its own', error);
    return true;
  }

  #find(request: LoadRequest): FoundPlugin {
    if (!ID.test(request.id)) {
      throw new PluginLoadError(
        request.id,
        'id',
        'config',
        'an id is letters, digits, "-", "_" and ".", at most 64',
      );
    }
    if (isReservedId(request.id)) {
      throw new PluginLoadError(request.id, 'id', 'config', 'this id is the name of the bot itself');
    }
    return findPlugin(request, this.#options.baseDir, this.#options.builtins ?? {});
  }

  #makeInstance({ id }: LoadRequest, found: FoundPlugin): Instance {
    const { clock, services } = this.#options;
    const ends = inProcessChannel();
    // The channel keeps it alive.
    new PluginRunner(
      ends.plugin,
      () => found.load(),
      (run) => runAsPlugin(id, run),
    );
    return new Instance({
      id,
      channel: ends.host,
      clock,
      services,
      names: this.#names,
      limits: this.#limits,
      ...(found.file === undefined ? {} : { file: found.file }),
    });
  }

  /** Imports the code and checks the config. */
  async #open(request: LoadRequest, found: FoundPlugin, instance: Instance): Promise<PluginInspection> {
    const { valueBytes, calls, waits } = this.#limits;
    // Files are read meanwhile.
    const hold = this.#options.clock.hold(`loading plugin ${request.id}`);
    let loaded: FromPlugin;
    try {
      loaded = await instance.ask({ t: 'load', limits: { valueBytes, calls, waits } });
    } finally {
      hold.release();
    }
    if (loaded.t !== 'loaded') throw failure(request, found, loaded);
    const needs = loaded.needs as readonly Need[];
    const granted = needs.filter((need) => request.grant === undefined || request.grant.includes(need));
    instance.identify(loaded.name, needs, granted);
    const configured = await instance.ask({ t: 'configure', config: request.config });
    if (configured.t !== 'configured') throw failure(request, found, configured);
    return {
      id: request.id,
      name: loaded.name,
      needs,
      granted,
      configSchema: loaded.configSchema,
      issues: configured.issues,
      ...(found.file === undefined ? {} : { file: found.file }),
    };
  }

  async #start(request: LoadRequest, found: FoundPlugin, instance: Instance): Promise<void> {
    const { name, issues } = await this.#open(request, found, instance);
    const first = issues[0];
    if (first !== undefined) {
      const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
      const where = ['config', ...first.path].join('.');
      throw new PluginLoadError(request.id, 'config', found.from, `${where}: ${first.message}${more}`, {
        issues,
      });
    }
    const self = { user: this.#options.services.self.user, id: request.id, plugin: name };
    const ready = await instance.ask({ t: 'setup', self });
    if (ready.t !== 'ready' || instance.state === 'stopping') throw failure(request, found, ready);
    try {
      instance.activate();
    } catch (error) {
      throw new PluginLoadError(request.id, 'setup', found.from, toWireError(error).message);
    }
  }

  #withinTime<T>(request: LoadRequest, found: FoundPlugin, work: Promise<T>): Promise<T> {
    const { setupMs } = this.#limits;
    const late = () =>
      new PluginLoadError(
        request.id,
        'timeout',
        found.from,
        `it was not ready after ${setupMs} ms: setup must only register things and return`,
      );
    return withTimeout(this.#options.clock, work, setupMs, late);
  }
}

function failure(request: LoadRequest, found: FoundPlugin, answer: FromPlugin): PluginLoadError {
  if (answer.t !== 'failed')
    return new PluginLoadError(request.id, 'unloaded', found.from, 'it was unloaded meanwhile');
  const { error } = answer;
  const code: LoadErrorCode = error.code === 'unloaded' ? 'unloaded' : answer.code;
  const prefix = code === 'load' ? 'cannot be loaded: ' : code === 'setup' ? 'setup failed: ' : '';
  return new PluginLoadError(request.id, code, found.from, prefix + oneLine(error.message), {
    stack: error.stack,
  });
}
