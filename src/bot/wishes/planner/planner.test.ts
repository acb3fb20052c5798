import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, eligibleAt, gapOf, standingOf, urgencyOf } from './candidate.ts';
import { chooseNext } from './choose-next.ts';
import { overdue } from './overdue.ts';
import { afterTurn, nextSpelling } from './take-turn.ts';
import { timetable } from './timetable.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 1);
const INTERVAL = 12 * MINUTE;

const wish = (seq: number, more: Partial<Candidate> = {}): Candidate => ({
  seq,
  everyMs: 30 * MINUTE,
  atMostMs: DAY,
  priority: 5,
  deadline: undefined,
  expires: undefined,
  notBefore: undefined,
  createdAt: NOW,
  spellings: [`q${seq}`],
  variant: 0,
  fruitless: 0,
  lastTurn: undefined,
  boostedAt: undefined,
  ...more,
});

const turnsOf = (wishes: readonly Candidate[], ms: number, intervalMs = INTERVAL) => [
  ...timetable(wishes, { from: NOW, until: NOW + ms, intervalMs, maxTurns: 100_000 }),
];

describe('the gap', () => {
  it('is every, times 1.5 for each fruitless turn, up to atMost', () => {
    const gaps = [0, 1, 2, 4, 10, 1e9].map(
      (fruitless) => gapOf(wish(1, { fruitless, lastTurn: NOW })) / MINUTE,
    );
    expect(gaps).toEqual([30, 45, 67.5, 30 * 1.5 ** 4, 1440, 1440]);
    expect(gapOf(wish(1, { everyMs: 2 * DAY, atMostMs: DAY }))).toBe(2 * DAY);
  });

  it('is shorter when a deadline comes near, but never below every', () => {
    const near = { fruitless: 20, lastTurn: NOW };
    expect(gapOf(wish(1, { ...near, deadline: NOW + 30 * DAY }))).toBe(DAY);
    expect(gapOf(wish(1, { ...near, deadline: NOW + 7 * DAY }))).toBe(DAY / 2);
    expect(gapOf(wish(1, { ...near, deadline: NOW - 1 }))).toBe(DAY);
    expect(gapOf(wish(1, { lastTurn: NOW, deadline: NOW + 1 }))).toBe(30 * MINUTE);
  });
});

describe('the choice', () => {
  it('is among those that may have a turn', () => {
    expect(chooseNext<Candidate>([], NOW)).toBeUndefined();
    expect(chooseNext([wish(1, { lastTurn: NOW - 29 * MINUTE })], NOW)).toBeUndefined();
    expect(chooseNext([wish(1, { notBefore: NOW + 1 })], NOW)).toBeUndefined();
    expect(chooseNext([wish(1, { expires: NOW })], NOW)).toBeUndefined();
    expect(eligibleAt(wish(1, { expires: NOW }))).toBe(Number.POSITIVE_INFINITY);
  });

  it('prefers what was boosted, then what has waited for most of its gaps by its priority', () => {
    const waited = (seq: number, minutes: number, more: Partial<Candidate> = {}) =>
      wish(seq, { lastTurn: NOW - minutes * MINUTE, ...more });
    expect(chooseNext([waited(1, 90), waited(2, 60, { priority: 10 })], NOW)?.seq).toBe(2);
    expect(chooseNext([waited(1, 90), waited(2, 90)], NOW)?.seq).toBe(1);
    expect(chooseNext([waited(1, 900, { everyMs: 600 * MINUTE }), waited(2, 60)], NOW)?.seq).toBe(2);
    const boosted = [
      waited(1, 1, { boostedAt: NOW - 1 }),
      waited(2, 1, { boostedAt: NOW - 5 }),
      waited(3, 999),
    ];
    expect(chooseNext(boosted, NOW)?.seq).toBe(2);
    const urgency = (priority: number) => urgencyOf(standingOf(waited(1, 60, { priority })), NOW);
    expect(urgency(10)).toBe(2 * urgency(5));
  });
});

