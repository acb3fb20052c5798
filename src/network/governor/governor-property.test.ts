import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { StatePort } from '../ports.ts';
import { Governor } from './governor.ts';
import { normalizeQuery } from './search-budget.ts';
import type { Priority, Traffic } from './traffic.ts';

interface Written {
  readonly traffic: Traffic;
  readonly at: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const name = (prefix: string, most: number) => fc.nat(most).map((n) => `${prefix}${n}`);
const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('room-line'), room: name('r', 3), text: name('t', 9) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('private-line'), user: name('u', 20), text: name('t', 9) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('search'), query: name('q', 60) }) },
  fc.record({ kind: fc.constant('wishlist'), query: name('q', 9) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('room-admin'), room: name('r', 3) }) },
  fc.record({ kind: fc.constant('join'), room: name('r', 3) }),
  fc.record({ kind: fc.constant('ticker'), room: name('r', 3) }),
  fc.record({ kind: fc.constant('housekeeping') }),
);

const pools = fc.array(traffic, { minLength: 1, maxLength: 3 });

type Step =
  | {
      readonly do: 'send';
      readonly which: number;
      readonly times: number;
      readonly origin: string;
      readonly priority: Priority;
    }
  | { readonly do: 'wait'; readonly ms: number }
  /** The process dies; `lost` of the saves under way never reach the disk. It is away for a while. */
  | { readonly do: 'crash'; readonly lost: boolean; readonly awayMs: number; readonly after: number }
  | { readonly do: 'reconnect' }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'met'; readonly user: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      which: fc.nat(3),
      times: fc.oneof(fc.constant(1), fc.nat(40)),
      origin: name('o', 3),
      priority: fc.constantFrom<Priority>('moderation', 'reply', 'ordinary', 'bulk'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(3 * SECOND), fc.nat(MINUTE), fc.nat(20 * MINUTE)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      lost: fc.boolean(),
      awayMs: fc.oneof(fc.constant(0), fc.nat(5 * SECOND), fc.nat(5 * MINUTE)),
      after: fc.nat(400),
    }),
  },
  fc.record({ do: fc.constant('reconnect' as const) }),
  fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
  fc.record({ do: fc.constant('met' as const), user: name('u', 20) }),
);

/** A disk on which a save takes its time; what is under way when the process dies gets there or does not. */
class SlowDisk {
  readonly #documents = new Map<string, string>();
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.#clock = clock;
    this.#random = random;
  }

  process(): { readonly state: StatePort; readonly kill: (losesSaves: boolean) => void } {
    const under = new Set<() => void>();
    let alive = true;
    const state: StatePort = {
      load: async (document) => this.#documents.get(document),
      save: (document, value) =>
        new Promise((resolve) => {
          const land = () => void this.#documents.set(document, value);
          under.add(land);
          this.#clock.setTimeout(
            () => {
              if (!alive) return;
              under.delete(land);
              land();
              resolve();
            },
            this.#random.int(0, 300),
          );
        }),
    };
    const kill = (losesSaves: boolean) => {
      alive = false;
      if (!losesSaves) for (const land of under) land();
    };
    return { state, kill };
  }
}

async function run(
  pool: readonly Traffic[],
  steps: readonly Step[],
  seed: number,
): Promise<readonly Written[]> {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const disk = new SlowDisk(clock, random);
  const written: Written[] = [];
  let process = disk.process();
  let governor!: Governor;
  // Few kinds and keys in one run, so that limits really bite.
  const chosen = (next: { readonly which: number }) => pool[next.which % pool.length]!;
  const connect = () => {
    const mine = process;
    governor.open({
      write(bytes) {
        if (mine !== process) return false;
        written.push({
          traffic: JSON.parse(Buffer.from(bytes).toString()) as Traffic,
          at: clock.monotonic(),
        });
        return true;
      },
    });
  };
  const boot = async () => {
    process = disk.process();
    governor = new Governor({ clock, random, log: nullLog, state: process.state });
    await clock.run(governor.load());
    governor.setWishlistInterval(720);
    connect();
  };
  await boot();
  for (const next of steps) {
    switch (next.do) {
      case 'send':
        for (let i = 0; i < next.times * (chosen(next).kind === 'housekeeping' ? 15 : 1); i++) {
          const { origin, priority } = next;
          const frame = chosen(next);
          const vary = 'text' in frame && i > 2 ? { text: `${frame.text} ${i % 12}` } : {};
          const search = 'query' in frame ? { query: `${frame.query} ${i}` } : {};
          const varied = { ...frame, ...vary, ...search };
          void governor.submit(() => Buffer.from(JSON.stringify(varied)), varied, {
            origin,
            ...(varied.kind !== 'housekeeping' && { priority }),
            durable: i % 2 === 0,
          });
        }
        break;
      case 'wait':
        await clock.advance(next.ms);
        break;
      case 'crash': {
        // Somewhere in the middle of a save, perhaps.
        await clock.advance(next.after);
        process.kill(next.lost);
        governor.stop();
        await clock.advance(next.awayMs);
        await boot();
        break;
      }
      case 'reconnect':
        governor.close('offline', 'lost');
        connect();
        break;
      case 'jump':
        clock.jumpWallClock(next.ms);
        // The jump has to be noticed: a process that dies within these seconds forgets it.
        if (next.ms > 0) await clock.advance(31 * SECOND);
        break;
      case 'met':
        governor.met(next.user);
        break;
    }
  }
  await clock.advance(30 * MINUTE);
  governor.stop();
  return written;
}

