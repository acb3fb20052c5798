import { deferred } from '../../../platform/deferred.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { VirtualHttp } from '../../../platform/virtual/virtual-http.ts';
import type { CommandSpec } from '../../api/command.ts';
import type { Plugin } from '../../api/define-plugin.ts';
import { PluginError } from '../../api/errors.ts';
import type { AnyEvent } from '../../api/events.ts';
import type { LineReceipt } from '../../api/lines.ts';
import type { Need } from '../../api/needs.ts';
import type { RoomInfo, RoomOutcome } from '../../api/rooms.ts';
import type { SearchEnd, SearchHit } from '../../api/search.ts';
import { PluginHost, type PluginHostOptions } from '../plugin-host.ts';
import type {
  HostServices,
  LineOptions,
  PluginProblem,
  ReplyTarget,
  SearchSession,
  StoredValue,
} from '../services.ts';
import type { SearchPage, WireSearchOptions } from '../wire.ts';
import { FakeEngines } from './fake-engines.ts';
import { FakeJobs } from './fake-jobs.ts';

/** A line that a plugin asked to send. */
export interface FakeLine {
  readonly instance: string;
  readonly to: string;
  readonly text: string;
  readonly options: LineOptions;
}

/** A search whose hits the test makes. */
export class FakeSearch implements SearchSession {
  readonly instance: string;
  readonly options: WireSearchOptions;
  /** Hits that crossed, and how many were asked for at a time. */
  readonly credits: number[] = [];
  stopped = false;
  readonly #hits: SearchHit[] = [];
  readonly #ended = deferred<SearchEnd>();
  #end: SearchEnd | undefined;
  #wake = deferred();

  constructor(instance: string, options: WireSearchOptions) {
    this.instance = instance;
    this.options = options;
  }

  get done(): Promise<SearchEnd> {
    return this.#ended.promise;
  }

  /** So many more hits, of users `u0` and up. */
  found(count: number): void {
    for (let i = 0; i < count; i++) this.#hits.push(hitOf(`u${i}`));
    this.#wake.resolve();
  }

  finish(reason: SearchEnd['reason']): void {
    this.#end ??= { reason, hits: this.#hits.length, users: 0, leftOut: 0 };
    this.#ended.resolve(this.#end);
    this.#wake.resolve();
  }

