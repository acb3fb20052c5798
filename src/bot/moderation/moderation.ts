import type { RoomJoin, RoomMessage } from '../../plugins/api/events.ts';
import type { ActionsService, CasesService, RulesService } from '../../plugins/host/services.ts';
import type { CommandLine, LineVerdict } from '../commands/command-ports.ts';
import type { JournalEntry } from '../store/journal.ts';
import { Observations, type Removal } from './cases/observed.ts';
import { attending } from './consequences/ignored.ts';
import { type ModerationOptions, ModerationParts } from './moderation-parts.ts';
import type { Arrival } from './rules/room-memory.ts';

/** What the dispatcher asks about. */
type Judged = Pick<RoomMessage | RoomJoin, 'type' | 'user' | 'at'> & {
  readonly room: { readonly name: string };
};

const HOUR_MS = 3_600_000;

/**
 * Decides about people, and does what follows. Rules of plugins give verdicts; what they lead to in a room is decided here,
 * written down as a case, and done as far as modes, caps and the room permit.
 */
export class Moderation {
  readonly rules: RulesService;
  readonly actions: ActionsService;
  readonly cases: CasesService;
  readonly #options: ModerationOptions;
  readonly #parts: ModerationParts;
  readonly #observations: Observations;
  /** What happened last, for whoever asks about it next. */
  #latest:
    | { readonly entry: JournalEntry; readonly arrival: Arrival | Promise<Arrival | undefined> }
    | undefined;

  constructor(options: ModerationOptions) {
    this.#options = options;
    const parts = new ModerationParts(options);
    this.#parts = parts;
    this.actions = parts.actions;
    this.cases = parts.cases;
    this.rules = {
      add: (instance, spec, check) => {
        void parts.memories.open(options.config.rooms.map(({ name }) => name));
        return parts.rules.add(instance, spec, check);
      },
    };
    this.#observations = new Observations(options.log, (removal) => this.#observe(removal));
  }

  /** Decisions and deeds under way. */
  get active(): number {
    const { enactor, judge, suggestions } = this.#parts;
    return enactor.active + judge.active + suggestions.active + this.#observations.active;
  }

  /** Rules do nothing now. */
  get halted(): boolean {
    return this.#parts.kill.halted !== undefined;
  }

  /** Before plugins are loaded: what earlier runs left. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    const { kill, desk, caps, ignored } = this.#parts;
    const { store, clock } = this.#options;
    const now = clock.now();
    await kill.open();
    await desk.open();
    for (const { consequence, at } of await store.cases.deeds(now - HOUR_MS)) caps.note(consequence, at);
    for (const { user, id, until } of await store.cases.ignored(now)) ignored.add(user, id, until);
  }

  /** Plugins are loaded: rules know what they may look back on. Never rejects. */
  async ready(): Promise<void> {
    const { memories, rules, trust, proposals } = this.#parts;
    await trust.known();
    proposals.look();
    if (rules.all.length > 0) await memories.open(this.#options.config.rooms.map(({ name }) => name));
  }

  /** The bot is in its rooms: goes on with what an earlier run began and asked. Never rejects. */
  async takeUp(): Promise<void> {
    const { enactor, suggestions, takeBack } = this.#parts;
    try {
      await suggestions.open();
      await takeBack.takeUp();
      await enactor.takeUp();
    } catch (error) {
      this.#options.log.error('Cases of an earlier run could not be taken up', { error });
    }
  }

  /** Begins to listen. @returns undoes it. */
  listen(): () => void {
    const { client } = this.#options;
    const undo = [
      this.#parts.power.listen(),
      client.on('room.entered', ({ room }) => this.#again(room.name)),
      client.on('room.member', ({ room, user, change, at }) => {
        if (change === 'removed') this.#removed({ room, user, at });
      }),
    ];
    return () => {
      for (const one of undo) one();
    };
  }

  /** Hears of everything that the journal is told of, at once and in order. */
  saw(entry: JournalEntry): void {
    const arrival = this.#parts.memories.observe(entry);
    this.#latest = arrival === undefined ? undefined : { entry, arrival };
  }

  /**
   * To be called for what the journal has just been told of.
   * @returns judges it, before anybody else is told: in bounded time, never rejecting. undefined: nobody judges it.
   */
  judging({ type, user, at, room }: Judged): (() => Promise<void>) | undefined {
    const latest = this.#latest;
    if (latest === undefined || this.#parts.rules.all.length === 0) return undefined;
    const { entry, arrival } = latest;
    const kind = type === 'room.message' ? 'room.line' : 'room.join';
    const same = entry.kind === kind && entry.user === user && entry.at === at && entry.room === room.name;
    if (!same) return undefined;
    return async () => {
      const of = await arrival;
      if (of === undefined) return;
      await this.#parts.trust.known();
      await this.#parts.judge.judge(of);
    };
  }

  /** Commands, but not of those who are ignored. */
  attending(
    commandIn: (text: string, room: string | undefined) => string | undefined,
    handle: (line: CommandLine) => Promise<LineVerdict>,
  ): (line: CommandLine) => Promise<LineVerdict> {
    const { ignored, people, power } = this.#parts;
    return attending({
      ignored,
      note: this.#options.note,
      isProtected: (user, room = '') => people.protection(user, power.people(room)) !== undefined,
      commandIn,
      handle,
    });
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#parts.judge.stop();
    await this.#parts.proposals.stop();
    await this.#parts.suggestions.stop();
    await this.#parts.enactor.stop();
    await this.#observations.idle();
  }

  #removed(removal: Removal): void {
    const { client, members } = this.#options;
    const { settings } = this.#parts;
    const { room, user } = removal;
    if (members().removedBy(room, user) !== undefined) {
      this.#again(room);
      return;
    }
    if (user === client.username || settings.ceiling(room) === 'off') return;
    this.#observations.note(removal);
  }

  /** Somebody else put somebody out, or they left the room for good: the network does not tell which. */
  async #observe({ room, user, at }: Removal): Promise<void> {
    await this.#parts.desk.observed({
      room,
      user,
      at,
      points: 0,
      total: 0,
      reason: 'is no member any more: removed by somebody, or left for good; the server does not say which',
      lines: [],
      mode: 'live',
      wanted: 'remove',
      consequence: 'remove',
      actor: 'unknown operator',
    });
  }

  #again(room: string): void {
    this.#parts.enactor.takeUp(room).catch((error: unknown) => {
      this.#options.log.error('Cases could not be taken up', { room, error });
    });
  }
}
