import { SeededRandom } from '../../../platform/virtual/seeded-random.ts';
import { PluginError } from '../../api/errors.ts';
import type { Reply } from '../../api/events.ts';
import type { StoreEntry } from '../../api/lifecycle.ts';
import type { LineReceipt } from '../../api/lines.ts';
import type { Channel } from '../channel.ts';
import type { LoadedModule } from '../loaded-module.ts';
import { checkPlain } from '../plain.ts';
import type { FromPlugin, RunnerLimits, ToPlugin } from '../wire.ts';
import { toWireError, type WireError } from '../wire-error.ts';
import { CallTable } from './calls.ts';
import { describeConfig } from './config.ts';
import { currentCall } from './current-call.ts';
import { makeBot, wireOptions } from './facade.ts';
import { Invocations } from './invocations.ts';
import { migrateEntries } from './migrate.ts';
import { Registrations } from './registrations.ts';
import { type RoomConfigs, readRoomConfigs } from './room-configs.ts';
import { Scope } from './scope.ts';
import { type CheckedModule, checkModule, ShapeError } from './shape.ts';
import { makeTranslate } from './texts.ts';

type StepCode = Extract<FromPlugin, { t: 'failed' }>['code'];

/** Something threw that has a name of its own within a step. */
class StepError extends Error {
  readonly code: StepCode;
  /** What was thrown, as it crosses. */
  readonly wire: WireError;

  constructor(code: StepCode, thrown: unknown) {
    super(code);
    this.code = code;
    this.wire = toWireError(thrown);
  }
}

/** Until the host says which. */
const NO_LIMITS: RunnerLimits = { valueBytes: 0, calls: 0, waits: 0 };

/** Largest fields of one line in the log. */
const MAX_LOG_BYTES = 16_384;

/** Calls that wait for the network or for a plugin. They do not take the place of others. */
const LONG = new Set([
  'receipt',
  'rooms.setTicker',
  'rooms.addMember',
  'rooms.removeMember',
  'rooms.addOperator',
  'rooms.removeOperator',
  'search.next',
  'search.done',
  'web.fetch',
  'dialog.start',
  'services.call',
  'users.shares',
  'users.address',
  'cases.sanction',
  'cases.undo',
  'cases.pardon',
  'cases.decide',
  'cases.answerAppeal',
  'members.invite',
  'members.remove',
  'members.op',
  'members.deop',
  'members.admit',
]);

/**
 * The plugin's side of the channel: holds the plugin's code and its `bot`, and does what the host says. It knows
 * nothing of where it runs.
 */
