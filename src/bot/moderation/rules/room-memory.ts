import type { UserStats } from '../../../plugins/api/people.ts';
import type { RoomRef, Standing } from '../../../plugins/api/rooms.ts';
import type { RuleJoin, RuleLine } from '../../../plugins/api/rule.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { RoomPeople } from '../people.ts';

/** Lines and arrivals of a room that are looked back on: an hour, and so many. */
export const MAX_MEMORY = 1_000;
export const MEMORY_MS = 3_600_000;

/** A line or an arrival, with what was known of the room at that moment. */
export interface Arrival<W extends RuleLine | RuleJoin = RuleLine | RuleJoin> {
  readonly what: W;
  /** Lines and arrivals before it, by their number. */
  readonly before: { readonly lines: number; readonly joins: number };
  readonly people: RoomPeople;
  /** What this process knew of this user in this room before it. */
  readonly known: Known;
}

/** What is known of somebody in a room. */
export interface Known {
  readonly lines: number;
  /** When they were first seen; absent: never. */
  readonly first?: number;
}

const UNKNOWN: Known = { lines: 0 };
const NO_STATS: UserStats = { avgSpeed: 0, uploads: 0, files: 0, folders: 0 };
const NOBODY: RoomPeople = { private: false, operators: new Set(), members: new Set() };

/**
 * What rules may look back on in one room. It is fed with the entries of the journal, while they are written and when they are
 * read again, and with nothing else: so a rule meets the same in a back-test as it did when it happened.
 */
export class RoomMemory {
  readonly #room: string;
  readonly #self: string;
  #lines: RuleLine[] = [];
  #joins: RuleJoin[] = [];
  /** Numbers of the first ones that are still kept. */
  #firstLine = 0;
  #firstJoin = 0;
  readonly #known = new Map<string, Known>();
  #people: RoomPeople = NOBODY;
  #standing: Standing = 'visitor';
  #last = { at: -1, count: 0 };

  /** @param self the bot's user name */
  constructor(room: string, self: string) {
    this.#room = room;
    this.#self = self;
  }

  get people(): RoomPeople {
    return this.#people;
  }

  get ref(): RoomRef {
    return { name: this.#room, private: this.#people.private, standing: this.#standing };
  }

  /** @returns what rules may judge of it; undefined: nothing. */
  observe(entry: JournalEntry): Arrival | undefined {
    const { kind, user, at } = entry;
    switch (kind) {
      case 'room.entered':
        this.#entered(entry);
        return undefined;
      case 'room.member':
      case 'room.operator':
        if (user !== undefined) this.#changed(kind, user, entry.detail?.['change'] === 'added');
        return undefined;
      case 'room.line': {
        if (user === undefined || user === this.#self) return undefined;
        const id = this.#id(at, '');
        const line: RuleLine = { kind: 'line', id, room: this.ref, user, text: entry.text ?? '', at };
        return this.#keepLine(line);
      }
      case 'room.join': {
        if (user === undefined || user === this.#self) return undefined;
        const id = this.#id(at, 'j');
        const { stats, country } = joinDetail(entry);
        return this.#keepJoin({ kind: 'join', id, room: this.ref, user, at, stats, country });
      }
      default:
        return undefined;
    }
  }

  /** Somebody is known from before. */
  meet(user: string, known: Known): void {
    if (user !== this.#self) this.#known.set(user, known);
  }

  /**
   * Lines before a number, the oldest first: those of `user` or of everybody, at most `limit`, none older than `since`. Looks at
   * no more than are kept.
   */
  linesBefore(before: number, since: number, limit: number, user?: string): RuleLine[] {
    return lookBack(this.#lines, before - this.#firstLine, since, limit, user);
  }

  joinsBefore(before: number, since: number, limit: number, user?: string): RuleJoin[] {
    return lookBack(this.#joins, before - this.#firstJoin, since, limit, user);
  }

  #keepLine(what: RuleLine): Arrival {
    const arrival = this.#arrival(what);
    this.#lines.push(what);
    if (this.#lines.length >= 2 * MAX_MEMORY) {
      this.#lines = this.#lines.slice(-MAX_MEMORY);
      this.#firstLine = arrival.before.lines + 1 - MAX_MEMORY;
    }
    const { lines, first = what.at } = arrival.known;
    this.#known.set(what.user, { lines: lines + 1, first });
    return arrival;
  }

  #keepJoin(what: RuleJoin): Arrival {
    const arrival = this.#arrival(what);
    this.#joins.push(what);
    if (this.#joins.length >= 2 * MAX_MEMORY) {
      this.#joins = this.#joins.slice(-MAX_MEMORY);
      this.#firstJoin = arrival.before.joins + 1 - MAX_MEMORY;
    }
    const { lines, first = what.at } = arrival.known;
    this.#known.set(what.user, { lines, first });
    return arrival;
  }

  #arrival<W extends RuleLine | RuleJoin>(what: W): Arrival<W> {
    return {
      what,
      before: {
        lines: this.#firstLine + this.#lines.length,
        joins: this.#firstJoin + this.#joins.length,
      },
      people: this.#people,
      known: this.#known.get(what.user) ?? UNKNOWN,
    };
  }

  /** Stable: how many of this room happened in the same millisecond. */
  #id(at: number, kind: string): string {
    this.#last = at === this.#last.at ? { at, count: this.#last.count + 1 } : { at, count: 0 };
    return `${this.#room}/${at}/${kind}${this.#last.count}`;
  }

  #entered({ detail = {} }: JournalEntry): void {
    const isPrivate = detail['private'] === true;
    const owner = detail['owner'];
    this.#people = {
      private: isPrivate,
      ...(typeof owner === 'string' && { owner }),
      operators: new Set(texts(detail['operators'])),
      members: new Set(texts(detail['members'])),
    };
    this.#standing = isPrivate ? standingOf(this.#self, this.#people) : 'visitor';
  }

  #changed(kind: 'room.member' | 'room.operator', user: string, added: boolean): void {
    const operators = new Set(this.#people.operators);
    const members = new Set(this.#people.members);
    if (added) members.add(user);
    if (kind === 'room.operator' && added) operators.add(user);
    if (!added) operators.delete(user);
    if (kind === 'room.member' && !added) members.delete(user);
    // Only private rooms have members.
    this.#people = { ...this.#people, private: true, operators, members };
    this.#standing = standingOf(this.#self, this.#people);
  }
}

function standingOf(self: string, { owner, operators, members }: RoomPeople): Standing {
  if (owner === self) return 'owner';
  if (operators.has(self)) return 'operator';
  return members.has(self) ? 'member' : 'visitor';
}

function joinDetail({ detail = {} }: JournalEntry): { stats: UserStats; country: string } {
  const { stats, country } = detail;
  return {
    stats:
      typeof stats === 'object' && stats !== null
        ? { ...NO_STATS, ...(stats as Partial<UserStats>) }
        : NO_STATS,
    country: typeof country === 'string' ? country : '',
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

function lookBack<T extends RuleLine | RuleJoin>(
  kept: readonly T[],
  before: number,
  since: number,
  limit: number,
  user: string | undefined,
): T[] {
  const found: T[] = [];
  const least = Math.max(0, before - MAX_MEMORY);
  for (let index = before - 1; index >= least && found.length < limit; index--) {
    const one = kept[index];
    if (one === undefined || one.at < since) break;
    if (user === undefined || one.user === user) found.push(one);
  }
  return found.reverse();
}
