import type { Clock } from '../../platform/clock.ts';
import type { AnyEvent } from '../api/events.ts';
import { CommandNames } from './command-names.ts';
import { Instance } from './instance.ts';
import { PluginLoadError } from './load-error.ts';
import { type FoundPlugin, findPlugin } from './loader.ts';
import { openPlugin } from './opening.ts';
import { currentPlugin } from './plugin-context.ts';
import { ProvidedServices } from './provided-services.ts';
import { isReservedId } from './reserved-id.ts';
import type { HostServices } from './services.ts';
import { Slot } from './slot.ts';
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
import { toWireError } from './wire-error.ts';
import { type SeatRequest, Seats } from './worker/seats.ts';
import type { HoldTimes } from './worker/turn-gate.ts';

export interface PluginHostOptions {
  readonly clock: Clock;
  readonly services: HostServices;
  /** Absolute path of the folder of config.yaml: paths and packages are found from there. */
  readonly baseDir: string;
  /** @default none */
  readonly builtins?: BuiltinPlugins;
  readonly limits?: Partial<HostLimits>;
  /** A plugin runs, or does not run any more. @default nobody is told */
  readonly onState?: (info: PluginInfo) => void;
  /** How long virtual time may wait for a worker, in real time. @default 9 s at its start, then 3 s */
  readonly holds?: HoldTimes;
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
  questions: 32,
  replies: 20,
  replyMs: 15 * 60_000,
  handlerMs: 30_000,
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
  readonly #provided = new ProvidedServices();
  readonly #slots = new Map<string, Slot>();
  readonly #seats: Seats;

  constructor(options: PluginHostOptions) {
    const { clock, services, holds } = options;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#seats = new Seats({
      clock,
      valueBytes: this.#limits.valueBytes,
      unhandled: (id, error) =>
        this.#slots.get(id)?.instance?.report('unhandled', 'a promise or timer of its own', error),
      output: ([id = '', ...others], line, lost) =>
        services.log(id, 'info', line, {
          printed: true,
          ...(others.length > 0 && { orOf: others }),
          ...(lost > 0 && { lost }),
        }),
      ...(holds === undefined ? {} : { holds }),
    });
  }

  /**
   * Loads a plugin's code and checks its config without running its `setup`.
   * @throws PluginLoadError (as rejection) when it cannot be loaded. What is wrong in the config is in `issues`.
   */
  async inspect(request: LoadRequest): Promise<PluginInspection> {
    const { clock, services } = this.#options;
    const found = this.#find(request);
    const instance = this.#makeInstance(request, found, false);
    try {
      const opening = { request, found, instance, clock, services, limits: this.#limits };
      return (await openPlugin(opening)).inspection;
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
    if (this.#slots.has(request.id)) {
      throw new PluginLoadError(request.id, 'id', found.from, 'an instance of that id is loaded already');
    }
    return this.#bringIn(request);
  }

  /**
   * Loads the plugin again, as it is on disk and in `request` now. The new version is set up while the old one serves; then
   * it takes over in one step. When anything fails the old one stays, and that is reported too. One that is not loaded is
   * loaded.
   * @throws PluginLoadError (as rejection).
   */
  async reload(request: LoadRequest): Promise<PluginInfo> {
    this.#find(request);
    this.#seats.together(request.id);
    return this.#bringIn(request);
  }

  /**
   * Starts an instance now that waits to be started again, or is not started again because it failed too often.
   * @returns undefined when there is no such instance.
   * @throws PluginLoadError (as rejection) when it cannot be started; it is not tried again then.
   */
  async release(id: string): Promise<PluginInfo | undefined> {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    this.#seats.together(id);
    return slot.release();
  }

  /** Whether its files or its settings are others than those with which it was loaded; true when it is not loaded. */
  changed(request: LoadRequest): boolean {
    return this.#slots.get(request.id)?.changed(request) ?? true;
  }

  /** Absolute paths of the files that an instance was loaded from, packages left out. */
  filesOf(id: string): readonly string[] {
    return this.#slots.get(id)?.files ?? [];
  }

  /** Unloads an instance; one that is not there is fine. Handlers that run are cut off: their calls reject. */
  async unload(id: string, reason: string): Promise<void> {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    await slot.stop(reason);
    if (this.#slots.get(id) === slot) this.#slots.delete(id);
  }

  /** Unloads everything, the last loaded first. */
  async close(reason: string): Promise<void> {
    for (const id of [...this.#slots.keys()].reverse()) await this.unload(id, reason);
  }

  /** All instances, in the order in which they were loaded. */
  list(): readonly PluginInfo[] {
    return [...this.#slots.values()].flatMap((slot) => slot.info() ?? []);
  }

  /** The handlers that an event would reach, in words; nothing happens. */
  wanting(event: AnyEvent): readonly { readonly plugin: string; readonly where: string }[] {
    return [...this.#slots.values()].flatMap(({ id, instance }) =>
      (instance?.wanting(event) ?? []).map((where) => ({ plugin: id, where })),
    );
  }

  /** Batches and questions that plugins are dealing with. */
  get streaming(): number {
    let streaming = 0;
    for (const slot of this.#slots.values()) streaming += slot.instance?.streaming ?? 0;
    return streaming;
  }

  /**
   * Hands an event to every handler that wants it. Call it in the order in which things happened, and do not await it
   * where the network is read: it resolves when the last handler is done, which may be never. Never rejects.
   */
  async dispatch(event: AnyEvent): Promise<DispatchOutcome> {
    const offered: Promise<DispatchOutcome>[] = [];
    for (const slot of this.#slots.values()) {
      const outcome = slot.offer(event);
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
    return this.#slots.get(instance)?.command(name, call) ?? Promise.resolve({ state: 'unloaded' });
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
      this.#slots.get(id)?.instance?.report('unhandled', 'a promise or timer of its own', error);
    return true;
  }

  async #bringIn(request: LoadRequest): Promise<PluginInfo> {
    const slot = this.#slots.get(request.id) ?? this.#makeSlot(request.id);
    this.#slots.set(request.id, slot);
    try {
      return await slot.bringIn(request);
    } finally {
      // Nothing came of it: the id is free again.
      if (slot.info() === undefined && this.#slots.get(request.id) === slot) this.#slots.delete(request.id);
    }
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

  #makeSlot(id: string): Slot {
    return new Slot(id, {
      clock: this.#options.clock,
      services: this.#options.services,
      limits: this.#limits,
      find: (request) => this.#find(request),
      changed: (info) => this.#options.onState?.(info),
      make: (request, found, staged) => this.#makeInstance(request, found, staged),
      runtime: (request, found) => this.#seats.choose(seatRequest(request, found)),
    });
  }

  #makeInstance(request: LoadRequest, found: FoundPlugin, staged: boolean): Instance {
    const { clock, services } = this.#options;
    const { id, handlerMs = this.#limits.handlerMs, privateHosts } = request;
    return new Instance({
      id,
      seat: this.#seats.open(seatRequest(request, found)),
      clock,
      services,
      names: this.#names,
      provided: this.#provided,
      limits: { ...this.#limits, handlerMs },
      staged,
      ...(privateHosts === undefined ? {} : { privateHosts }),
      ...(found.file === undefined ? {} : { file: found.file }),
    });
  }
}

function seatRequest({ id, runtime }: LoadRequest, found: FoundPlugin): SeatRequest {
  return { id, found, ...(runtime === undefined ? {} : { runtime }) };
}
