import { afterEach, expect, it } from 'vitest';
import { after } from '../../../platform/time.ts';
import { bad, LIVE, ModerationBench } from '../bench.test-support.ts';

let bench: ModerationBench;
afterEach(() => bench.stop());

const moderation = { ...LIVE, 'new-rules': 'live', ladder: { 1: 'warn', 9: 'remove' }, merge: '1s' };

it('nobody waits for a rule with patience, and a slow answer is not hanging', async () => {
  let asked = 0;
  bench = await ModerationBench.start({ moderation, rules: { bad } });
  bench.addRule('shares', { on: 'join', patienceMs: 60_000 }, async () => {
    asked += 1;
    await after(bench.clock, 30_000);
    return { points: 1, reason: 'shares nothing' };
  });
  const before = bench.clock.now();
  await bench.arrive('den', 'al');
  await bench.line('den', 'al', 'hello');
  await bench.line('den', 'bob', 'bad 1');
  expect(bench.clock.now() - before).toBeLessThan(10);
  await bench.clock.advance(31_000);
  await bench.join('den', 'carl');
  expect(asked).toBe(2);
  expect(bench.owners).toEqual([]);
  expect((await bench.store.cases.list()).map(({ user }) => user)).toEqual(['carl', 'al', 'bob']);
});

it('what such a rule says after the end comes too late', async () => {
  bench = await ModerationBench.start({ moderation, rules: {} });
  bench.addRule('shares', { on: 'join', patienceMs: 60_000 }, async () => {
    await after(bench.clock, 30_000);
    return { points: 1, reason: 'shares nothing' };
  });
  await bench.arrive('den', 'al');
  await bench.moderation.stop();
  await bench.clock.advance(31_000);
  expect(await bench.store.cases.list()).toEqual([]);
});

it('a rule with patience that never answers is left out after three times', async () => {
  let asked = 0;
  bench = await ModerationBench.start({ moderation, rules: {} });
  bench.addRule('hangs', { on: 'join', patienceMs: 60_000 }, () => {
    asked += 1;
    return new Promise(() => {});
  });
  for (let round = 0; round < 4; round++) {
    await bench.join('den', `new${round}`);
  }
  expect(asked).toBe(3);
  expect(bench.owners).toEqual(['rule police/hangs']);
});
