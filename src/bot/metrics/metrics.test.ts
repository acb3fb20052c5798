import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { MetricSample } from '../../plugins/host/services.ts';
import { BotMetrics } from './metrics.ts';

const count = (name: string, by = 1): MetricSample => ({ kind: 'count', name, labels: {}, by });

it('adds up, keeps plugins apart, and holds 500 series of each', async () => {
  const clock = new VirtualClock();
  const metrics = new BotMetrics(clock);
  const since = clock.now();
  await clock.advance(5);
  metrics.record('b', [count('n', 2)], 0);
  metrics.record('b', [count('n', 3), { kind: 'gauge', name: 'n', labels: {}, value: 1 }], 4);
  for (let i = 0; i < 600; i++) metrics.record('a', [count(`n${i}`)], 0);
  metrics.record('a', [count('n0')], 0);
  const { plugins, ...rest } = metrics.snapshot();
  expect(rest).toEqual({ since });
  expect(plugins.map(({ plugin, lost, series }) => [plugin, lost, series.length])).toEqual([
    ['a', 100, 500],
    ['b', 4, 2],
  ]);
  expect(plugins[0]!.series[0]).toEqual(count('n0', 2));
  expect(plugins[1]!.series).toEqual([count('n', 5), { kind: 'gauge', name: 'n', labels: {}, value: 1 }]);
});
