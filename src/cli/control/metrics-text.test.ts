import { expect, it } from 'vitest';
import { metricsText } from './metrics-text.ts';

it('shows every kind, and nothing that could move the cursor', () => {
  const since = Date.UTC(2026, 0, 1);
  expect(metricsText({ since, plugins: [] })).toEqual([
    'since 2026-01-01T00:00:00.000Z: no plugin has counted anything',
  ]);
  const text = metricsText({
    since,
    plugins: [
      {
        plugin: 'greeter',
        lost: 3,
        series: [
          { kind: 'count', name: 'greeted', labels: { room: 'in\u001bdie' }, by: 7 },
          { kind: 'gauge', name: 'open', labels: {}, value: -0.1 - 0.2 },
          { kind: 'observe', name: 'ms', labels: {}, count: 3, sum: 10, least: 1, greatest: 8 },
        ],
      },
    ],
  });
  expect(text.slice(1)).toEqual([
    'greeter',
    expect.stringMatching(/^ {2}greeted\{room="in.*die"\} {2}7$/),
    '  open  -0.3',
    '  ms  3 times, mean 3.33333, 1 to 8',
    '  (3 changes lost: it has as many combinations as it may)',
  ]);
  expect(text.join('')).not.toContain('\u001b');
});
