import { expect, it } from 'vitest';
import type { BenchRule } from './bench.test-support.ts';
import { ModerationBench } from './bench.test-support.ts';

/** More than four lines of one person within ten seconds. */
function floodRule(asked: { times: number; lines: number }): BenchRule {
  return {
    window: { withinMs: 10_000, lines: 20, sameUser: true },
    check: (_what, { recent }) => {
      asked.times += 1;
      asked.lines += recent.length;
      return recent.length >= 4 ? { points: 3, reason: `${recent.length + 1} lines in 10 s` } : undefined;
    },
  };
}

it('ten thousand lines in a second are one case and few questions', async () => {
  const asked = { times: 0, lines: 0 };
  const t = await ModerationBench.start({
    moderation: { 'new-rules': 'live' },
    rules: { flood: floodRule(asked) },
  });
  const waiting: Promise<void>[] = [];
  for (let line = 0; line < 10_000; line++) {
    waiting.push(t.line('den', 'al', `line ${line}`));
    if (line % 10 === 9) await t.clock.advance(1);
  }
  await Promise.all(waiting);
  await t.idle();
  const cases = await t.store.cases.list();
  expect(cases).toHaveLength(1);
  expect(cases[0]).toMatchObject({ user: 'al', points: 3, reason: '5 lines in 10 s', state: 'done' });
  expect(cases[0]!.lines.length).toBeLessThanOrEqual(11);
  expect(asked.times).toBe(30);
  expect(asked.lines).toBeLessThan(30 * 20);
  expect(cases[0]!.log.length).toBeLessThan(12);
  expect(t.done).toEqual(['pm al']);
  expect((await t.store.journal.entries({ kinds: ['room.line'], limit: 20_000 })).length).toBe(10_000);
  await t.stop();
});

it('a flood that goes on climbs the ladder, a case a minute; a fast typist makes none', async () => {
  const t = await ModerationBench.start({
    moderation: { 'new-rules': 'live', ladder: { 1: 'warn', 6: 'remove:1h', 30: 'remove' } },
    rules: { flood: floodRule({ times: 0, lines: 0 }) },
  });
  for (let second = 0; second < 130; second++) {
    await t.line('den', 'al', `a ${second}`);
    await t.line('den', 'al', `b ${second}`);
    if (second % 4 === 0) await t.line('den', 'bob', `I type fast ${second}`);
    await t.clock.advance(1_000);
  }
  await t.idle();
  const cases = (await t.store.cases.list()).toReversed();
  expect(cases.map(({ user, consequence }) => `${user} ${consequence}`)).toEqual([
    'al warn',
    'al remove:1h',
    'al remove:1h',
  ]);
  await t.stop();
});

it('a crowd that writes at once is not judged line by line for ever', async () => {
  const asked = { times: 0, lines: 0 };
  const t = await ModerationBench.start({
    moderation: { 'new-rules': 'shadow' },
    rules: { flood: floodRule(asked) },
  });
  for (let line = 0; line < 2_000; line++) await t.line('den', `user${line}`, 'hi');
  await t.idle();
  expect(asked.times).toBe(100);
  expect(
    t.log.lines.filter(({ message }) => message === 'Lines are not judged: too many at once'),
  ).toHaveLength(4);
  await t.stop();
});
