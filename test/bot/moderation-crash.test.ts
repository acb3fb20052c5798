import { definePlugin } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

let current: TestBot | undefined;

afterEach(async () => {
  await current?.dispose();
});

const police = definePlugin({
  name: 'police',
  needs: ['moderate'],
  setup(bot) {
    bot.rule({
      id: 'bad',
      summary: 'Says bad',
      check({ text }: { readonly text: string }) {
        const points = /^bad (\d+)/.exec(text)?.[1];
        return points === undefined ? null : { points: Number(points), reason: 'it was bad' };
      },
    });
  },
});

/** Somebody is warned, and somebody put out for an hour, with a death at one write. @returns whether the bot died. */
async function dieAt(write: number): Promise<boolean> {
  const t = await testBot(police, {
    mode: 'inproc',
    rooms: [{ name: 'mine', owner: 'seekeeper', members: ['al', 'bob'] }],
    moderation: {
      rules: { 'police/bad': { mode: 'live' } },
      ladder: { 1: 'warn', 5: 'remove:1h', 9: 'remove' },
    },
    roles: { mod: ['meg'] },
  });
  current = t;
  const [al, bob] = [await t.person('al'), await t.person('bob')];
  await t.join('al', 'mine');
  await t.join('bob', 'mine');
  t.disk.crashAfter(write);
  al.say('mine', 'bad 1');
  await t.settle();
  bob.say('mine', 'bad 6');
  await t.settle();
  await t.advance('20s');
  const died = t.disk.crashed;
  await t.kill();
  await t.advance('2m');
  await t.start();
  await t.advance('12m');
  const cases = await t.database('select person, state, consequence from moderation_case order by id');
  for (const { state } of cases) expect(state).toBe('done');
  const has = (person: string) => cases.some((of) => of['person'] === person);
  const about = (user: string, words: string) =>
    t.private(user).filter((text) => text.includes(words)).length;
  // Rather a line is lost than said twice: the process may have died while it was being sent.
  expect(about('al', 'this is a warning')).toBeLessThanOrEqual(has('al') ? 1 : 0);
  expect(about('bob', 'You were removed')).toBeLessThanOrEqual(has('bob') ? 1 : 0);
  expect(t.sandbox.server.world.room('mine')?.members.includes('bob')).toBe(!has('bob'));
  await t.advance('61m');
  expect(t.sandbox.server.world.room('mine')?.members).toContain('bob');
  await t.dispose();
  return died;
}

describe('killed at any write while somebody is warned and somebody removed', () => {
  it('does each once, or what was not written down not at all, and ends it on time', async () => {
    let write = 1;
    while (await dieAt(write)) write += 2;
    expect(write).toBeGreaterThan(20);
  }, 240_000);
});
