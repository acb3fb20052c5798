import type { ClientEvents } from '../../network/events.ts';
import type { RoomSnapshot } from '../../network/rooms/room.ts';
import { Emitter } from '../../platform/emitter.ts';
import { type MemoryLog, memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { RoomOutcome } from '../../plugins/api/rooms.ts';
import type { RuleContext, RuleJoin, RuleLine, Verdict } from '../../plugins/api/rule.ts';
import type { RuleSpec } from '../../plugins/host/wire.ts';
import { ConfigSource } from '../config/config-source.ts';
import { moderationSchema } from '../config/moderation-schema.ts';
import { readModeration } from '../config/read-moderation.ts';
import { Roles } from '../roles/roles.ts';
import { KeyedQueue } from '../runtime/keyed-queue.ts';
import type { FaultyBackend } from '../store/fault-injection.ts';
import { openStore, type Store } from '../store/store.ts';
import type { MembersPort } from './members-port.ts';
import { Moderation } from './moderation.ts';

export const ROLES = { owner: ['me'], mod: ['meg'], trusted: ['tom'] };
export const START = Date.parse('2026-01-01T00:00:00Z');

/** `indie` is public; in `den` the bot is an operator; `mine` is its own. */
export const ROOMS: Readonly<Record<string, Omit<RoomSnapshot, 'users' | 'tickers'>>> = {
  indie: { name: 'indie', private: false, joined: true, standing: 'visitor', operators: [], members: [] },
  den: {
    name: 'den',
    private: true,
    joined: true,
    standing: 'operator',
    owner: 'olga',
    operators: ['bot', 'otto'],
    members: ['bot', 'otto', 'al', 'bob', 'meg', 'tom'],
  },
  mine: {
    name: 'mine',
    private: true,
    joined: true,
    standing: 'owner',
    owner: 'bot',
    operators: ['otto'],
    members: ['otto', 'al', 'bob', 'tom'],
  },
};

export interface Deed {
  readonly what: string;
  readonly room?: string;
  readonly user: string;
  readonly text?: string;
}

/** What a rule of the bench is; the rest has defaults. */
export interface BenchRule extends Partial<RuleSpec> {
  readonly check: (
    what: RuleLine | RuleJoin,
    context: RuleContext,
  ) => Verdict | undefined | Promise<Verdict | undefined>;
}

/** `bad N …` is N points. */
export const bad: BenchRule = {
  check: (what) => {
    const points = what.kind === 'line' ? /^bad ([\d.]+)/.exec(what.text)?.[1] : undefined;
    return points === undefined ? undefined : { points: Number(points), reason: `bad ${points}` };
  },
};

export interface BenchOptions {
  /** As in config.yaml. */
  readonly moderation?: unknown;
  readonly rules?: Readonly<Record<string, BenchRule>>;
  /** Of an earlier run. */
  readonly backend?: FaultyBackend;
  readonly clock?: VirtualClock;
  readonly rooms?: typeof ROOMS;
  /** Before anything of an earlier run is taken up. */
  readonly before?: (bench: ModerationBench) => void;
}

/** The engine without a bot: rooms, people and services are played. */
export class ModerationBench {
  readonly clock: VirtualClock;
  readonly log: MemoryLog = memoryLog();
  readonly store: Store;
  readonly moderation: Moderation;
  readonly rooms: Map<string, RoomSnapshot>;
  /** Everything that had an effect. */
  readonly deeds: Deed[] = [];
  readonly notices: { readonly key: string; readonly title: string }[] = [];
  readonly owners: string[] = [];
  /** What the server does about a removal. */
  removal: (room: string, user: string) => Promise<RoomOutcome> = async (room, user) => {
    this.loseMember(room, user);
    return { state: 'confirmed' };
  };
  readonly #emitter = new Emitter<ClientEvents>((error) => {
    throw error;
  });
  readonly #removing = new Set<string>();
  /** Whom the list keeps out, by room and user: because of which case. */
  readonly bans = new Map<string, number>();
  readonly #unbanned: { readonly key: string; readonly by: string; readonly at: number }[] = [];
  readonly #lanes = new KeyedQueue();
  online = true;

  private constructor(store: Store, clock: VirtualClock, options: BenchOptions) {
    this.store = store;
    this.clock = clock;
    this.rooms = new Map(
      Object.entries(options.rooms ?? ROOMS).map(([name, room]) => [
        name,
        { ...room, users: [], tickers: [] },
      ]),
    );
    const roles = new Roles(ROLES);
    const members: MembersPort = {
      removeFor: ({ room, user, case: of }, until) =>
        this.#remove(`removeFor ${of} until ${until}`, room, user, of),
      ban: ({ room, user, case: of }) => this.#remove(`ban ${of}`, room, user, of),
      unban: async (room, user, by, of) => {
        if (this.bans.get(`${room} ${user}`) !== of) return false;
        this.unban(room, user, by);
        return true;
      },
      unbannedBy: async (room, user, since) =>
        this.#unbanned.findLast((one) => one.key === `${room} ${user}` && one.at >= since)?.by,
      invite: async (room, user) => void this.deeds.push({ what: 'invite', room, user }),
      removedBy: (room, user) => (this.#removing.has(`${room} ${user}`) ? 'rule' : undefined),
    };
    const send = async (what: string, to: string, [text = '']: readonly string[]) => {
      this.deeds.push({ what, user: to, text });
      return { id: 'x', state: 'queued' } as const;
    };
    this.moderation = new Moderation({
      config: {
        moderation: readConfig(options.moderation ?? {}, [...this.rooms.keys()]),
        roles: ROLES,
        rooms: [...this.rooms.values()].map(({ name, private: isPrivate }) => ({ name, private: isPrivate })),
      },
      clock,
      log: this.log,
      client: {
        username: 'bot',
        state: { name: 'online' },
        rooms: { get: (name: string) => this.rooms.get(name), known: () => [...this.rooms.values()] },
        on: (event: keyof ClientEvents, handler: never) => this.#emitter.on(event, handler),
      } as never,
      store,
      rolesOf: (user): ReadonlySet<Role> => roles.rolesOf(user),
      services: () => ({
        say: (_instance, room, text) => send('say', room, text),
        pm: (_instance, user, text) => send('pm', user, text),
        notices: {
          tell: async (_instance, _targets, { key = '', title }) => {
            if (!this.notices.some((one) => one.key === key)) this.notices.push({ key, title });
            return [];
          },
          channels: async () => [],
        },
      }),
      members: () => members,
      note: () => 'd1',
      owners: (subject) => void this.owners.push(subject),
    });
    for (const [id, { check, ...spec }] of Object.entries(options.rules ?? { bad }))
      this.addRule(id, spec, check);
  }

  /** A bot that has loaded its plugins and is in its rooms. */
  static async start(options: BenchOptions = {}): Promise<ModerationBench> {
    const clock = options.clock ?? new VirtualClock({ startAt: START });
    const log = memoryLog();
    const place = options.backend === undefined ? { memory: true as const } : { backend: options.backend };
    const store = await openStore({ ...place, clock, log });
    const bench = new ModerationBench(store, clock, options);
    options.before?.(bench);
    await bench.#begin();
    return bench;
  }

  addRule(id: string, spec: Partial<RuleSpec>, check: BenchRule['check']): () => void {
    const whole = { id, summary: id, version: '1', on: 'line', exempt: [], ...spec } as const;
    return this.moderation.rules.add('police', whole, async (what, context) => check(what, context));
  }

  enter(room: RoomSnapshot): void {
    const at = this.clock.now();
    const { name, private: isPrivate, owner, operators, members } = room;
    const powers = isPrivate ? { owner, operators, members } : {};
    this.#record({ at, kind: 'room.entered', room: name, detail: { private: isPrivate, ...powers } });
    this.#emitter.emit('room.entered', { room, again: false, at });
  }

  /** Somebody says something; resolves when it is judged. */
  async say(room: string, user: string, text: string): Promise<void> {
    await this.line(room, user, text);
    await this.idle();
  }

  /** The same without waiting for what follows. */
  line(room: string, user: string, text: string): Promise<void> {
    const at = this.clock.now();
    this.#record({ at, kind: 'room.line', room, user, text });
    const judge = this.moderation.judging({ type: 'room.message', user, at, room: { name: room } });
    // What one person does in one place is judged one after the other, as the dispatcher does it.
    return judge === undefined ? Promise.resolve() : this.#lanes.run(`${room} ${user}`, judge);
  }

  async join(room: string, user: string, files = 100): Promise<void> {
    await this.arrive(room, user, files);
    await this.idle();
  }

  /** The same without waiting for what follows. */
  async arrive(room: string, user: string, files = 100): Promise<void> {
    const at = this.clock.now();
    const stats = { avgSpeed: 0, uploads: 0, files, folders: 1 };
    this.#record({ at, kind: 'room.join', room, user, detail: { stats, country: 'DE' } });
    await this.moderation.judging({ type: 'room.join', user, at, room: { name: room } })?.();
  }

  /** Somebody is put out, by whomever. */
  loseMember(room: string, user: string): void {
    const known = this.rooms.get(room)!;
    if (!known.members.includes(user)) return;
    const without = (names: readonly string[]) => names.filter((name) => name !== user);
    this.rooms.set(room, { ...known, members: without(known.members), operators: without(known.operators) });
    const at = this.clock.now();
    this.#record({ at, kind: 'room.member', room, user, detail: { change: 'removed' } });
    this.#emitter.emit('room.member', { room, user, change: 'removed', at });
  }

  /** Somebody was put out in an earlier run. */
  loseMemberQuietly(room: string, user: string): void {
    const known = this.rooms.get(room)!;
    this.rooms.set(room, { ...known, members: known.members.filter((name) => name !== user) });
  }

  addMember(room: string, user: string): void {
    const known = this.rooms.get(room)!;
    this.rooms.set(room, { ...known, members: [...known.members, user] });
    const at = this.clock.now();
    this.#record({ at, kind: 'room.member', room, user, detail: { change: 'added' } });
    this.#emitter.emit('room.member', { room, user, change: 'added', at });
  }

  emit<E extends keyof ClientEvents>(event: E, value: ClientEvents[E]): void {
    this.#emitter.emit(event, value);
  }

  async idle(): Promise<void> {
    await this.clock.advance(0);
    while (this.moderation.active > 0) await this.clock.advance(1);
  }

  /** Whom something was done to, in words. */
  get done(): readonly string[] {
    return this.deeds.map(({ what, room, user }) => [what, room, user].filter(Boolean).join(' '));
  }

  async stop(): Promise<void> {
    await this.moderation.stop();
    await this.store.close();
  }

  /** The process ends in an orderly way, and another one goes on with the same store, rooms and time. */
  async restart(options: BenchOptions): Promise<ModerationBench> {
    await this.moderation.stop();
    await this.store.journal.flush();
    const next = new ModerationBench(this.store, this.clock, options);
    for (const [name, room] of this.rooms) next.rooms.set(name, room);
    await next.#begin();
    return next;
  }

  async #begin(): Promise<void> {
    this.moderation.listen();
    await this.moderation.open();
    await this.moderation.ready();
    for (const room of this.rooms.values()) this.enter(room);
    await this.moderation.takeUp();
    await this.idle();
  }

  #record(entry: Parameters<Moderation['saw']>[0]): void {
    this.store.journal.record(entry);
    this.moderation.saw(entry);
  }

  /** People take somebody off the list. */
  unban(room: string, user: string, by: string): void {
    const key = `${room} ${user}`;
    this.bans.delete(key);
    this.#unbanned.push({ key, by, at: this.clock.now() });
    this.deeds.push({ what: 'unban', room, user });
  }

  async #remove(what: string, room: string, user: string, of: number): Promise<RoomOutcome> {
    this.bans.set(`${room} ${user}`, of);
    if (!this.rooms.get(room)!.members.includes(user))
      return { state: 'refused', code: 'not-member', reason: 'not a member' };
    this.#removing.add(`${room} ${user}`);
    this.deeds.push({ what, room, user });
    try {
      return await this.removal(room, user);
    } finally {
      this.#removing.delete(`${room} ${user}`);
    }
  }
}

/** `moderation:` of a config, read. @throws Error with everything that is wrong. */
export function readConfig(moderation: unknown, rooms: readonly string[] = []) {
  const { source } = ConfigSource.parse('test', '{}');
  const read = readModeration(moderationSchema.parse(moderation), { source, rooms, plugins: ['police'] });
  const errors = read.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return read.moderation;
}

export const LIVE = { rules: { 'police/bad': { mode: 'live' } } } as const;
