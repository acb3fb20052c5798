import { entry } from './entry.ts';
import type { Limits } from './limits.ts';
import { fingerprint, RepeatGuard, type SaidAges } from './repeat-guard.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Traffic } from './traffic.ts';
import { longest, named, saved, type Verdict } from './verdict.ts';
import { DistinctWindow, SlidingWindow } from './window.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The limit that is in the way of lines to users who never wrote to us. */
export const STRANGERS = 'privateLine.strangersPerHour';

export type LineTraffic = Extract<Traffic, { kind: 'room-line' | 'private-line' }>;

/** What a restart has to remember. */
export interface LineDocument {
  readonly rooms: Readonly<Record<string, { readonly ahead: number; readonly ages: readonly number[] }>>;
  readonly allRooms: readonly number[];
  readonly roomRepeats: readonly (readonly [string, SaidAges])[];
  readonly users: Readonly<Record<string, number>>;
  readonly distinct: readonly (readonly [string, number])[];
  readonly strangers: readonly number[];
  readonly userRepeats: readonly (readonly [string, SaidAges])[];
  readonly texts: Readonly<Record<string, readonly number[]>>;
}

interface Room {
  readonly bucket: TokenBucket;
  readonly minute: SlidingWindow;
}

/** Lines to rooms and users. */
export class LineBudget {
  readonly #limits: Limits;
  readonly #met: (user: string) => boolean;
  readonly #rooms = new Map<string, Room>();
  readonly #allRooms: SlidingWindow;
  readonly #roomRepeats: RepeatGuard;
  readonly #users = new Map<string, TokenBucket>();
  readonly #distinct: DistinctWindow;
  readonly #strangers: SlidingWindow;
  readonly #userRepeats: RepeatGuard;
  /** By fingerprint: one text, wherever it goes. */
  readonly #texts = new Map<string, SlidingWindow>();

