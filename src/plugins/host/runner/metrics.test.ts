import { expect, it } from 'vitest';
import { type Deferred, deferred } from '../../../platform/deferred.ts';
import { makeMetrics } from './metrics.ts';

function setUp() {
  const sent: (readonly unknown[])[] = [];
  const answers: Deferred<unknown>[] = [];
  const metric = makeMetrics((_method, ...args) => {
    sent.push(structuredClone(args));
    const answer = deferred<unknown>();
    answers.push(answer);
    return answer.promise;
  });
  const turn = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { metric, sent, answers, turn };
}

it('a busy loop is one message, and what comes while it is on its way the next one', async () => {
  const { metric, sent, answers, turn } = setUp();
  for (let i = 0; i < 100_000; i++) metric.count('n', { room: 'indie' });
  await turn();
  expect(sent).toEqual([[[{ kind: 'count', name: 'n', labels: { room: 'indie' }, by: 100_000 }], 0]]);
  for (let i = 0; i < 1000; i++) {
    metric.count('n', { room: 'indie' }, 2);
    await Promise.resolve();
  }
  expect(sent).toHaveLength(1);
  answers[0]!.resolve(undefined);
  await turn();
  expect(sent[1]).toEqual([[{ kind: 'count', name: 'n', labels: { room: 'indie' }, by: 2000 }], 0]);
});

it('adds up what belongs together: the order of labels does not matter, the kind does', async () => {
  const { metric, sent, turn } = setUp();
  metric.gauge('g', 1);
  metric.gauge('g', -2);
  metric.observe('ms', 5, { a: 1, b: true });
  metric.observe('ms', 1, { b: true, a: 1 });
  metric.count('ms');
  await turn();
  expect(sent).toEqual([
    [
      [
        { kind: 'gauge', name: 'g', labels: {}, value: -2 },
        {
          kind: 'observe',
          name: 'ms',
          labels: { a: '1', b: 'true' },
          count: 2,
          sum: 6,
          least: 1,
          greatest: 5,
        },
        { kind: 'count', name: 'ms', labels: {}, by: 1 },
      ],
      0,
    ],
  ]);
});

it('holds a bounded number, whatever the labels are', async () => {
  const { metric, sent, turn } = setUp();
  for (let i = 0; i < 10_000; i++) metric.count('n', { user: `u${i}` });
  metric.count('n', { long: 'x'.repeat(1000) });
  await turn();
  expect(sent[0]![0]).toHaveLength(500);
  expect(sent[0]![1]).toBe(9_501);
});

it('goes on after the host refused', async () => {
  const { metric, sent, answers, turn } = setUp();
  metric.count('n');
  await turn();
  answers[0]!.reject(new Error('unloaded'));
  await turn();
  metric.count('n');
  await turn();
  expect(sent).toHaveLength(2);
});

it.each([
  ['a name', (m: ReturnType<typeof makeMetrics>) => m.count('a b')],
  ['no name', (m: ReturnType<typeof makeMetrics>) => m.count('')],
  ['a negative count', (m: ReturnType<typeof makeMetrics>) => m.count('n', {}, -1)],
  ['no number', (m: ReturnType<typeof makeMetrics>) => m.gauge('n', Number.NaN)],
  ['no number at all', (m: ReturnType<typeof makeMetrics>) => m.observe('n', 'x' as never)],
  ['a label', (m: ReturnType<typeof makeMetrics>) => m.count('n', { __proto__x: 1 })],
  ['an object as label', (m: ReturnType<typeof makeMetrics>) => m.count('n', { a: {} as never })],
  [
    'nine labels',
    (m: ReturnType<typeof makeMetrics>) =>
      m.count('n', Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, i]))),
  ],
])('refuses %s at once', (_, act) => {
  expect(() => act(setUp().metric)).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
});
