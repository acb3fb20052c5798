import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { SearchService } from '../../plugins/host/services.ts';
import { RecentSearches } from './recent-searches.ts';

it('remembers how the last searches ended, and not what for', async () => {
  const clock = new VirtualClock();
  const searches = {
    run: () => ({
      done: Promise.resolve({ reason: 'timeout', hits: 3, users: 1, leftOut: 0 }),
      stop() {},
      next: async () => ({ hits: [] }),
    }),
    listen: () => () => {},
    answer: () => () => {},
  } as SearchService;
  const recent = new RecentSearches(searches, clock);
  for (let i = 0; i < 25; i += 1) recent.run('wishes', { query: `secret ${i}`, scope: { room: 'indie' } });
  await clock.settle();
  expect(recent.list).toHaveLength(20);
  expect(recent.list[0]).toEqual({
    plugin: 'wishes',
    at: clock.now(),
    scope: 'room',
    reason: 'timeout',
    hits: 3,
    users: 1,
    leftOut: 0,
  });
  expect(JSON.stringify(recent.list)).not.toContain('secret');
});