  constructor(limits: Limits, met: (user: string) => boolean) {
    const { roomLine, privateLine } = limits;
    this.#limits = limits;
    this.#met = met;
    this.#allRooms = new SlidingWindow(roomLine.allRoomsPerMinute, MINUTE);
    this.#roomRepeats = new RepeatGuard({
      gapMs: roomLine.repeatSeconds * SECOND,
      run: roomLine.repeatRun,
      runMs: Number.POSITIVE_INFINITY,
    });
    this.#distinct = new DistinctWindow(privateLine.usersPerMinute, MINUTE);
    this.#strangers = new SlidingWindow(privateLine.strangersPerHour, HOUR);
    this.#userRepeats = new RepeatGuard({
      gapMs: 0,
      run: privateLine.repeatRun,
      runMs: privateLine.repeatSeconds * SECOND,
    });
  }

  wait(now: number, line: LineTraffic): Verdict {
    const text = named('anyLine.sameTextPerMinute', this.#texts.get(fingerprint(line.text))?.wait(now) ?? 0);
    if (line.kind === 'room-line') {
      const room = this.#rooms.get(line.room);
      return longest(
        named('roomLine.everySeconds', room?.bucket.wait(now) ?? 0),
        named('roomLine.perMinute', room?.minute.wait(now) ?? 0),
        named('roomLine.allRoomsPerMinute', this.#allRooms.wait(now)),
        text,
      );
    }
    return longest(
      named('privateLine.everySeconds', this.#users.get(line.user)?.wait(now) ?? 0),
      named('privateLine.usersPerMinute', this.#distinct.wait(now, line.user)),
      named(STRANGERS, this.#strangerWait(now, line.user)),
      text,
    );
  }

  take(now: number, line: LineTraffic): void {
    entry(this.#texts, fingerprint(line.text), this.#newText).take(now);
    if (line.kind === 'room-line') {
      const room = entry(this.#rooms, line.room, this.#newRoom);
      room.bucket.take(now);
      room.minute.take(now);
      this.#allRooms.take(now);
    } else {
      entry(this.#users, line.user, this.#newUser).take(now);
      this.#distinct.take(now, line.user);
      if (!this.#met(line.user)) this.#strangers.take(now);
    }
    this.repeats(line, (guard, place, hash) => guard.take(now, place, hash));
  }

  /** The guard against repetitions that this line has to pass. */
  repeats<T>(line: LineTraffic, use: (guard: RepeatGuard, place: string, hash: string) => T): T {
    const hash = fingerprint(line.text);
    return line.kind === 'room-line'
      ? use(this.#roomRepeats, line.room, hash)
      : use(this.#userRepeats, line.user, hash);
  }

  settle(from: number, to: number, lines: readonly LineTraffic[]): void {
    const buckets = new Set(
      lines.map((line) =>
        line.kind === 'room-line' ? this.#rooms.get(line.room)?.bucket : this.#users.get(line.user),
      ),
    );
    for (const bucket of buckets) bucket?.settle(from, to);
    for (const { minute } of this.#rooms.values()) minute.settle(from, to);
    for (const window of [...this.#texts.values(), this.#allRooms, this.#strangers]) window.settle(from, to);
    this.#distinct.settle(from, to);
    this.#roomRepeats.settle(from, to);
    this.#userRepeats.settle(from, to);
  }

  /** Forgets what no longer limits anything. */
  save(now: number): LineDocument {
    for (const [room, { bucket, minute }] of this.#rooms) {
      if (bucket.ahead(now) === 0 && minute.used(now) === 0) this.#rooms.delete(room);
    }
    for (const [user, bucket] of this.#users) if (bucket.ahead(now) === 0) this.#users.delete(user);
    for (const [hash, window] of this.#texts) if (window.used(now) === 0) this.#texts.delete(hash);
    return {
      rooms: mapped(this.#rooms, ({ bucket, minute }) => ({
        ahead: bucket.ahead(now),
        ages: minute.ages(now),
      })),
      allRooms: this.#allRooms.ages(now),
      roomRepeats: this.#roomRepeats.ages(now),
      users: mapped(this.#users, (bucket) => bucket.ahead(now)),
      distinct: this.#distinct.ages(now),
      strangers: this.#strangers.ages(now),
      userRepeats: this.#userRepeats.ages(now),
      texts: mapped(this.#texts, (window) => window.ages(now)),
    };
  }

  resume(now: number, document: LineDocument): void {
    for (const [name, { ahead, ages }] of Object.entries(document.rooms)) {
      const room = entry(this.#rooms, name, this.#newRoom);
      room.bucket.resume(now, saved(ahead));
      room.minute.resume(now, ages.map(saved));
    }
    for (const [user, ahead] of Object.entries(document.users)) {
      entry(this.#users, user, this.#newUser).resume(now, saved(ahead));
    }
    for (const [hash, ages] of Object.entries(document.texts)) {
      entry(this.#texts, hash, this.#newText).resume(now, ages.map(saved));
    }
    this.#allRooms.resume(now, document.allRooms.map(saved));
    this.#strangers.resume(now, document.strangers.map(saved));
    this.#distinct.resume(
      now,
      document.distinct.map(([user, age]) => [user, saved(age)] as const),
    );
    this.#roomRepeats.resume(now, document.roomRepeats);
    this.#userRepeats.resume(now, document.userRepeats);
  }

  exhaust(now: number): void {
    for (const window of [this.#allRooms, this.#strangers]) {
      for (let i = 0; i < window.max; i++) window.take(now);
    }
    for (let i = 0; i < this.#distinct.max; i++) this.#distinct.take(now, `?${i}`);
  }

  left(now: number): Readonly<Record<'roomLines' | 'users' | 'strangers', number>> {
    return {
      roomLines: this.#allRooms.max - this.#allRooms.used(now),
      users: this.#distinct.max - this.#distinct.used(now),
      strangers: this.#strangers.max - this.#strangers.used(now),
    };
  }

  #strangerWait(now: number, user: string): number {
    if (this.#met(user)) return 0;
    return this.#strangers.max === 0 ? Number.POSITIVE_INFINITY : this.#strangers.wait(now);
  }

  readonly #newRoom = (): Room => {
    const { burst, everySeconds, perMinute } = this.#limits.roomLine;
    return {
      bucket: new TokenBucket(burst, everySeconds * SECOND),
      minute: new SlidingWindow(perMinute, MINUTE),
    };
  };

  readonly #newUser = (): TokenBucket => new TokenBucket(1, this.#limits.privateLine.everySeconds * SECOND);

  readonly #newText = (): SlidingWindow => new SlidingWindow(this.#limits.anyLine.sameTextPerMinute, MINUTE);
}

const mapped = <T, R>(map: ReadonlyMap<string, T>, to: (value: T) => R): Record<string, R> =>
  Object.fromEntries([...map].map(([key, value]) => [key, to(value)]));