  async next(max: number): Promise<SearchPage> {
    this.credits.push(max);
    while (this.#hits.length === 0 && this.#end === undefined) {
      this.#wake = deferred();
      await this.#wake.promise;
    }
    const hits = this.#hits.splice(0, max);
    if (this.options.query === '') throw new PluginError('search-refused', 'nothing to search for');
    return { hits, ...(this.#hits.length === 0 && this.#end && { end: this.#end }) };
  }

  stop(): void {
    this.stopped = true;
    this.finish('stopped');
  }

  /** Hits that nobody fetched. */
  get waiting(): number {
    return this.#hits.length;
  }
}

const hitOf = (user: string): SearchHit => ({
  user,
  verified: true,
  path: 'music\\song.mp3',
  name: 'song.mp3',
  folder: 'music',
  size: 1,
  extension: 'mp3',
  attributes: {},
  slotFree: true,
  speed: 0,
  queueLength: 0,
  locked: false,
  ref: `ref of ${user}`,
});

/** HostServices in memory that remember what they were asked. */
export class FakeServices implements HostServices {
  readonly self = { user: 'bot' };
  readonly lines: FakeLine[] = [];
  readonly logs: { instance: string; level: string; message: string; fields: unknown }[] = [];
  readonly problems: PluginProblem[] = [];
  /** `instance/name` of registered commands. */
  readonly registered = new Map<string, CommandSpec>();
  /** `instance/user` of watches, one entry for each. */
  readonly watched: string[] = [];
  /** What was done in rooms. */
  readonly roomActions: string[] = [];
  readonly data = new Map<string, StoredValue>();
  /** Versions of instances' data. */
  readonly storeVersions = new Map<string, number>();
  /** Commands of the bot itself. */
  readonly coreCommands = new Set<string>();
  /** Awaited before every store operation: a place to delay or to fail. */
  beforeStore: () => Promise<void> = async () => {};
  room: RoomInfo | undefined;
  #version = 0;

  log(instance: string, level: string, message: string, fields: unknown): void {
    this.logs.push({ instance, level, message, fields });
  }

  readonly jobs = new FakeJobs();
  readonly languages = { usual: 'en', rooms: {} };
  readonly http: HostServices['http'] = new VirtualHttp(new VirtualClock());

  seed(): string {
    return 'fake';
  }

  report(problem: PluginProblem): void {
    this.problems.push(problem);
  }

  async say(
    instance: string,
    room: string,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    return this.#line(instance, `room ${room}`, text, options);
  }

  async pm(
    instance: string,
    user: string,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    return this.#line(instance, `user ${user}`, text, options);
  }

  async reply(
    instance: string,
    target: ReplyTarget,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    const to =
      target.kind === 'room' ? target.room : target.kind === 'private' ? target.user : target.session;
    return this.#line(instance, `reply ${target.kind} ${to}`, text, options);
  }

  receipt(_instance: string, id: string, wait: boolean): Promise<LineReceipt | undefined> {
    return wait ? new Promise(() => {}) : Promise.resolve({ id, state: 'sent' });
  }

  readonly store: HostServices['store'] = {
    get: async (instance, key) => {
      await this.beforeStore();
      return this.data.get(`${instance}/${key}`);
    },
    set: async (instance, key, value) => {
      await this.beforeStore();
      this.data.set(`${instance}/${key}`, { value, version: ++this.#version });
    },
    delete: async (instance, key) => this.data.delete(`${instance}/${key}`),
    keys: async (instance, prefix) =>
      [...this.data.keys()]
        .filter((key) => key.startsWith(`${instance}/${prefix}`))
        .map((key) => key.slice(instance.length + 1))
        .sort(),
    entries: async (instance, prefix) =>
      (await this.store.keys(instance, prefix)).map((key) => ({
        key,
        value: this.data.get(`${instance}/${key}`)?.value,
      })),
    deleteAll: async (instance, prefix) => {
      const keys = await this.store.keys(instance, prefix);
      for (const key of keys) this.data.delete(`${instance}/${key}`);
      return keys.length;
    },
    usage: async (instance) => ({
      entries: (await this.store.keys(instance, '')).length,
      bytes: 0,
      maxEntries: 1_000,
      maxBytes: 1_000_000,
    }),
    limit: () => {},
    version: async (instance) => this.storeVersions.get(instance) ?? 1,
    migrate: async (instance, version, entries) => {
      await this.beforeStore();
      await this.store.deleteAll(instance, '');
      this.storeVersions.set(instance, version);
      for (const { key, value } of entries) await this.store.set(instance, key, value, undefined);
    },
    compareAndSwap: async (instance, key, expected, value) => {
      await this.beforeStore();
      const full = `${instance}/${key}`;
      if (this.data.get(full)?.version !== expected) return false;
      if (value === undefined) this.data.delete(full);
      else this.data.set(full, { value, version: ++this.#version });
      return true;
    },
  };

  readonly rooms: HostServices['rooms'] = {
    list: async () => (this.room === undefined ? [] : [this.room]),
    info: async () => this.room,
    setTicker: (_i, room, ticker) => this.#action(`ticker ${room} ${ticker}`),
    addMember: (_i, room, user) => this.#action(`addMember ${room} ${user}`),
    removeMember: (_i, room, user) => this.#action(`removeMember ${room} ${user}`),
    addOperator: (_i, room, user) => this.#action(`addOperator ${room} ${user}`),
    removeOperator: (_i, room, user) => this.#action(`removeOperator ${room} ${user}`),
  };

  readonly users: HostServices['users'] = {
    facts: async (_instance, user) => ({ user, rooms: [], roles: [] }),
    shares: async (_instance, user) => ({ user, folders: 1, files: 2, size: 3, at: 0 }),
    address: async () => '10.0.0.1',
    watch: async (instance, user) => {
      if (user === 'nobody') throw new Error('no such user');
      this.watched.push(`${instance}/${user}`);
    },
    unwatch: (instance, user) => {
      const at = this.watched.indexOf(`${instance}/${user}`);
      if (at < 0) throw new Error(`${user} was not watched`);
      this.watched.splice(at, 1);
    },
  };

  readonly commands: { -readonly [K in keyof HostServices['commands']]: HostServices['commands'][K] } = {
    register: (instance, spec) => {
      if (this.coreCommands.has(spec.name)) throw new Error(`"${spec.name}" is a command of the bot itself`);
      this.registered.set(`${instance}/${spec.name}`, spec);
    },
    unregister: (instance, name) => {
      if (!this.registered.delete(`${instance}/${name}`)) throw new Error(`${name} was not registered`);
    },
  };

  /** Searches that were started, oldest first. */
  readonly searches: FakeSearch[] = [];
  /** Who listens to searches of others, and who answers them; undone ones are gone. */
  readonly listeners = new Set<Parameters<HostServices['search']['listen']>[2]>();
  readonly answerers = new Set<Parameters<HostServices['search']['answer']>[2]>();

  readonly search: HostServices['search'] = {
    run: (instance, options) => {
      const search = new FakeSearch(instance, options);
      this.searches.push(search);
      return search;
    },
    listen: (_instance, wanted, deliver) => {
      if (wanted.filter.terms?.length === 0) throw new PluginError('invalid', 'terms is empty');
      this.listeners.add(deliver);
      return () => void this.listeners.delete(deliver);
    },
    answer: (_instance, _filter, ask) => {
      this.answerers.add(ask);
      return () => void this.answerers.delete(ask);
    },
  };

  /** How things stand, for who comes late. */
  standing: readonly AnyEvent[] = [];

  current(): readonly AnyEvent[] {
    return this.standing;
  }

  readonly intercept: HostServices['intercept'] = { add: () => () => {} };
  readonly dialogs: HostServices['dialogs'] = {
    register: () => () => {},
    start: async () => {},
    end: async () => false,
  };
  readonly metrics: HostServices['metrics'] = { record: () => {} };
  readonly why: HostServices['why'] = { note: async () => 'd1' };
  readonly personal: HostServices['personal'] = { declare: () => () => {}, handle: () => () => {} };

  readonly engines = new FakeEngines();
  readonly wishes = this.engines.wishes;
  readonly notices = this.engines.notices;
  readonly rules = this.engines.rules;
  readonly actions = this.engines.actions;
  readonly cases = this.engines.cases;
  readonly members = this.engines.members;

  /** Texts of lines, in order. */
  get said(): readonly string[] {
    return this.lines.map((line) => line.text);
  }

  #line(instance: string, to: string, text: readonly string[], options: LineOptions): LineReceipt {
    for (const each of text) this.lines.push({ instance, to, text: each, options });
    return { id: `line-${this.lines.length}`, state: 'queued' };
  }

  async #action(what: string): Promise<RoomOutcome> {
    this.roomActions.push(what);
    return { state: 'confirmed' };
  }
}

/** A host over {@link FakeServices} and a virtual clock. */
export function fakeHost(
  options: Partial<Pick<PluginHostOptions, 'limits' | 'builtins' | 'baseDir' | 'holds'>> = {},
) {
  const services = new FakeServices();
  const clock = new VirtualClock();
  const host = new PluginHost({ clock, services, baseDir: '/nowhere', ...options });
  const load = (plugin: Plugin, id = 'p', config?: unknown, grant?: readonly Need[]) =>
    host.load({ id, use: { plugin }, config, ...(grant === undefined ? {} : { grant }) });
  return { services, clock, host, load };
}
