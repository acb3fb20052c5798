import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { JournalEntry, JournalKind, JournalQuery } from '../../store/journal.ts';
import { type Arrival, MEMORY_MS, RoomMemory } from './room-memory.ts';

/** What is read of the journal. */
export interface PastEvents {
  /** The oldest first. */
  each(query: JournalQuery): AsyncIterable<JournalEntry>;
  /** Everybody who spoke or came in, before a time: how many lines, and when first. */
  acquaintances(
    room: string,
    until: number,
  ): Promise<readonly { readonly user: string; readonly lines: number; readonly first: number }[]>;
  entries(query: JournalQuery): Promise<readonly JournalEntry[]>;
}

const PEOPLE: readonly JournalKind[] = ['room.entered', 'room.member', 'room.operator'];
const EVENTS: readonly JournalKind[] = [...PEOPLE, 'room.line', 'room.join'];

/**
 * The memories of all rooms. Nothing is remembered while no rule is there; with the first one what the journal knows is read, so
 * that a restart makes nobody a new-comer and no flood half as long.
 */
export class Memories {
  readonly #self: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #journal: PastEvents;
  readonly #rooms = new Map<string, RoomMemory>();
  #loading: Promise<void> | undefined;
  /** What happened while the journal was read. */
  #meanwhile: { readonly entry: JournalEntry; readonly arrived: (arrival: Arrival | undefined) => void }[] =
    [];
  #on = false;

  constructor(options: { self: string; clock: Clock; log: Log; journal: PastEvents }) {
    this.#self = options.self;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#journal = options.journal;
  }

  /** Begins to remember, with what the journal knows of these rooms. Never rejects. */
  open(rooms: readonly string[]): Promise<void> {
    this.#loading ??= this.#load(rooms);
    return this.#loading;
  }

  of(room: string): RoomMemory {
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const memory = new RoomMemory(room, this.#self);
    this.#rooms.set(room, memory);
    return memory;
  }

  /** @returns what rules may judge of it. */
  observe(entry: JournalEntry): Arrival | undefined | Promise<Arrival | undefined> {
    if (entry.room === undefined || this.#loading === undefined) return undefined;
    if (this.#on) return this.of(entry.room).observe(entry);
    return new Promise((arrived) => this.#meanwhile.push({ entry, arrived }));
  }

  async #load(rooms: readonly string[]): Promise<void> {
    const now = this.#clock.now();
    for (const room of rooms) {
      try {
        await this.#loadRoom(room, now);
      } catch (error) {
        this.#log.error('What happened in a room before cannot be read: rules know nothing of it', {
          room,
          error,
        });
      }
    }
    this.#on = true;
    for (const { entry, arrived } of this.#meanwhile.splice(0)) arrived(this.of(entry.room!).observe(entry));
  }

  async #loadRoom(room: string, now: number): Promise<void> {
    const since = now - MEMORY_MS;
    const memory = this.of(room);
    const [entered] = await this.#journal.entries({
      room,
      kinds: ['room.entered'],
      until: since,
      newestFirst: true,
      limit: 1,
    });
    for (const { user, lines, first } of await this.#journal.acquaintances(room, since))
      memory.meet(user, { lines, first });
    if (entered !== undefined) {
      const before = this.#journal.each({ room, kinds: PEOPLE, since: entered.at, until: since });
      for await (const entry of before) memory.observe(entry);
    }
    // With what happened in this very millisecond: a bot that begins has seen nothing of it yet.
    for await (const entry of this.#journal.each({ room, kinds: EVENTS, since, until: now + 1 }))
      memory.observe(entry);
  }
}
