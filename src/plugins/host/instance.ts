import type { Clock } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import { withTimeout } from '../../platform/time.ts';
import { PluginError } from '../api/errors.ts';
import type { AnyEvent } from '../api/events.ts';
import type { Need } from '../api/needs.ts';
import type { Channel } from './channel.ts';
import type { CommandNames } from './command-names.ts';
import { Delivery } from './delivery.ts';
import { HOST_CALLS } from './host-calls.ts';
import { HostRegistrations } from './host-registrations.ts';
import { HostSearches } from './host-searches.ts';
import { runAsHost } from './plugin-context.ts';
import { ReplyTokens } from './reply-tokens.ts';
import type { HostServices, PluginProblem } from './services.ts';
import type { CommandCall, CommandResult, DispatchOutcome, HostLimits, PluginInfo } from './types.ts';
import type { FromPlugin, ToPlugin } from './wire.ts';
import { oneLine, toWireError, type WireError } from './wire-error.ts';

/** What a step of loading answers when the instance is stopped. */
const CUT_SHORT: FromPlugin = {
  t: 'failed',
  code: 'setup',
  error: { code: 'unloaded', message: 'it was unloaded meanwhile' },
};

/** What an instance works with. */
export interface InstanceParts {
  readonly id: string;
  readonly file?: string;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly services: HostServices;
  readonly names: CommandNames;
  readonly limits: HostLimits;
}

/** The host's side of one loaded plugin: routes events and calls in, and the plugin's calls out. */
export class Instance {
  readonly id: string;
  readonly #parts: InstanceParts;
  readonly #registrations: HostRegistrations;
  readonly #tokens: ReplyTokens;
  readonly #delivery: Delivery;
  readonly #searches: HostSearches;
  readonly #counts = new Map<PluginProblem['kind'], number>();
  readonly #disposed = deferred();
  #state: PluginInfo['state'] = 'starting';
  #name = '';
  #needs: readonly Need[] = [];
  #granted: readonly Need[] = [];
  #answer: Deferred<FromPlugin> | undefined;
  #stopping: Promise<void> | undefined;
  #calls = 0;