export class PluginRunner {
  readonly #channel: Channel;
  readonly #load: () => Promise<LoadedModule>;
  readonly #enter: <T>(run: () => T) => T;
  readonly #scope = new Scope();
  readonly #registrations = new Registrations(this.#scope, (message) =>
    this.#post(message, 'a registration'),
  );
  readonly #invocations: Invocations;
  readonly #abort = new AbortController();
  #limits = NO_LIMITS;
  #calls = new CallTable(() => {}, NO_LIMITS);
  #module: CheckedModule | undefined;
  #configs: RoomConfigs | undefined;

  /**
   * @param load imports the plugin's file
   * @param enter runs the plugin's code; a place to mark what it starts as the plugin's
   */
  constructor(channel: Channel, load: () => Promise<LoadedModule>, enter: <T>(run: () => T) => T) {
    this.#channel = channel;
    this.#load = load;
    this.#enter = enter;
    this.#invocations = new Invocations({
      registrations: this.#registrations,
      enter,
      reply: (token) => this.#reply(token),
      post: (message, where) => this.#post(message, where),
      failed: (message) => channel.post(message),
    });
    channel.onMessage((message) => this.#receive(message as ToPlugin));
  }

  #receive(message: ToPlugin): void {
    switch (message.t) {
      case 'load':
        this.#limits = message.limits;
        this.#calls = new CallTable(
          (call, method, args, within) =>
            this.#post(
              { t: 'call', call, method, args, ...(within === undefined ? {} : { within }) },
              `bot.${method}`,
            ),
          message.limits,
        );
        void this.#step('load', () => this.#doLoad());
        return;
      case 'configure':
        void this.#step('config', () => this.#doConfigure(message.config, message.rooms));
        return;
      case 'migrate':
        void this.#step('migrate', () => this.#doMigrate(message.from, message.entries));
        return;
      case 'setup':
        void this.#step('setup', () => this.#doSetup(message));
        return;
      case 'save':
        void this.#step('handover', () => this.#doSave());
        return;
      case 'restore':
        void this.#step('handover', () => this.#doRestore(message.state));
        return;
      case 'invoke':
      case 'command':
      case 'batch':
      case 'question':
      case 'run':
        void this.#invocations.handle(message);
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

  async #step(code: StepCode, run: () => Promise<FromPlugin>): Promise<void> {
    try {
      this.#channel.post(await run());
    } catch (error) {
      this.#channel.post({
        t: 'failed',
        code: error instanceof ShapeError || error instanceof StepError ? error.code : code,
        error: error instanceof StepError ? error.wire : toWireError(error),
      } satisfies FromPlugin);
    }
  }

  async #doLoad(): Promise<FromPlugin> {
    const loaded = await this.#enter(this.#load);
    const module = checkModule(loaded);
    const { plugin } = module;
    this.#module = module;
    const configSchema = this.#enter(() => describeConfig(plugin.config));
    return {
      t: 'loaded',
      name: plugin.name,
      needs: [...plugin.needs],
      configSchema,
      personal: plugin.personal ?? [],
      storeVersion: plugin.store?.version ?? 1,
      handover: module.handover !== undefined,
      files: loaded.files,
    };
  }

  async #doConfigure(config: unknown, rooms: Readonly<Record<string, unknown>>): Promise<FromPlugin> {
    const result = await this.#enter(() => readRoomConfigs(this.#module?.plugin.config, config, rooms));
    if ('issues' in result) return { t: 'configured', issues: result.issues };
    this.#configs = result;
    return { t: 'configured', issues: [] };
  }

  async #doMigrate(from: number, entries: readonly StoreEntry[]): Promise<FromPlugin> {
    const { valueBytes } = this.#limits;
    const migrated = this.#enter(() => migrateEntries(this.#module?.plugin.store, from, entries, valueBytes));
    return { t: 'migrated', entries: migrated };
  }

  async #doSetup({ self, seed, languages }: Extract<ToPlugin, { t: 'setup' }>): Promise<FromPlugin> {
    const bot = makeBot({
      config: this.#configs?.config,
      configIn: (room) => this.#configs?.rooms.get(room) ?? this.#configs?.config,
      configuredRooms: [...(this.#configs?.rooms.keys() ?? [])],
      self,
      translate: makeTranslate(this.#module?.plugin.texts, languages),
      random: new SeededRandom(seed),
      signal: this.#abort.signal,
      scope: this.#scope,
      registrations: this.#registrations,
      call: (method, ...args) => this.#calls.call(method, args, LONG.has(method), currentCall()),
      log: (level, message, fields) => this.#log(level, message, fields),
      checkValue: (value, where) => checkPlain(value, where, this.#limits.valueBytes, 'json'),
    });
    await this.#enter(async () => this.#module?.plugin.setup(bot));
    await this.#registrations.allAccepted();
    const { selfTest } = this.#module ?? {};
    if (selfTest !== undefined) {
      await this.#enter(async () => selfTest(bot)).catch((error: unknown) => {
        throw new StepError('self-test', error);
      });
      await this.#registrations.allAccepted();
    }
    return { t: 'ready' };
  }

  async #doSave(): Promise<FromPlugin> {
    const state: unknown = await this.#enter(async () => this.#module?.handover?.save());
    checkPlain(state, 'what handover.save returns', this.#limits.valueBytes, 'copy');
    return { t: 'saved', state };
  }

  async #doRestore(state: unknown): Promise<FromPlugin> {
    await this.#enter(async () => this.#module?.handover?.restore(state));
    return { t: 'restored' };
  }

  #reply(token: string): Reply {
    return async (text, options) =>
      (await this.#calls.call(
        'reply',
        [token, text, wireOptions(options)],
        false,
        currentCall(),
      )) as LineReceipt;
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
