import type { Clock } from '../../platform/clock.ts';
import type { AnyEvent } from '../api/events.ts';
import { type Fingerprint, fingerprint, hasChanged } from './fingerprint.ts';
import { Held } from './held.ts';
import type { Instance } from './instance.ts';
import type { FoundPlugin } from './loader.ts';
import {
  activate,
  failure,
  handOver,
  migrateStore,
  type Opened,
  type Opening,
  openPlugin,
  pendingMigration,
  refuseIssues,
  setUp,
} from './opening.ts';
import type { SeatLoss } from './seat.ts';
import type { HostServices } from './services.ts';
import { Supervisor } from './supervisor.ts';
import type {
  CommandCall,
  CommandResult,
  DispatchOutcome,
  HostLimits,
  LoadRequest,
  PluginInfo,
  RuntimeChoice,
} from './types.ts';
import { oneLine, toWireError } from './wire-error.ts';

/** What a slot needs of the host. */
export interface SlotParts {
  readonly clock: Clock;
  readonly services: HostServices;
  readonly limits: HostLimits;
  /** @throws PluginLoadError `not-found`. */
  find(request: LoadRequest): FoundPlugin;
  /** @param staged what it does to the world waits until it takes over */
  make(request: LoadRequest, found: FoundPlugin, staged: boolean): Instance;
  /** It runs, or does not run any more. */
  changed(info: PluginInfo): void;
  /** Where it is to run. */
  runtime(request: LoadRequest, found: FoundPlugin): RuntimeChoice;
}

/** What is remembered of the version that serves. */
interface Serving {
  readonly instance: Instance;
  readonly request: LoadRequest;
  readonly print: Fingerprint;
  readonly handover: boolean;
  readonly runtime: RuntimeChoice;
}

/**
 * The place of one id. Versions of its plugin come and go; what happens meanwhile waits here, so that each event is
 * handled by one of them, once and in order.
 */