  constructor(parts: InstanceParts) {
    const { id, services, names, limits } = parts;
    this.id = id;
    this.#parts = parts;
    this.#tokens = new ReplyTokens(limits.replyMs, limits.replies);
    const require = (need: Need, what: string) => this.#require(need, what);
    this.#registrations = new HostRegistrations({
      id,
      services,
      names,
      limit: limits.registrations,
      require,
      batch: async (route, items, dropped) => {
        if (this.#state === 'running') await this.#delivery.batch(route, items, dropped);
      },
      question: async (route, question) =>
        this.#state === 'running' ? this.#delivery.question(route, question) : [],
    });
    this.#searches = new HostSearches(id, services.search, limits.searches);
    this.#delivery = new Delivery({
      channel: parts.channel,
      clock: parts.clock,
      limits,
      registrations: this.#registrations,
      tokens: this.#tokens,
      self: services.self.user,
      failed: (kind, where, error) => this.report(kind, where, error),
      dropped: (what, limit) => this.#dropped(what, limit),
    });
    parts.channel.onMessage((message) => runAsHost(() => this.#receive(message as FromPlugin)));
  }

  get state(): PluginInfo['state'] {
    return this.#state;
  }

  /** Batches and questions that it is dealing with. */
  get streaming(): number {
    return this.#delivery.streaming;
  }

  info(): PluginInfo {
    const { file } = this.#parts;
    const count = (kind: PluginProblem['kind']) => this.#counts.get(kind) ?? 0;
    return {
      id: this.id,
      name: this.#name,
      ...(file === undefined ? {} : { file }),
      state: this.#state,
      needs: this.#needs,
      granted: this.#granted,
      handlers: this.#registrations.routes.size,
      commands: [...this.#registrations.commands.keys()],
      watches: this.#registrations.watches,
      queued: this.#delivery.queued,
      calls: this.#calls,
      searches: this.#searches.size,
      dropped: count('dropped'),
      failures: count('handler') + count('command') + count('unhandled'),
    };
  }

  /** Asks the runner for the next step of loading, and waits for its answer. */
  ask(message: Extract<ToPlugin, { t: 'load' | 'configure' | 'setup' }>): Promise<FromPlugin> {
    const answer = deferred<FromPlugin>();
    this.#answer = answer;
    if (this.#state === 'stopping') answer.resolve(CUT_SHORT);
    this.#parts.channel.post(message);
    return answer.promise;
  }

  /** What the loaded module says about itself, and what the config lets it do. */
  identify(name: string, needs: readonly Need[], granted: readonly Need[]): void {
    this.#name = name;
    this.#needs = needs;
    this.#granted = granted;
  }

  /** `setup` succeeded: from here on it gets events and calls. @throws Error when the bot refuses a command. */
  activate(): void {
    this.#registrations.activate();
    this.#state = 'running';
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

  async #stop(reason: string): Promise<void> {
    const { channel, clock, limits } = this.#parts;
    this.#state = 'stopping';
    this.#delivery.close();
    this.#answer?.resolve(CUT_SHORT);
    this.#registrations.clear();
    this.#searches.close();
    channel.post({ t: 'dispose', reason } satisfies ToPlugin);
    await withTimeout(clock, this.#disposed.promise, limits.disposeMs, () => new Error('timeout')).catch(
      () => {
        this.report('dispose', 'unload', {
          message: `it was not done after ${limits.disposeMs} ms and is left behind`,
        });
      },
    );
    channel.close();
    this.#tokens.clear();
  }

  #receive(message: FromPlugin): void {
    switch (message.t) {
      case 'loaded':
      case 'configured':
      case 'ready':
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

  async #register({ reg, what }: Extract<FromPlugin, { t: 'reg' }>): Promise<void> {
    try {
      if (this.#state === 'stopping') throw new PluginError('unloaded', 'the plugin is being unloaded');
      await this.#registrations.add(reg, what);
      this.#parts.channel.post({ t: 'accepted', reg } satisfies ToPlugin);
    } catch (thrown) {
      const error = toWireError(thrown);
      this.#parts.channel.post({ t: 'refused', reg, error } satisfies ToPlugin);
      // During setup it fails the load, which says so already.
      if (this.#state === 'running') this.report('registration', what.kind, error);
    }
  }

  async #serve({ call, method, args }: Extract<FromPlugin, { t: 'call' }>): Promise<void> {
    const { channel, clock, limits, services } = this.#parts;
    this.#calls++;
    try {
      // The runner waits by itself; this holds when it does not.
      if (this.#calls > limits.calls + limits.waits)
        throw new PluginError('too-many', `${method}: too many calls at once`);
      const run = HOST_CALLS.get(method);
      if (run === undefined) throw new PluginError('invalid', `the host knows no ${method}`);
      const value = await run(
        {
          id: this.id,
          services,
          tokens: this.#tokens,
          searches: this.#searches,
          require: (need, what) => this.#require(need, what),
          now: () => clock.monotonic(),
        },
        args,
      );
      channel.post({ t: 'return', call, value } satisfies ToPlugin);
    } catch (error) {
      const { code, message } = toWireError(error);
      // Without its stack, which is ours and no business of the plugin.
      const wire: WireError = { message, ...(code === undefined ? {} : { code }) };
      channel.post({ t: 'raise', call, error: wire } satisfies ToPlugin);
    } finally {
      this.#calls--;
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

  /** Reports the first and then every time their number has doubled: a full queue must not fill the log too. */
  #dropped(what: string, limit: number): void {
    const count = this.#counts.get('dropped') ?? 0;
    if (Number.isInteger(Math.log2(count + 1))) {
      this.report('dropped', what, {
        message: `its queue is full (${limit}); it is too slow`,
      });
    } else this.#counts.set('dropped', count + 1);
  }
}
