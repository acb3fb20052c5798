import { afterEach, expect, it } from 'vitest';
import type { Verdict } from '../../../plugins/api/rule.ts';
import { backTest } from '../back-test/back-test.ts';
import { type BenchRule, ModerationBench, ROLES, readConfig } from '../bench.test-support.ts';

const config = {
  mode: 'live',
  'new-rules': 'live',
  decay: false,
  merge: '1m',
  ladder: { 1: 'note', 3: 'warn', 6: 'report', 10: 'remove:1h', 40: 'remove' },
};

const on = (word: string, verdict: Verdict): BenchRule => ({
  check: (what) => (what.kind === 'line' && what.text.includes(word) ? verdict : undefined),
});
const rules = {
  loud: on('loud', { points: 50, reason: 'loud', atMost: 'warn' }),
  slip: on('slip', { points: 1, reason: 'slip' }),
  foul: on('foul', { points: 12, reason: 'foul' }),
};

let bench: ModerationBench;
afterEach(() => bench.stop());

async function say(...texts: readonly string[]) {
  bench = await ModerationBench.start({ moderation: config, rules });
  for (const text of texts) {
    await bench.say('den', 'al', text);
    await bench.clock.advance(61_000);
  }
  return (await bench.store.cases.list()).toReversed();
}

it('what has a ceiling counts up to its step for whatever comes after it', async () => {
  const cases = await say('loud', 'loud', 'slip');
  expect(cases.map(({ total, consequence, atMost }) => [total, consequence, atMost])).toEqual([
    [50, 'warn', 'warn'],
    [53, 'warn', 'warn'],
    [4, 'warn', undefined],
  ]);
  expect((await bench.moderation.cases.strikes('p', 'al'))[0]).toMatchObject({ points: 4, next: 'report' });
  const { case: ordered } = await bench.moderation.cases.sanction('p', {
    room: 'den',
    user: 'al',
    consequence: 'note',
    reason: 'x',
    actor: 'meg',
  });
  expect(ordered.total).toBe(4);
});

it('the same in a back-test', async () => {
  await say('loud', 'slip');
  const seen: string[] = [];
  const { rules: judged } = { rules: Object.entries(rules) };
  await bench.store.journal.flush();
  await backTest({
    self: 'bot',
    config: { roles: ROLES, moderation: readConfig(config, ['den']) },
    entries: bench.store.journal.each({}),
    rules: judged.map(([id, { check }]) => ({
      name: `police/${id}`,
      spec: { id, summary: id, version: '1', on: 'line', exempt: [] },
      check: async (what, context) => check(what, context),
    })),
    actions: { get: () => undefined },
    since: 0,
    onCase: ({ objection, total, consequence }) => seen.push(`${objection.rule} ${total} ${consequence}`),
  });
  expect(seen).toEqual(['police/loud 50 warn', 'police/slip 4 warn']);
});

it('many points with a ceiling do not shield from what is worse without', async () => {
  const [of, ...more] = await say('loud and foul');
  expect(more).toEqual([]);
  expect(of).toMatchObject({ rule: 'police/foul', points: 12, consequence: 'remove:1h' });
  expect(of?.log[0]?.detail).toBe('police/loud: loud (50 points, not counted)');
});

it('nor does a case with a ceiling within the time in which things belong together', async () => {
  bench = await ModerationBench.start({ moderation: config, rules });
  await bench.say('den', 'al', 'loud');
  await bench.say('den', 'al', 'foul');
  expect((await bench.store.cases.list()).map(({ consequence }) => consequence)).toEqual([
    'remove:1h',
    'warn',
  ]);
});