export class Slot {
  readonly id: string;
  readonly #parts: SlotParts;
  #serving: Serving | undefined;
  /** The version that is being loaded. */
  #candidate: Instance | undefined;
  /** Set while it is not settled who gets what happens. */
  #held: Held | undefined;
  readonly #supervisor: Supervisor;
  #reloads = 0;
  /** Why the latest version was not taken. */
  #refused: string | undefined;
  #since: number;
  #closed = false;
  #stopping: Promise<void> | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(id: string, parts: SlotParts) {
    this.id = id;
    this.#parts = parts;
    this.#since = parts.clock.now();
    this.#supervisor = new Supervisor({
      clock: parts.clock,
      restart: (runs) => this.#restart(runs),
      report: (kind, where, message) => this.instance?.report(kind, where, { message }),
      gaveUp: () => this.#giveUp(),
      changed: () => this.#tellState(),
    });
  }

  /** The version that serves; while there is none, the one that is being loaded. */
  get instance(): Instance | undefined {
    return this.#serving?.instance ?? this.#candidate;
  }

  info(): PluginInfo | undefined {
    const { instance } = this;
    if (instance === undefined) return undefined;
    const runtime = this.#serving?.runtime ?? { kind: 'inproc' };
    const info = instance.info();
    const problem = this.#supervisor.problem ?? this.#refused;
    return {
      ...info,
      state: this.#state(),
      runtime: runtime.kind,
      ...(runtime.kind === 'worker' && runtime.share !== undefined ? { share: runtime.share } : {}),
      restarts: this.#supervisor.restarts,
      ...(problem !== undefined && { problem }),
      since: this.#since,
      reloads: this.#reloads,
      queued: info.queued + (this.#held?.size ?? 0),
    };
  }

  /** Whether loading it like this would give another plugin than the one that serves. */
  changed(request: LoadRequest): boolean {
    return this.#serving === undefined || hasChanged(this.#serving.print, request);
  }

  /** Absolute paths of the files that it was loaded from. */
  get files(): readonly string[] {
    return [...(this.#serving?.print.files.keys() ?? [])];
  }

  offer(event: AnyEvent): Promise<DispatchOutcome> | undefined {
    return (this.#held ?? this.#serving?.instance)?.offer(event);
  }

  command(name: string, call: CommandCall): Promise<CommandResult> {
    return (
      (this.#held ?? this.#serving?.instance)?.command(name, call) ?? Promise.resolve({ state: 'unloaded' })
    );
  }

  /**
   * Loads the plugin, or a new version of it beside the one that serves, which goes on if that fails. One at a time.
   * @throws PluginLoadError (as rejection).
   */
  async bringIn(request: LoadRequest): Promise<PluginInfo> {
    const info = await this.#inTurn(() => this.#bringIn(request, () => this.#supervisor.replaced()));
    return this.info() ?? info;
  }

  /** Starts it if it is not running. @throws PluginLoadError (as rejection). */
  async release(): Promise<PluginInfo | undefined> {
    await this.#supervisor.release();
    return this.info();
  }

  /** Ends everything in it, whatever it is about. */
  stop(reason: string): Promise<void> {
    this.#closed = true;
    this.#supervisor.stop();
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  #tellState(): void {
    const info = this.info();
    if (info !== undefined) this.#parts.changed(info);
  }

  #state(): PluginInfo['state'] {
    if (this.#closed) return 'stopping';
    return this.#serving === undefined ? 'starting' : this.#supervisor.state;
  }

  async #stop(reason: string): Promise<void> {
    this.#held?.cancel();
    this.#held = undefined;
    await Promise.all([this.#candidate?.stop(reason), this.#serving?.instance.stop(reason)]);
    await this.#tail;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => {});
    return turn;
  }

  /** Its worker is gone: what happens meanwhile waits until it is started again. */
  #lost(instance: Instance, loss: SeatLoss & { readonly where: string }): void {
    if (this.#closed || this.#serving?.instance !== instance) return;
    this.#held ??= new Held(
      this.#parts.limits.queue,
      (what, limit) => instance.dropped(what, `too much came while it was started again (${limit})`),
      (event) => instance.wants(event),
    );
    this.#held.putBefore(instance.cutOff());
    this.#supervisor.lost(loss, loss.where);
  }

  /** Loads what is on disk, with the settings of before. */
  async #restart(runs: () => void): Promise<void> {
    await this.#inTurn(async () => {
      const serving = this.#serving;
      // Somebody may have loaded it meanwhile.
      if (serving?.instance.state === 'lost') await this.#bringIn(serving.request, runs);
    });
  }

  /** It is not started again: its commands are free, and private messages stay in the inbox. */
  #giveUp(): void {
    this.#held?.cancel();
    this.#held = undefined;
    this.#serving?.instance.deactivate();
  }

  /** @param runs it serves; its worker may be lost from here on, while the version before is still being ended */
  async #bringIn(request: LoadRequest, runs: () => void): Promise<PluginInfo> {
    const found = this.#parts.find(request);
    if (this.#closed) throw failure(request, found, { t: 'ready' });
    const old = this.#serving;
    const dead = old?.instance.state === 'lost';
    const instance = this.#parts.make(request, found, old !== undefined && !dead);
    this.#candidate = instance;
    const { clock, services, limits } = this.#parts;
    const opening: Opening = { request, found, instance, clock, services, limits };
    let undo: (() => Promise<void>) | undefined;
    try {
      const opened = await openPlugin(opening);
      refuseIssues(opening, opened);
      const print = fingerprint(request, opened.files);
      services.store.limit(this.id, request.quota ?? {});
      const from = await pendingMigration(opening, opened);
      if (from !== undefined) {
        if (old !== undefined && !dead) await this.#suspend(old.instance);
        undo = await migrateStore(opening, from, opened);
      }
      await setUp(opening);
      await this.#takeOver(opening, opened, old);
      const runtime = this.#parts.runtime(request, found);
      this.#serving = { instance, request, print, handover: opened.handover, runtime };
    } catch (error) {
      await instance.stop('it could not be loaded');
      // What was stored under the settings of before has room under those.
      if (old !== undefined) services.store.limit(this.id, old.request.quota ?? {});
      await this.#undo(undo, instance);
      if (old !== undefined) this.#keep(old, error);
      throw error;
    } finally {
      this.#candidate = undefined;
    }
    void instance.lost.then((loss) => this.#lost(instance, loss));
    this.#refused = undefined;
    this.#begin(instance);
    runs();
    if (old !== undefined) {
      if (!dead) this.#reloads++;
      // What it began with it may end, as far as there is time.
      await old.instance.idle();
      await old.instance.stop('a new version has taken over');
    }
    return this.info() as PluginInfo;
  }

  /** Nothing begins in it any more, and it changes nothing; what waits in it waits here. */
  async #suspend(old: Instance): Promise<void> {
    const held = this.#hold(old);
    await old.queueIdle();
    held.putBefore(old.handOver());
    // Its commands, interceptors and jobs stay known: none of them may be missed meanwhile.
    old.pause();
    // What it has begun with may still be written, in the layout that it knows.
    await old.idle();
    old.hold();
  }

  /** @param next already knows which events it wants */
  #hold(old: Instance, next?: Instance): Held {
    this.#held ??= new Held(
      this.#parts.limits.queue,
      (what, limit) => old.dropped(what, `too much came while it was reloaded (${limit})`),
      (event) => next === undefined || next.wants(event) || old.wants(event),
    );
    return this.#held;
  }

  /** @throws PluginLoadError (as rejection) when it cannot; the bot knows nothing of it then. */
  async #takeOver(opening: Opening, { handover }: Opened, old: Serving | undefined): Promise<void> {
    const { instance } = opening;
    if (old === undefined) {
      activate(opening, false);
      return;
    }
    if (this.#held === undefined) {
      const held = this.#hold(old.instance, instance);
      await old.instance.queueIdle();
      held.putBefore(old.instance.handOver());
    }
    this.#refuseClosed(opening);
    const handing = handover && old.handover && old.instance.state !== 'lost';
    // One step: nothing can happen between these two.
    old.instance.deactivate();
    activate(opening, handing);
    if (!handing) return;
    try {
      await old.instance.idle();
      await handOver(opening, old.instance);
      this.#refuseClosed(opening);
    } catch (error) {
      instance.deactivate();
      throw error;
    }
  }

  /** @throws PluginLoadError `unloaded` when the slot or the new version was stopped meanwhile. */
  #refuseClosed({ request, found, instance }: Opening): void {
    if (this.#closed || instance.state === 'stopping') throw failure(request, found, { t: 'ready' });
  }

  /** It serves: it hears how things stand, and then what has happened meanwhile. */
  #begin(instance: Instance): void {
    instance.release();
    instance.resume();
    for (const event of this.#parts.services.current()) void instance.offer(event);
    this.#endHold(instance);
  }

  /** The old version goes on as if nothing had been. */
  #keep(old: Serving, error: unknown): void {
    const { instance } = old;
    // There is nothing to go back to, but it is to be started again; in quarantine nothing may wait for that.
    if (instance.state === 'lost' && this.#supervisor.state !== 'quarantined') return;
    if (this.#closed || instance.state === 'lost' || instance.state === 'stopping') {
      this.#held?.cancel();
      this.#held = undefined;
      return;
    }
    try {
      if (instance.state === 'suspended') instance.activate();
    } catch (thrown) {
      instance.report('reload', 'going back', toWireError(thrown));
    }
    instance.release();
    instance.resume();
    this.#endHold(instance);
    this.#refused = oneLine(toWireError(error).message);
    instance.report('reload', 'reload', { message: this.#refused });
  }

  #endHold(instance: Instance): void {
    const held = this.#held;
    this.#held = undefined;
    held?.giveTo(instance);
  }

  async #undo(undo: (() => Promise<void>) | undefined, instance: Instance): Promise<void> {
    try {
      await undo?.();
    } catch (error) {
      instance.report('reload', 'putting back its stored data', toWireError(error));
    }
  }
}