/** Each span that starts with a frame holds at most `most`. */
function atMost(times: readonly number[], most: number, spanMs: number, what: string): void {
  for (let i = 0; i + most < times.length; i++) {
    expect(times[i + most]! - times[i]!, what).toBeGreaterThanOrEqual(spanMs);
  }
}

/** At most `burst` at once and one more per `everyMs`. */
function paced(times: readonly number[], burst: number, everyMs: number, what: string): void {
  for (let i = 0; i < times.length; i++) {
    for (let j = i + burst; j < Math.min(times.length, i + burst + 50); j++) {
      expect(times[j]! - times[i]!, what).toBeGreaterThanOrEqual((j - i + 1 - burst) * everyMs - 1e-3);
    }
  }
}

function groups<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) map.set(key(item), [...(map.get(key(item)) ?? []), item]);
  return map;
}

function check(written: readonly Written[]): void {
  const of = <K extends Traffic['kind']>(kind: K) =>
    written.filter(({ traffic }) => traffic.kind === kind) as {
      traffic: Extract<Traffic, { kind: K }>;
      at: number;
    }[];
  const times = (items: readonly { at: number }[]) => items.map(({ at }) => at);

  const rooms = of('room-line');
  atMost(times(rooms), 20, MINUTE, 'all rooms');
  for (const [room, lines] of groups(rooms, ({ traffic }) => traffic.room)) {
    paced(times(lines), 3, 3 * SECOND, room);
    atMost(times(lines), 10, MINUTE, room);
    for (const [text, same] of groups(lines, ({ traffic }) => traffic.text))
      atMost(times(same), 1, MINUTE, `${room} ${text}`);
    for (let i = 2; i < lines.length; i++) {
      const texts = new Set(lines.slice(i - 2, i + 1).map(({ traffic }) => traffic.text));
      expect(texts.size, `three times running in ${room}`).toBeGreaterThan(1);
    }
  }
  const privates = of('private-line');
  for (const [user, lines] of groups(privates, ({ traffic }) => traffic.user))
    atMost(times(lines), 1, 2 * SECOND, user);
  for (const { at } of privates) {
    const users = privates
      .filter((line) => line.at >= at && line.at < at + MINUTE)
      .map(({ traffic }) => traffic.user);
    expect(new Set(users).size, 'users a minute').toBeLessThanOrEqual(10);
  }
  const texts = groups(
    [...rooms, ...privates].sort((a, b) => a.at - b.at),
    ({ traffic }) => traffic.text,
  );
  for (const [text, lines] of texts) atMost(times(lines), 6, MINUTE, text);
  const searches = of('search');
  atMost(times(searches), 1, 5 * SECOND, 'gap of searches');
  atMost(times(searches), 30, 220 * SECOND, 'searches');
  for (const same of groups(searches, ({ traffic }) => normalizeQuery(traffic.query)).values()) {
    atMost(times(same), 1, 10 * MINUTE, 'same search');
  }
  atMost(times(of('wishlist')), 1, 722 * SECOND, 'wishlist');
  atMost(times(of('room-admin')), 1, SECOND, 'room admin');
  atMost(times(of('room-admin')), 20, MINUTE, 'room admin');
  atMost(times(of('join')), 1, 2 * SECOND, 'join');
  atMost(times(of('ticker')), 1, 30 * SECOND, 'ticker');
  paced(times(of('housekeeping')), 500, 20, 'housekeeping');
}

describe('Governor, whatever happens', () => {
  it('never exceeds a limit, over crashes at any moment, reconnects and wall clocks set back or forth', async () => {
    let total = 0;
    await fc.assert(
      fc.asyncProperty(
        pools,
        fc.array(step, { minLength: 10, maxLength: 60 }),
        fc.nat(),
        async (pool, steps, seed) => {
          const written = await run(pool, steps, seed);
          total += written.length;
          check(written);
        },
      ),
      { numRuns: 120 },
    );
    // Or the property would hold of a governor that sends nothing.
    expect(total).toBeGreaterThan(1000);
  });

  it('leaves nobody waiting for ever, and drops nothing but repetitions while the queues have room', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ traffic, origin: name('o', 4), durable: fc.boolean() }), {
          minLength: 1,
          maxLength: 150,
        }),
        async (frames) => {
          const clock = new VirtualClock();
          const random = new SeededRandom(1);
          const disk = new SlowDisk(clock, random);
          const { state } = disk.process();
          const governor = new Governor({ clock, random, log: nullLog, state });
          await clock.run(governor.load());
          governor.open({ write: () => true });
          const outcomes = frames.map((frame) =>
            governor.submit(() => new Uint8Array(1), frame.traffic, {
              origin: frame.origin,
              durable: frame.durable,
            }),
          );
          const all = await clock.run(Promise.all(outcomes), { timeoutMs: 2 * 60 * MINUTE });
          for (const outcome of all) {
            if (outcome.state === 'dropped') expect(outcome.code).toBe('duplicate');
          }
          expect(governor.snapshot().queued).toEqual([]);
          governor.stop();
        },
      ),
      { numRuns: 30 },
    );
  });
});
