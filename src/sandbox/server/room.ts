import type { WireText } from './messages.ts';
import type { RoomSeed } from './options.ts';
import type { Session } from './session.ts';

/** The room wall keeps this many lines [soulfind]. */
const MAX_TICKERS = 200;

/** One room. Who is inside is per session; everything else persists. */
export class Room {
  readonly name: string;
  /** Private rooms only. */
  owner: string | undefined;
  /** A name that was public once never becomes private. */
  registeredPublic = false;
  /** Without the owner, with the operators. */
  readonly members = new Set<string>();
  readonly operators = new Set<string>();
  /** One line per user, the oldest first. */
  readonly tickers = new Map<string, WireText>();
  /** Who is inside, in order of arrival. */
  readonly users = new Map<string, Session>();

  constructor(name: string) {
    this.name = name;
  }

  get private(): boolean {
    return this.owner !== undefined;
  }

  /** Neither owned nor occupied: the next to come decides what it becomes. */
  get unclaimed(): boolean {
    return this.owner === undefined && this.users.size === 0;
  }

  mayEnter(user: string): boolean {
    return this.owner === undefined || this.isInsider(user);
  }

  /** Owner, operator or member. */
  isInsider(user: string): boolean {
    return user === this.owner || this.members.has(user);
  }

  /** Owner or operator. */
  mayAdd(user: string): boolean {
    return user === this.owner || this.operators.has(user);
  }

  /** Puts a line on the wall, as its newest. An older line of the same user must be gone. */
  addTicker(user: string, ticker: WireText): void {
    this.tickers.set(user, ticker);
    if (this.tickers.size > MAX_TICKERS) this.tickers.delete(this.tickers.keys().next().value!);
  }
}

/** All rooms that ever were: they never vanish, they only become unclaimed. */
export class Rooms {
  readonly #byName = new Map<string, Room>();

  constructor(seeds: readonly RoomSeed[]) {
    for (const seed of seeds) {
      const room = this.getOrCreate(seed.name);
      room.owner = seed.owner;
      room.registeredPublic = seed.owner === undefined;
      for (const user of [...(seed.members ?? []), ...(seed.operators ?? [])]) room.members.add(user);
      for (const user of seed.operators ?? []) room.operators.add(user);
    }
  }

  get(name: string): Room | undefined {
    return this.#byName.get(name);
  }

  getOrCreate(name: string): Room {
    const room = this.#byName.get(name) ?? new Room(name);
    this.#byName.set(name, room);
    return room;
  }

  all(): IterableIterator<Room> {
    return this.#byName.values();
  }
}
