import type { Self } from '../../api/bot.ts';
import type { CommandAnswer } from '../../api/command.ts';
import type { Plugin } from '../../api/define-plugin.ts';
import { PluginError } from '../../api/errors.ts';
import type { AnyEvent, Reply } from '../../api/events.ts';
import type { LineReceipt } from '../../api/lines.ts';
import type { Channel } from '../channel.ts';
import { checkPlain } from '../plain.ts';
import type { FromPlugin, RunnerLimits, ToPlugin, WireCommandResult } from '../wire.ts';
import { toWireError } from '../wire-error.ts';
import { CallTable } from './calls.ts';
import { describeConfig, readConfig } from './config.ts';
import { makeBot, wireOptions } from './facade.ts';
import { type Code, Registrations } from './registrations.ts';
import { Scope } from './scope.ts';
import { checkShape, ShapeError } from './shape.ts';

/** Until the host says which. */
const NO_LIMITS: RunnerLimits = { valueBytes: 0, calls: 0, waits: 0 };

/** Largest fields of one line in the log. */
const MAX_LOG_BYTES = 16_384;

/** Calls that wait for the network. They do not take the place of others. */
const LONG = new Set([
  'receipt',
  'rooms.setTicker',
  'rooms.addMember',
  'rooms.removeMember',
  'rooms.addOperator',
  'rooms.removeOperator',
  'search.next',
  'search.done',
]);

/**
 * The plugin's side of the channel: holds the plugin's code and its `bot`, and does what the host says. It knows
 * nothing of where it runs.
 */
