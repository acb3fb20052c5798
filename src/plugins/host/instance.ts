import type { Clock } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import { withTimeout } from '../../platform/time.ts';
import { PluginError } from '../api/errors.ts';
import type { AnyEvent } from '../api/events.ts';
import type { Need } from '../api/needs.ts';
import type { PersonalKeys } from '../api/personal.ts';
import { Budgets } from './budget.ts';
import { CallDesk } from './call-desk.ts';
import type { CommandNames } from './command-names.ts';
import { Delivery } from './delivery.ts';
import { HostRegistrations } from './host-registrations.ts';
import { runAsHost } from './plugin-context.ts';
import type { ProvidedServices } from './provided-services.ts';
import { ReplyTokens } from './reply-tokens.ts';
import type { Seat, SeatLoss } from './seat.ts';
import type { HostServices, PluginProblem } from './services.ts';
import type { CommandCall, CommandResult, DispatchOutcome, HostLimits, PluginInfo } from './types.ts';
import type { Waiting } from './waiting.ts';
import type { FromPlugin, ToPlugin } from './wire.ts';
import { oneLine, toWireError, type WireError } from './wire-error.ts';

/** What a step of loading answers when the instance is stopped. */
const CUT_SHORT: FromPlugin = {
  t: 'failed',
  code: 'setup',
  error: { code: 'unloaded', message: 'it was unloaded meanwhile' },
};

/**
 * `suspended`: it gets nothing, another version has taken over or is about to. `lost`: its worker is gone; what it
 * registered stays until another version takes over.
 */
export type Phase = 'starting' | 'running' | 'suspended' | 'lost' | 'stopping';

/** Steps that it is asked for, one at a time. */
type Step = 'load' | 'configure' | 'migrate' | 'setup' | 'save' | 'restore';

/** What it knows about itself; the rest of PluginInfo is about the id. */
export type InstanceInfo = Omit<
  PluginInfo,
  'state' | 'problem' | 'runtime' | 'share' | 'restarts' | 'since' | 'reloads'
>;

/** What an instance works with. */
export interface InstanceParts {
  readonly id: string;
  readonly file?: string;
  /** For `bot.web`. */
  readonly privateHosts?: readonly string[];
  readonly seat: Seat;
  readonly clock: Clock;
  readonly services: HostServices;
  readonly names: CommandNames;
  readonly provided: ProvidedServices;
  readonly limits: HostLimits;
  /** What it does to the world waits until it takes over from another version. @default false */
  readonly staged?: boolean;
}

/** The host's side of one loaded plugin: routes events and calls in, and the plugin's calls out. */
export class Instance {
  readonly id: string;
  readonly #parts: InstanceParts;
  readonly #registrations: HostRegistrations;
  readonly #tokens: ReplyTokens;
  readonly #delivery: Delivery;
  readonly #budgets: Budgets;
  readonly #desk: CallDesk;
  readonly #counts = new Map<PluginProblem['kind'], number>();
  readonly #disposed = deferred();
  #state: Phase = 'starting';
  /** Set while what comes in waits, because the state of the version before is not there yet. */
  #paused: Deferred<void> | undefined;
  #name = '';
  #personal: readonly PersonalKeys[] = [];
  #undeclare: (() => void) | undefined;
  #needs: readonly Need[] = [];
  #granted: readonly Need[] = [];
  #answer: Deferred<FromPlugin> | undefined;
  #stopping: Promise<void> | undefined;
  #loss: SeatLoss | undefined;
  readonly #lost = deferred<SeatLoss & { readonly where: string }>();

