import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import type { CommandSpec } from '../../api/command.ts';
import type { Plugin } from '../../api/define-plugin.ts';
import type { LineReceipt } from '../../api/lines.ts';
import type { Need } from '../../api/needs.ts';
import type { RoomInfo, RoomOutcome } from '../../api/rooms.ts';
import { PluginHost, type PluginHostOptions } from '../plugin-host.ts';
import type { HostServices, LineOptions, PluginProblem, ReplyTarget, StoredValue } from '../services.ts';

/** A line that a plugin asked to send. */
export interface FakeLine {
  readonly instance: string;
  readonly to: string;
  readonly text: string;
  readonly options: LineOptions;
}

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
  readonly actions: string[] = [];
  readonly data = new Map<string, StoredValue>();
  /** Commands of the bot itself. */
  readonly coreCommands = new Set<string>();
  /** Awaited before every store operation: a place to delay or to fail. */
  beforeStore: () => Promise<void> = async () => {};
  room: RoomInfo | undefined;
  #version = 0;

  log(instance: string, level: string, message: string, fields: unknown): void {
    this.logs.push({ instance, level, message, fields });
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

  /** Texts of lines, in order. */
  get said(): readonly string[] {
    return this.lines.map((line) => line.text);
  }

  #line(instance: string, to: string, text: readonly string[], options: LineOptions): LineReceipt {
    for (const each of text) this.lines.push({ instance, to, text: each, options });
    return { id: `line-${this.lines.length}`, state: 'queued' };
  }

  async #action(what: string): Promise<RoomOutcome> {
    this.actions.push(what);
    return { state: 'confirmed' };
  }
}

/** A host over {@link FakeServices} and a virtual clock. */
export function fakeHost(options: Partial<Pick<PluginHostOptions, 'limits' | 'builtins' | 'baseDir'>> = {}) {
  const services = new FakeServices();
  const clock = new VirtualClock();
  const host = new PluginHost({ clock, services, baseDir: '/nowhere', ...options });
  const load = (plugin: Plugin, id = 'p', config?: unknown, grant?: readonly Need[]) =>
    host.load({ id, use: { plugin }, config, ...(grant === undefined ? {} : { grant }) });
  return { services, clock, host, load };
}