export class PluginRunner {
  readonly #channel: Channel;
  readonly #load: () => Promise<unknown>;
  readonly #enter: <T>(run: () => T) => T;
  readonly #scope = new Scope();
  readonly #registrations = new Registrations(this.#scope, (message) =>
    this.#post(message, 'a registration'),
  );
  readonly #abort = new AbortController();
  #limits = NO_LIMITS;
  #calls = new CallTable(() => {}, NO_LIMITS);
  #plugin: Plugin | undefined;
  #config: unknown;

  /**
   * @param load imports the plugin's default export
   * @param enter runs the plugin's code; a place to mark what it starts as the plugin's
   */
  constructor(channel: Channel, load: () => Promise<unknown>, enter: <T>(run: () => T) => T) {
    this.#channel = channel;
    this.#load = load;
    this.#enter = enter;
    channel.onMessage((message) => this.#receive(message as ToPlugin));
  }

  #receive(message: ToPlugin): void {
    switch (message.t) {
      case 'load':
        this.#limits = message.limits;
        this.#calls = new CallTable(
          (call, method, args) => this.#post({ t: 'call', call, method, args }, `bot.${method}`),
          message.limits,
        );
        void this.#step('load', () => this.#doLoad());
        return;
      case 'configure':
        void this.#step('config', () => this.#doConfigure(message.config));
        return;
      case 'setup':
        void this.#step('setup', () => this.#doSetup(message.self));
        return;
      case 'invoke':
        void this.#invoke(message.call, message.reg, message.event, message.reply);
        return;
      case 'command':
        void this.#command(message);
        return;
      case 'batch':
        void this.#batch(message);
        return;
      case 'question':
        void this.#question(message);
        return;
      case 'accepted':
        this.#registrations.accepted(message.reg);
        return;
      case 'refused':
        this.#registrations.refused(message.reg, message.error);
        return;
      case 'return':
        this.#calls.settle(message.call, { value: message.value });
        return;
      case 'raise':
        this.#calls.settle(message.call, { error: message.error });
        return;
      case 'dispose':
        void this.#dispose(message.reason);
        return;
    }
  }

  async #step(code: 'load' | 'config' | 'setup', run: () => Promise<FromPlugin>): Promise<void> {
    try {
      this.#channel.post(await run());
    } catch (error) {
      this.#channel.post({
        t: 'failed',
        code: error instanceof ShapeError ? error.code : code,
        error: toWireError(error),
      } satisfies FromPlugin);
    }
  }

  async #doLoad(): Promise<FromPlugin> {
    const plugin = checkShape(await this.#enter(this.#load));
    this.#plugin = plugin;
    const configSchema = this.#enter(() => describeConfig(plugin.config));
    return { t: 'loaded', name: plugin.name, needs: [...plugin.needs], configSchema };
  }

  async #doConfigure(given: unknown): Promise<FromPlugin> {
    const result = await this.#enter(() => readConfig(this.#plugin?.config, given));
    if ('issues' in result) return { t: 'configured', issues: result.issues };
    this.#config = result.value;
    return { t: 'configured', issues: [] };
  }

  async #doSetup(self: Self): Promise<FromPlugin> {
    const bot = makeBot({
      config: this.#config,
      self,
      signal: this.#abort.signal,
      scope: this.#scope,
      registrations: this.#registrations,
      call: (method, ...args) => this.#calls.call(method, args, LONG.has(method)),
      log: (level, message, fields) => this.#log(level, message, fields),
      checkValue: (value, where) => checkPlain(value, where, this.#limits.valueBytes, 'json'),
    });
    await this.#enter(async () => this.#plugin?.setup(bot));
    await this.#registrations.allAccepted();
    return { t: 'ready' };
  }

  async #invoke(call: number, reg: number, event: AnyEvent, token: string | undefined): Promise<void> {
    const code = this.#registrations.find(reg);
    try {
      if (code?.kind === 'event') {
        const full = token === undefined ? event : { ...event, reply: this.#reply(token) };
        await this.#enter(async () => code.handler(full));
      }
      this.#channel.post({ t: 'result', call } satisfies FromPlugin);
    } catch (error) {
      this.#channel.post({ t: 'error', call, error: toWireError(error) } satisfies FromPlugin);
    }
  }

  async #command(message: Extract<ToPlugin, { t: 'command' }>): Promise<void> {
    const code = this.#registrations.find(message.reg);
    try {
      const value = code?.kind === 'command' ? await this.#run(code, message) : { reply: [], refund: true };
      this.#post({ t: 'result', call: message.call, value }, `the answer of !${message.input.command}`);
    } catch (error) {
      this.#channel.post({ t: 'error', call: message.call, error: toWireError(error) } satisfies FromPlugin);
    }
  }

  async #batch({ call, reg, items, dropped }: Extract<ToPlugin, { t: 'batch' }>): Promise<void> {
    const code = this.#registrations.find(reg);
    try {
      if (code?.kind === 'batch') await this.#enter(async () => code.handler(items, { dropped }));
      this.#channel.post({ t: 'result', call } satisfies FromPlugin);
    } catch (error) {
      this.#channel.post({ t: 'error', call, error: toWireError(error) } satisfies FromPlugin);
    }
  }

  async #question({ call, reg, question }: Extract<ToPlugin, { t: 'question' }>): Promise<void> {
    const code = this.#registrations.find(reg);
    try {
      const value =
        code?.kind === 'answerer' ? await this.#enter(async () => code.answerer(question)) : undefined;
      this.#post({ t: 'result', call, value }, 'the answer to a search');
    } catch (error) {
      this.#channel.post({ t: 'error', call, error: toWireError(error) } satisfies FromPlugin);
    }
  }

  async #run(
    { command }: Extract<Code, { kind: 'command' }>,
    { input, reply }: Extract<ToPlugin, { t: 'command' }>,
  ): Promise<WireCommandResult> {
    let refund = false;
    const context = {
      ...input,
      reply: this.#reply(reply),
      refundCooldown: () => {
        refund = true;
      },
    };
    const answer = await this.#enter(async () => command.run(context));
    return { reply: linesOf(answer, command.name), refund };
  }

  #reply(token: string): Reply {
    return async (text, options) =>
      (await this.#calls.call('reply', [token, text, wireOptions(options)], false)) as LineReceipt;
  }

  #log(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    // Plugins in JavaScript log anything.
    const given: unknown = message;
    const line = { t: 'log', level, message: String(given).slice(0, 4_000), fields } satisfies FromPlugin;
    try {
      checkPlain(fields, 'bot.log', MAX_LOG_BYTES, 'copy');
      this.#channel.post(line);
    } catch (error) {
      // A line without its fields tells more than an exception from a log.
      this.#channel.post({
        ...line,
        fields: { fieldsLost: toWireError(error).message },
      } satisfies FromPlugin);
    }
  }

  async #dispose(reason: string): Promise<void> {
    const error = new PluginError('unloaded', `The plugin was unloaded: ${reason}`);
    this.#abort.abort(error);
    await this.#enter(() =>
      this.#scope.close((where, thrown) => {
        this.#channel.post({ t: 'problem', where, error: toWireError(thrown) } satisfies FromPlugin);
      }),
    );
    this.#calls.close(error);
    const live = this.#scope.size + this.#registrations.size + this.#calls.size;
    this.#channel.post({ t: 'disposed', live } satisfies FromPlugin);
  }

  /** Posts something that holds the plugin's own values. @throws PluginError `not-plain`, `too-large` */
  #post(message: FromPlugin, where: string): void {
    checkPlain(message, where, this.#limits.valueBytes, 'copy');
    this.#channel.post(message);
  }
}

function linesOf(answer: CommandAnswer, command: string): readonly string[] {
  if (answer === undefined || answer === null) return [];
  const lines: unknown = typeof answer === 'string' ? [answer] : answer;
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) {
    throw new PluginError(
      'invalid',
      `run of command "${command}" must return text, a list of texts, or nothing`,
    );
  }
  return lines.filter((line) => line !== '');
}
