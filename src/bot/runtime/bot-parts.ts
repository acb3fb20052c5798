import type { SoulseekClient } from '../../network/client.ts';
import type { Platform } from '../../platform/platform.ts';
import { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { BuiltinPlugins, LoadRequest } from '../../plugins/host/types.ts';
import { CommandEngine } from '../commands/engine.ts';
import type { BotConfig } from '../config/config.ts';
import { casesPersonal } from '../moderation/cases/personal.ts';
import { WebAndFiles } from '../moderation/lists/list-source.ts';
import { SharedLists } from '../moderation/lists/shared-lists.ts';
import { Members } from '../moderation/members/members.ts';
import { membersPersonal } from '../moderation/members/personal.ts';
import { membersPort } from '../moderation/members-adapter.ts';
import { Moderation } from '../moderation/moderation.ts';
import { People, protectionText } from '../moderation/people.ts';
import { PowerBook } from '../moderation/power/power-book.ts';
import { Voice as StaffVoice } from '../moderation/voice.ts';
import { botVoice } from '../notify/bot-voice.ts';
import { Notices } from '../notify/notices.ts';
import { BUILTINS } from '../plugins/builtins.ts';
import { PluginSet } from '../plugins/plugin-set.ts';
import { reloadCommand } from '../plugins/reload-command.ts';
import { Reloading, type Reread } from '../plugins/reloading.ts';
import { Roles } from '../roles/roles.ts';
import { jobsCommand } from '../scheduler/jobs-command.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { Store } from '../store/store.ts';
import { makeAttention } from '../truce/attention.ts';
import { Watchers } from '../watch/watchers.ts';
import { WishEngine } from '../wishes/engine.ts';
import { wishPersonal } from '../wishes/personal.ts';
import { WishServices } from '../wishes/wish-service.ts';
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
  /** @default those that come with the bot */
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
  readonly notices: Notices;
  readonly services: BotServices;
  readonly watchers: Watchers;
  readonly refs: RoomRefs;
  readonly members: Members;
  readonly moderation: Moderation;
  readonly lists: SharedLists;
  readonly wishes: WishEngine;
  readonly consoles = new ConsoleSessions();

  /** @throws LimitError, RangeError when a setting may not have its value. */
  constructor({ config, plugins, builtins = BUILTINS, baseDir, platform, store, reread }: BotOptions) {
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
    const power = new PowerBook(client);
    const people = new People({
      self: client.username,
      roles: config.roles,
      moderation: config.moderation,
      rolesOf: (user) => roles.rolesOf(user),
    });
    const staff = new StaffVoice({
      services: () => services,
      staff: config.moderation.staff,
      names: () => people.staff,
    });
    this.members = new Members({
      client,
      clock,
      log,
      store: store.members,
      config: config.moderation.members,
      voice: {
        tell: async (user, text) => {
          const { state } = await services.pm('core', user, [text], { priority: 'ordinary' });
          return state !== 'dropped';
        },
        owners: (subject, text) => this.accounts.notices.tell(subject, text),
        staff: (key, title) => staff.staff({ key, title, urgent: true }),
      },
      halted: () => this.moderation.halted,
      protection: (room, user) => {
        const protection = people.protection(user, power.people(room));
        return protection && protectionText(protection, room);
      },
    });
    this.accounts.personal.handle('core', 'membership of private rooms', membersPersonal(store.members));
    const cases = casesPersonal(store.cases, config.moderation.keepMs);
    this.accounts.personal.handle('core', 'cases of moderation', cases);
    this.notices = new Notices({
      channels: config.notify.channels,
      timezone: config.bot.timezone,
      clock,
      random,
      log,
      http: platform.http,
      mail: platform.mail,
      chat: botVoice(client, clock, () => services),
      notices: store.notices,
      dead: store.deadNotices,
      note: this.accounts.note,
      tellOwners: (subject, text) => this.accounts.notices.tell(subject, text),
    });
    this.moderation = new Moderation({
      config,
      clock,
      log,
      client,
      store,
      rolesOf: (user) => roles.rolesOf(user),
      services: () => services,
      members: () => membersPort(this.members),
      note: this.accounts.note,
      owners: (subject, text) => this.accounts.notices.tell(subject, text),
    });
    this.lists = new SharedLists({
      lists: config.moderation.lists,
      rules: this.moderation.rules,
      source: new WebAndFiles(platform.http, baseDir),
      clock,
      log,
      state: store.state,
    });
    this.wishes = new WishEngine({
      client,
      clock,
      log,
      store,
      scheduler: this.scheduler,
      config: config.wishes,
      buddies: config.buddies,
      timezone: config.bot.timezone,
      isLoaded: (instance) => this.host.list().some(({ id }) => id === instance),
      note: this.accounts.note,
      metrics: this.surface.metrics,
    });
    for (const { what, ask } of wishPersonal(this.wishes)) this.accounts.personal.handle('core', what, ask);
    const services = new BotServices({
      client,
      wishes: new WishServices(this.wishes),
      members: this.members,
      moderation: this.moderation,
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
      notices: this.notices,
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
      builtins,
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
      command: this.moderation.attending(
        (text, room) => this.engine.commandIn(text, room),
        makeAttention({
          truce: this.accounts.truce,
          note: this.accounts.note,
          commandIn: (text, room) => this.engine.commandIn(text, room),
          handle: this.surface.listening((line) => this.engine.handle(line)),
        }),
      ),
      judging: (event) => this.moderation.judging(event),
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