  constructor(parts: InstanceParts) {
    const { id, services, names, provided, limits } = parts;
    this.id = id;
    this.#parts = parts;
    this.#tokens = new ReplyTokens(limits.replyMs, limits.replies);
    this.#budgets = new Budgets(parts.clock, limits.handlerMs);
    const require = (need: Need, what: string) => this.#require(need, what);
    this.#registrations = new HostRegistrations({
      id,
      services,
      names,
      provided,
      limit: limits.registrations,
      require,
      batch: async (route, items, dropped) => {
        await this.#paused?.promise;
        if (this.#state === 'running') await this.#delivery.batch(route, items, dropped);
      },
      question: async (route, question) => {
        await this.#paused?.promise;
        return this.#state === 'running' ? this.#delivery.question(route, question) : [];
      },
      run: async (route, input, target) => {
        await this.#paused?.promise;
        return this.#state === 'running' ? this.#delivery.run(route, input, target) : { how: 'cut' };
      },
    });
    this.#desk = new CallDesk({
      id,
      clock: parts.clock,
      services,
      provided,
      limits,
      tokens: this.#tokens,
      budgets: this.#budgets,
      privateHosts: parts.privateHosts ?? [],
      staged: parts.staged ?? false,
      require,
    });
    this.#delivery = new Delivery({
      channel: parts.seat.channel,
      budgets: this.#budgets,
      clock: parts.clock,
      limits,
      registrations: this.#registrations,
      tokens: this.#tokens,
      self: services.self.user,
      failed: (kind, where, error) => this.report(kind, where, error),
      dropped: (what, limit) => this.dropped(what, `its queue is full (${limit}); it is too slow`),
    });
    parts.seat.channel.onMessage((message) => runAsHost(() => this.#receive(message as FromPlugin)));
    void parts.seat.lost.then((loss) => this.#lose(loss));
  }

  get state(): Phase {
    return this.#state;
  }

  /** Resolves when its worker is gone without having been asked to go. */
  get lost(): Promise<SeatLoss & { readonly where: string }> {
    return this.#lost.promise;
  }

  /** Calls that wait for the takeover, by method. */
  get held(): readonly string[] {
    return this.#desk.held;
  }

  /** Batches and questions that it is dealing with. */
  get streaming(): number {
    return this.#delivery.streaming;
  }

  info(): InstanceInfo {
    const { file, seat } = this.#parts;
    const count = (kind: PluginProblem['kind']) => this.#counts.get(kind) ?? 0;
    const memory = seat.memory();
    return {
      id: this.id,
      name: this.#name,
      ...(file === undefined ? {} : { file }),
      ...(memory === undefined ? {} : { memory }),
      times: this.#budgets.times,
      needs: this.#needs,
      granted: this.#granted,
      handlers: this.#registrations.routes.size,
      commands: [...this.#registrations.commands.keys()],
      watches: this.#registrations.watches,
      queued: this.#delivery.queued,
      calls: this.#desk.calls,
      searches: this.#desk.searches,
      dropped: count('dropped'),
      failures: count('handler') + count('command') + count('unhandled') + count('timeout'),
    };
  }

  /** Asks the runner for the next step, and waits for its answer. */
  ask(message: Extract<ToPlugin, { t: Step }>): Promise<FromPlugin> {
    const answer = deferred<FromPlugin>();
    this.#answer = answer;
    if (this.#state === 'stopping') answer.resolve(CUT_SHORT);
    else if (this.#loss !== undefined) answer.resolve(lossAnswer(this.#loss));
    this.#parts.seat.channel.post(message);
    return answer.promise;
  }

  /** What the loaded module says about itself, and what the config lets it do. */
  identify(
    name: string,
    needs: readonly Need[],
    granted: readonly Need[],
    personal: readonly PersonalKeys[],
  ): void {
    this.#name = name;
    this.#needs = needs;
    this.#granted = granted;
    this.#personal = personal;
  }

  /**
   * `setup` succeeded: from here on it gets events and calls.
   * @param paused they wait in front of it until `resume`; only events must not be offered meanwhile
   * @throws Error when the bot refuses a command; nothing is known of it then.
   */
  activate(paused = false): void {
    if (paused) this.pause();
    this.#undeclare = this.#parts.services.personal.declare(this.id, this.#personal);
    try {
      this.#registrations.activate();
    } catch (error) {
      this.deactivate();
      throw error;
    }
    this.#state = 'running';
  }

  /** Takes back `activate`; what runs, runs on, and it can be activated again. */
  deactivate(): void {
    if (this.#state === 'running') this.#state = 'suspended';
    this.#registrations.deactivate();
    this.#undeclare?.();
    this.#undeclare = undefined;
    this.resume();
  }

  /** What it is asked for waits, until `resume` or `deactivate`; only events must not be offered meanwhile. */
  pause(): void {
    this.#paused ??= deferred();
  }

  /** Lets in what waits since it was activated or paused. */
  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  /** From now on what it does to the world waits. */
  hold(): void {
    this.#desk.hold();
  }

  /** What it wanted to do meanwhile happens now. */
  release(): void {
    this.#desk.release();
  }

  /** What one of the host's calls is for, while it runs: `room.message handler 2`. */
  whereIs(call: number): string | undefined {
    return this.#delivery.whereIs(call);
  }

  /** Whether one of its handlers wants the event. */
  wants(event: AnyEvent): boolean {
    return this.#delivery.wants(event);
  }

  /** Those of its handlers that want the event, in words. */
  wanting(event: AnyEvent): readonly string[] {
    return this.#delivery.wanting(event);
  }

  /** Its worker is gone: what ran is cut off. @returns what waits. */
  cutOff(): readonly Waiting[] {
    this.#state = 'lost';
    this.resume();
    const waiting = this.#delivery.handOver();
    this.#delivery.close();
    this.#desk.close('its worker is gone');
    return waiting;
  }

  /** Events and commands that wait, for another version. What runs, runs on. */
  handOver(): readonly Waiting[] {
    return this.#delivery.handOver();
  }

  /** Resolves when no event or command is left, or time is over. */
  queueIdle(): Promise<void> {
    return this.#inTime(this.#delivery.queueIdle());
  }

  /** Resolves when nothing is under way in it, or time is over. */
  idle(): Promise<void> {
    return this.#inTime(this.#delivery.idle());
  }

  /** @returns undefined when nothing here wants the event. */
  offer(event: AnyEvent): Promise<DispatchOutcome> | undefined {
    return this.#state === 'running' ? this.#delivery.offer(event) : undefined;
  }

  command(name: string, call: CommandCall): Promise<CommandResult> {
    if (this.#state !== 'running') return Promise.resolve({ state: 'unloaded' });
    return this.#delivery.command(name, call);
  }

  /** Ends it: nothing goes in any more, everything registered is undone, newest first. Always succeeds. */
  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  report(kind: PluginProblem['kind'], where: string, error: WireError): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#parts.services.report({
      instance: this.id,
      plugin: this.#name,
      kind,
      where,
      message: oneLine(error.message),
      ...(error.stack === undefined ? {} : { stack: error.stack }),
      count,
      at: this.#parts.clock.now(),
    });
  }

  /**
   * Something was dropped. Reports the first and then every time their number has doubled: a full queue must not fill the
   * log too.
   */
  dropped(what: string, message: string): void {
    const count = this.#counts.get('dropped') ?? 0;
    if (Number.isInteger(Math.log2(count + 1))) this.report('dropped', what, { message });
    else this.#counts.set('dropped', count + 1);
  }

  async #stop(reason: string): Promise<void> {
    const { seat, limits } = this.#parts;
    this.#state = 'stopping';
    this.#delivery.close();
    this.#answer?.resolve(CUT_SHORT);
    this.resume();
    this.#undeclare?.();
    this.#registrations.clear();
    this.#desk.close(reason);
    seat.channel.post({ t: 'dispose', reason } satisfies ToPlugin);
    // One that has lost its seat is as good as disposed.
    let done = this.#loss !== undefined;
    const disposed = Promise.race([this.#disposed.promise, seat.lost]);
    const note = () => {
      done = true;
    };
    if (!done) await this.#inTime(disposed.then(note));
    if (!done) {
      this.report('dispose', 'unload', {
        message: `it was not done after ${limits.disposeMs} ms and is left behind`,
      });
    }
    seat.channel.close();
    await seat.close();
    this.#tokens.clear();
  }

  #receive(message: FromPlugin): void {
    switch (message.t) {
      case 'loaded':
      case 'configured':
      case 'migrated':
      case 'ready':
      case 'saved':
      case 'restored':
      case 'failed':
        this.#answer?.resolve(message);
        return;
      case 'reg':
        void this.#register(message);
        return;
      case 'unreg':
        this.#registrations.remove(message.reg);
        return;
      case 'result':
        this.#delivery.settle(message.call, { how: 'done', value: message.value });
        return;
      case 'error':
        this.#delivery.settle(message.call, { how: 'error', error: message.error });
        return;
      case 'call':
        void this.#serve(message);
        return;
      case 'log':
        this.#parts.services.log(this.id, message.level, message.message, message.fields);
        return;
      case 'problem':
        this.report('dispose', message.where, message.error);
        return;
      case 'disposed':
        if (message.live > 0)
          this.report('dispose', 'unload', { message: `${message.live} registrations were left` });
        this.#disposed.resolve();
        return;
    }
  }

  #lose(loss: SeatLoss): void {
    this.#loss = loss;
    this.#answer?.resolve(lossAnswer(loss));
    const handler = loss.call === undefined ? undefined : this.#delivery.whereIs(loss.call);
    this.#lost.resolve({ ...loss, where: handler ?? loss.where ?? 'its worker' });
  }

  async #register({ reg, what }: Extract<FromPlugin, { t: 'reg' }>): Promise<void> {
    try {
      if (this.#state === 'stopping') throw new PluginError('unloaded', 'the plugin is being unloaded');
      await this.#registrations.add(reg, what);
      this.#parts.seat.channel.post({ t: 'accepted', reg } satisfies ToPlugin);
    } catch (thrown) {
      const error = toWireError(thrown);
      this.#parts.seat.channel.post({ t: 'refused', reg, error } satisfies ToPlugin);
      // During setup it fails the load, which says so already.
      if (this.#state === 'running') this.report('registration', what.kind, error);
    }
  }

  /** An answer that cannot be copied is our fault, and an answer all the same. */
  async #serve(message: Extract<FromPlugin, { t: 'call' }>): Promise<void> {
    const { channel } = this.#parts.seat;
    const answer = await this.#desk.serve(message);
    try {
      channel.post(answer);
    } catch (error) {
      const { message: text } = toWireError(error);
      channel.post({ t: 'raise', call: message.call, error: { message: text } } satisfies ToPlugin);
    }
  }

  #require(need: Need, what: string): void {
    if (this.#granted.includes(need)) return;
    throw new PluginError(
      'need-missing',
      this.#needs.includes(need)
        ? `${what} needs "${need}", which the config does not grant: add it to plugins.${this.id}.grant`
        : `${what} needs "${need}": add it to needs in definePlugin`,
    );
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const { clock, limits } = this.#parts;
    await withTimeout(clock, work, limits.disposeMs, () => new Error('timeout')).catch(() => {});
  }
}

/** What a step answers whose runner is gone. */
function lossAnswer({ message, where }: SeatLoss): FromPlugin {
  const during = where === undefined ? '' : ` (during ${where})`;
  const code = where === 'setup' ? 'setup' : 'load';
  return { t: 'failed', code, error: { message: `its worker ended: ${message}${during}` } };
}
