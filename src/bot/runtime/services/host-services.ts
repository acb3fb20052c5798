import type { SoulseekClient } from '../../../network/client.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Http } from '../../../platform/http.ts';
import type { Log } from '../../../platform/log.ts';
import type { Random } from '../../../platform/random.ts';
import type { AnyEvent } from '../../../plugins/api/events.ts';
import type { LineReceipt } from '../../../plugins/api/lines.ts';
import type { Role } from '../../../plugins/api/people.ts';
import type {
  CommandsService,
  HostServices,
  LineOptions,
  PersonalService,
  PluginProblem,
  ReplyTarget,
  StoreService,
  WhyService,
} from '../../../plugins/host/services.ts';
import { RecentSearches } from '../../doctor/recent-searches.ts';
import { InterceptedLines } from '../../intercept/intercepted-lines.ts';
import type { Members } from '../../moderation/members/members.ts';
import { membersService } from '../../moderation/members/members-service.ts';
import { recordedAdmin } from '../../moderation/members/recorded-admin.ts';
import { TrucedLines } from '../../truce/truced-lines.ts';
import { NotedSearches } from '../../why/noted-searches.ts';
import type { Accounts } from '../accounts.ts';
import type { Surface } from '../surface.ts';
import type { ConsoleSessions } from './console-sessions.ts';
import { LineServices, type OutboxView } from './lines.ts';
import { RoomServices } from './rooms.ts';
import { SearchServices } from './searches.ts';
import { UserServices } from './users.ts';

export interface BotServicesOptions {
  readonly client: SoulseekClient;
  readonly store: { readonly kv: StoreService; readonly outbox: OutboxView };
  readonly commands: CommandsService;
  readonly consoles: ConsoleSessions;
  readonly clock: Clock;
  readonly http: Http;
  readonly random: Random;
  readonly log: Log;
  readonly rolesOf: (user: string) => ReadonlySet<Role>;
  /** How things stand, as events. */
  readonly current: () => readonly AnyEvent[];
  readonly members: Members;
  readonly moderation: Pick<HostServices, 'rules' | 'actions' | 'cases'>;
  readonly accounts: Pick<Accounts, 'note' | 'truce' | 'trail' | 'why' | 'personal' | 'problem'>;
  readonly jobs: HostServices['jobs'];
  readonly wishes: HostServices['wishes'];
  readonly notices: HostServices['notices'];
  readonly surface: Pick<Surface, 'interceptors' | 'dialogs' | 'metrics' | 'languages'>;
}

/** What the bot does for plugins. */
export class BotServices implements HostServices {
  readonly self: { readonly user: string };
  readonly store: StoreService;
  readonly rooms: RoomServices;
  readonly users: UserServices;
  readonly commands: CommandsService;
  readonly search: RecentSearches;
  readonly http: Http;
  readonly jobs: HostServices['jobs'];
  readonly intercept: HostServices['intercept'];
  readonly dialogs: HostServices['dialogs'];
  readonly metrics: HostServices['metrics'];
  readonly languages: HostServices['languages'];
  readonly why: WhyService;
  readonly personal: PersonalService;
  readonly wishes: HostServices['wishes'];
  readonly notices: HostServices['notices'];
  readonly rules: HostServices['rules'];
  readonly actions: HostServices['actions'];
  readonly cases: HostServices['cases'];
  readonly members: HostServices['members'];
  readonly #lines: LineServices;
  readonly #intercepted: InterceptedLines;
  readonly #truced: TrucedLines;
  readonly #problem: Accounts['problem'];
  readonly #consoles: ConsoleSessions;
  readonly #log: Log;
  readonly #current: () => readonly AnyEvent[];
  readonly #random: Random;

  constructor(options: BotServicesOptions) {
    const { client, store, clock, random } = options;
    this.self = { user: client.username };
    this.store = store.kv;
    this.rooms = new RoomServices(client, clock, recordedAdmin(options.members));
    this.members = membersService(options.members);
    this.rules = options.moderation.rules;
    this.actions = options.moderation.actions;
    this.cases = options.moderation.cases;
    this.users = new UserServices(client, clock, options.rolesOf);
    this.commands = options.commands;
    this.wishes = options.wishes;
    const { note, truce, trail, why, personal } = options.accounts;
    const searches = new SearchServices({ client, clock, random });
    this.search = new RecentSearches(new NotedSearches(searches, note), clock);
    this.why = why;
    this.personal = personal;
    this.#problem = (problem) => options.accounts.problem(problem);
    this.#lines = new LineServices(client.lines, store.outbox, clock);
    const { interceptors, dialogs, metrics, languages } = options.surface;
    this.intercept = interceptors;
    this.dialogs = dialogs;
    this.metrics = metrics;
    this.languages = languages;
    this.#intercepted = new InterceptedLines(this.#lines, interceptors);
    this.#truced = new TrucedLines({ lines: this.#intercepted, truce, trail, note, random });
    this.#consoles = options.consoles;
    this.#log = options.log;
    this.#current = options.current;
    this.#random = random;
    this.http = options.http;
    this.jobs = options.jobs;
    this.notices = options.notices;
  }

  /** Lines that wait for interceptors. */
  get waitingLines(): number {
    return this.#intercepted.waiting;
  }

  current(): readonly AnyEvent[] {
    return this.#current();
  }

  seed(): string {
    return Buffer.from(this.#random.bytes(16)).toString('hex');
  }

  log(
    instance: string,
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    this.#log[level](message, { ...fields, plugin: instance });
  }

  say(instance: string, room: string, text: readonly string[], options: LineOptions): Promise<LineReceipt> {
    return this.#truced.send(instance, { kind: 'room', to: room }, text, options);
  }

  pm(instance: string, user: string, text: readonly string[], options: LineOptions): Promise<LineReceipt> {
    return this.#truced.send(instance, { kind: 'private', to: user }, text, options);
  }

  /** The command engine's answers; they never reject. */
  async answer(instance: string, target: ReplyTarget, text: readonly string[]): Promise<void> {
    try {
      const { state, detail } = await this.reply(instance, target, text, { priority: 'reply' });
      if (state === 'dropped') this.#log.info('An answer was not sent', { plugin: instance, reason: detail });
    } catch (error) {
      this.#log.error('An answer could not be queued', { plugin: instance, error });
    }
  }

  async reply(
    instance: string,
    target: ReplyTarget,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    switch (target.kind) {
      case 'room':
        return this.#replyInRoom(instance, target, text, options);
      case 'private':
        return this.#truced.answer(
          instance,
          { kind: 'private', to: target.user },
          target.user,
          text,
          options,
        );
      case 'cli': {
        const id = `${instance}/console`;
        if (this.#consoles.write(target.session, text)) return { id, state: 'sent' };
        return { id, state: 'dropped', detail: 'the console has gone' };
      }
    }
  }

  /** Two people who ask the same thing both get an answer. What is `bulk` is for everybody and needs no second time. */
  #replyInRoom(
    instance: string,
    { room, user }: ReplyTarget & { readonly kind: 'room' },
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    const addressee = options.priority === 'bulk' ? undefined : user;
    return this.#truced.answer(instance, { kind: 'room', to: room }, user, text, options, addressee);
  }

  receipt(instance: string, id: string, wait: boolean): Promise<LineReceipt | undefined> {
    return this.#lines.receipt(instance, id, wait);
  }

  report(problem: PluginProblem): void {
    const { instance, plugin: name, message, ...fields } = problem;
    this.#problem(problem);
    this.#log.error('A plugin failed', { ...fields, plugin: instance, name, error: message });
  }
}
