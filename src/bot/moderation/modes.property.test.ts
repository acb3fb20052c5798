import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Case, ModerationMode } from '../../plugins/api/cases.ts';
import { bad, ModerationBench, ROOMS } from './bench.test-support.ts';

/** Everything that may happen to somebody, so that nothing is left to chance. */
const LADDER = {
  1: 'note',
  2: 'warn',
  3: 'warn-room',
  4: 'report',
  6: 'ignore:1h',
  8: 'remove:1h',
  14: 'remove',
};
const ROOM_NAMES = Object.keys(ROOMS);
const USERS = ['al', 'bob', 'tom', 'meg', 'me', 'bot', 'olga', 'otto', 'seb', 'Al', 'new'];
/** Nothing may ever happen to them, in these rooms. */
const SAFE: Readonly<Record<string, readonly string[]>> = {
  indie: ['me', 'meg', 'seb', 'bot', 'tom'],
  den: ['me', 'meg', 'seb', 'bot', 'tom', 'olga', 'otto'],
  mine: ['me', 'meg', 'seb', 'bot', 'tom', 'otto'],
};

const step = fc.record({
  room: fc.constantFrom(...ROOM_NAMES),
  user: fc.constantFrom(...USERS),
  what: fc.constantFrom('line', 'line', 'line', 'join'),
  text: fc.constantFrom('hello', 'bad 1', 'bad 2', 'bad 3.5', 'bad 9', 'BAD', 'bad 50'),
  wait: fc.constantFrom(0, 1_000, 20_000, 70_000, 3_600_000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(mode: ModerationMode, steps: readonly Step[]) {
  const t = await ModerationBench.start({
    moderation: {
      mode,
      'new-rules': 'live',
      ladder: LADDER,
      suggest: '30d',
      caps: { removals: 2, warnings: 3 },
      exempt: { roles: ['trusted'] },
      staff: { users: ['seb'] },
      rooms: { mine: { ladder: { 2: 'report', 5: 'remove' }, decay: false } },
    },
    rules: {
      bad,
      shout: {
        check: (what) =>
          what.kind === 'line' && what.text === 'BAD' ? { points: 2.5, reason: 'shouting' } : undefined,
      },
      comes: {
        on: 'join',
        window: { withinMs: 60_000, lines: 20, sameUser: false },
        check: (_what, { joins }) =>
          joins.length >= 3 ? { points: 1.5, reason: `${joins.length} came at once` } : undefined,
      },
    },
  });
  // What follows must not change what happens next: they stay members, whatever is done to them.
  t.removal = async () => ({ state: 'confirmed' });
  for (const { room, user, what, text, wait } of steps) {
    await t.clock.advance(wait);
    if (what === 'join') await t.join(room, user);
    else await t.say(room, user, text);
  }
  const cases = (await t.store.cases.list({ limit: 500 })).toReversed();
  const { deeds } = t;
  await t.stop();
  return { cases, deeds };
}

/** What was decided, without what came of it. */
const decided = (of: Case) => ({
  ...of,
  mode: undefined,
  state: undefined,
  log: of.log.filter(({ actor }) => actor === 'rule'),
});

it('shadow, suggest and live decide the same, with the same numbers and reasons; and nothing ever happens to staff', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const shadow = await run('shadow', steps);
      const suggest = await run('suggest', steps);
      const live = await run('live', steps);
      expect(suggest.cases.map(decided)).toEqual(shadow.cases.map(decided));
      expect(live.cases.map(decided)).toEqual(shadow.cases.map(decided));
      expect(shadow.deeds).toEqual([]);
      for (const { room, user } of live.cases) expect(SAFE[room]).not.toContain(user);
      for (const { what, user } of live.deeds) if (what !== 'say') expect(SAFE['indie']).not.toContain(user);
      const removed = live.deeds.filter(({ what }) => /^(ban|removeFor)/.test(what));
      expect(removed.every(({ room }) => room === 'den' || room === 'mine')).toBe(true);
      // Within any hour no more than the caps allow.
      expect(removed.length).toBeLessThanOrEqual(
        2 * (1 + steps.filter(({ wait }) => wait === 3_600_000).length),
      );
      for (const { state, mode } of shadow.cases) expect([state, mode]).toEqual(['noted', 'shadow']);
    }),
    { numRuns: 25 },
  );
}, 60_000);
