import type { SoulseekClient } from '../../network/client.ts';
import type { Platform } from '../../platform/platform.ts';
import { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { BuiltinPlugins, LoadRequest } from '../../plugins/host/types.ts';
import { CommandEngine } from '../commands/engine.ts';
import type { BotConfig } from '../config/config.ts';
import { PluginSet } from '../plugins/plugin-set.ts';
import { reloadCommand } from '../plugins/reload-command.ts';
import { Reloading, type Reread } from '../plugins/reloading.ts';
import { Roles } from '../roles/roles.ts';
import { jobsCommand } from '../scheduler/jobs-command.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { Store } from '../store/store.ts';
import { makeAttention } from '../truce/attention.ts';
import { Watchers } from '../watch/watchers.ts';
import { accountCommands } from './account-commands.ts';
import { Accounts } from './accounts.ts';
import { currentState } from './current-state.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventTranslator } from './events.ts';
import { InboxPump } from './inbox-pump.ts';
import { makeClient } from './make-client.ts';
import { RoomRefs } from './room-refs.ts';
import { RoomsEntry } from './rooms-entry.ts';
import { ConsoleSessions } from './services/console-sessions.ts';
import { BotServices } from './services/host-services.ts';
import { Surface } from './surface.ts';

export interface BotOptions {
  /** Its sections `store`, `log` and `journal` are for whoever opens the store and the log. */
  readonly config: BotConfig;
  /** Instead of those in the config. */
  readonly plugins?: readonly LoadRequest[];
  readonly builtins?: BuiltinPlugins;
  /** Absolute path of the folder of config.yaml: packages are found from there. */
  readonly baseDir: string;
  readonly platform: Platform;
  /** Open. The bot does not close it. */
  readonly store: Store;
  /** For `reload`. @default the config stays as it is */
  readonly reread?: Reread;
}

/** What a bot is made of, and who talks to whom. */
export class BotParts {
  readonly client: SoulseekClient;
  readonly plugins: PluginSet;
  readonly reloading: Reloading;
  readonly host: PluginHost;
  readonly engine: CommandEngine;
  readonly dispatcher: Dispatcher;
  readonly pump: InboxPump;
  readonly entry: RoomsEntry;
  readonly accounts: Accounts;
  readonly surface: Surface;
  readonly scheduler: Scheduler;
  readonly services: BotServices;
  readonly watchers: Watchers;
  readonly refs: RoomRefs;
  readonly consoles = new ConsoleSessions();

  /** @throws LimitError, RangeError when a setting may not have its value. */
  constructor({ config, plugins, builtins, baseDir, platform, store, reread }: BotOptions) {
    const { clock, log, random } = platform;
    this.client = makeClient(config, platform, store);
    const { client } = this;
    const roles = new Roles(config.roles);
    this.engine = new CommandEngine({
      clock,
      log,
      prefix: (room) => config.rooms.find(({ name }) => name === room)?.prefix ?? config.commands.prefix,
      rolesOf: (user, room) => roles.rolesOf(user, room === undefined ? undefined : client.rooms.get(room)),
      run: (instance, name, call) => this.host.invokeCommand(instance, name, call),
      answer: (target, lines, origin) => services.answer(origin, target, lines),
      note: (decision) => void this.accounts.note({ source: 'commands', ...decision }),
    });
    this.watchers = new Watchers(log, (text) => this.engine.commandIn(text, undefined) !== undefined);
    this.accounts = new Accounts({
      watchers: this.watchers,
      client,
      config,
      platform,
      store,
      services: () => services,
      dialogs: {
        countOf: (user) => this.surface.dialogs.countOf(user),
        forget: (user) => this.surface.dialogs.forget(user),
      },
      isOwner: (user) => roles.rolesOf(user).has('owner'),
      isCommand: (text, room) => this.engine.commandIn(text, room) !== undefined,
    });
    for (const command of accountCommands(this.accounts, clock)) this.engine.addCore(command);
    const refs = new RoomRefs(client.rooms);
    this.refs = refs;
    const run = `${clock.now().toString(36)}-${random.u32().toString(36)}`;
    const events = new EventTranslator((room) => refs.of(room), run);
    this.surface = new Surface({
      config,
      clock,
      log,
      store,
      run,
      note: this.accounts.note,
      roomOf: (room) => refs.of(room),
      plugins: () => this.host.list(),
      services: () => services,
    });
    this.scheduler = new Scheduler({
      clock,
      random,
      log,
      store,
      timezone: config.bot.timezone,
      note: this.accounts.note,
    });
    this.engine.addCore(jobsCommand(this.scheduler));
    const services = new BotServices({
      client,
      store,
      clock,
      http: platform.http,
      random,
      log,
      commands: this.engine,
      consoles: this.consoles,
      rolesOf: (user) => roles.rolesOf(user),
      current: () => currentState(client, events, clock.now()),
      accounts: this.accounts,
      surface: this.surface,
      jobs: this.scheduler,
    });
    this.services = services;
    this.host = new PluginHost({
      clock,
      services,
      baseDir,
      onState: ({ id, state, problem }) =>
        this.watchers.tell(() => ({
          kind: 'plugin',
          at: clock.now(),
          plugin: id,
          state,
          ...(problem === undefined ? {} : { problem }),
        })),
      ...(builtins === undefined ? {} : { builtins }),
    });
    this.plugins = new PluginSet({ host: this.host, log, requests: plugins ?? config.plugins });
    this.reloading = new Reloading({
      plugins: this.plugins,
      config,
      ...(reread === undefined ? {} : { reread }),
    });
    this.engine.addCore(reloadCommand(this.reloading));
    this.dispatcher = new Dispatcher({
      refs,
      log,
      self: client.username,
      events,
      command: makeAttention({
        truce: this.accounts.truce,
        note: this.accounts.note,
        commandIn: (text, room) => this.engine.commandIn(text, room),
        handle: this.surface.listening((line) => this.engine.handle(line)),
      }),
      intercept: (line) => this.surface.interceptors.hear(line),
      lost: (event) => {
        const reason = 'too many events wait for commands of the same people';
        this.accounts.note({ source: 'events', what: `hand over ${event.type}`, reason });
      },
      observe: (event) => {
        this.watchers.tell(() => ({ kind: 'event', at: event.at, event }));
        return this.host.dispatch(event);
      },
    });
    this.pump = new InboxPump({
      clock,
      log,
      inbox: store.inbox,
      deliver: (message, redelivered) => this.dispatcher.deliver(message, redelivered),
    });
    this.entry = new RoomsEntry(client, config.rooms, log);
  }
}