describe('the timetable', () => {
  it('gives 40 wishes a round of 40 intervals, in order', () => {
    const turns = turnsOf(
      Array.from({ length: 40 }, (_, i) => wish(i + 1)),
      DAY,
    );
    expect(turns.slice(0, 40).map(({ wishes }) => wishes[0])).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    expect(turns[40]!.at - NOW).toBe(40 * (INTERVAL + 6_000));
    expect(turnsOf([wish(1)], DAY, 0)).toEqual([]);
  });

  it('gives priority 10 twice the turns of 5, and 1 a fifth of them', () => {
    const busy = { atMostMs: 30 * MINUTE };
    const wishes = [
      ...Array.from({ length: 20 }, (_, i) => wish(i + 1, busy)),
      wish(21, { ...busy, priority: 10 }),
      wish(22, { ...busy, priority: 1 }),
    ];
    const counts = new Map<number, number>();
    for (const { wishes: whose } of turnsOf(wishes, 30 * DAY))
      counts.set(whose[0]!, (counts.get(whose[0]!) ?? 0) + 1);
    expect(counts.get(21)! / counts.get(1)!).toBeCloseTo(2, 1);
    expect(counts.get(22)! / counts.get(1)!).toBeCloseTo(0.2, 1);
  });

  it('lets wishes share a turn that would search the same next, and no spelling is left out for it', () => {
    const turns = turnsOf([wish(1, { spellings: ['a', 'b'] }), wish(2, { spellings: ['b'] })], 6 * HOUR);
    expect(turns.slice(0, 5).map(({ spelling, wishes }) => [spelling, ...wishes])).toEqual([
      ['a', 1],
      ['b', 2, 1],
      ['b', 2],
      ['a', 1],
      ['b', 2, 1],
    ]);
    for (const [i, { at, wishes }] of turns.entries()) {
      const before = turns
        .slice(0, i)
        .filter(({ spelling }) => spelling === turns[i]!.spelling)
        .at(-1);
      if (before) expect(at - before.at).toBeGreaterThan(10 * MINUTE);
      expect(new Set(wishes).size).toBe(wishes.length);
    }
  });

  const anyWish = fc.record({
    everyMs: fc.integer({ min: 10, max: 600 }).map((n) => n * MINUTE),
    atMostMs: fc.integer({ min: 10, max: 1440 }).map((n) => n * MINUTE),
    priority: fc.integer({ min: 1, max: 10 }),
    deadline: fc.option(
      fc.integer({ min: -DAY, max: 40 * DAY }).map((ms) => NOW + ms),
      { nil: undefined },
    ),
    fruitless: fc.integer({ min: 0, max: 100 }),
    lastTurn: fc.option(
      fc.integer({ min: -DAY, max: 0 }).map((ms) => NOW + ms),
      { nil: undefined },
    ),
    spellings: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 }),
    variant: fc.nat(4),
  });

  it('never starves anybody, never has two turns in one interval, never one too soon', () => {
    fc.assert(
      fc.property(fc.array(anyWish, { minLength: 1, maxLength: 12 }), (specs) => {
        const wishes = specs.map((spec, i) => wish(i + 1, spec));
        const turns = turnsOf(wishes, 20 * DAY);
        for (const [i, turn] of turns.slice(1).entries())
          expect(turn.at - turns[i]!.at).toBeGreaterThanOrEqual(INTERVAL);
        for (const { seq, everyMs } of wishes) {
          const chosen = turns.filter((turn) => turn.wishes.includes(seq));
          // The longest gap, and however many turns the others may take before: priorities are within 1 to 30 times.
          let last = NOW;
          for (const { at } of chosen) {
            expect(at - last).toBeLessThan(8 * DAY);
            last = at;
          }
          expect(20 * DAY - (last - NOW)).toBeLessThan(8 * DAY);
          const own = turns.filter((turn) => turn.wishes[0] === seq);
          for (const [i, { at }] of own.slice(1).entries())
            expect(at - own[i]!.at).toBeGreaterThanOrEqual(everyMs);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is what happens when each choice is made by itself', () => {
    const wishes = new Map(
      Array.from({ length: 9 }, (_, i) => [
        i + 1,
        wish(i + 1, { everyMs: (i + 1) * 10 * MINUTE, priority: i + 1 }),
      ]),
    );
    for (const planned of turnsOf([...wishes.values()], 3 * DAY)) {
      const chosen = chooseNext(wishes.values(), planned.at)!;
      expect(planned.wishes).toEqual([chosen.seq]);
      wishes.set(chosen.seq, { ...chosen, ...afterTurn(chosen, nextSpelling(chosen), planned.at) });
    }
  });
});

describe('what is overdue', () => {
  const at = (seq: number, ms: number) => wish(seq, { lastTurn: ms, atMostMs: 30 * MINUTE });

  it('is what would have had a turn while nobody was there', () => {
    const wishes = [at(1, NOW), at(2, NOW - 12 * MINUTE), at(3, NOW - 24 * MINUTE)];
    const late = (ms: number) => [...overdue(wishes, { now: NOW + ms, intervalMs: INTERVAL })];
    expect(late(5 * MINUTE)).toEqual([]);
    expect(late(12.5 * MINUTE)).toEqual([]);
    expect(late(13 * MINUTE)).toEqual([3]);
    expect(late(25 * MINUTE)).toEqual([3, 2]);
    expect(late(7 * DAY)).toEqual([3, 2, 1]);
    expect([...overdue([], { now: NOW, intervalMs: INTERVAL })]).toEqual([]);
  });
});
