import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as roomStats from './room-stats.ts';

const file = new URL('./room-stats.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('room-stats, %s', (mode) => {
  it('counts by the day of its time zone', async () => {
    const config = { rooms: ['indie'], timezone: 'Europe/Berlin' };
    await using t = await testBot(roomStats, file, { mode, config, at: '2026-01-01T22:30:00Z' });
    await t.say('al', 'indie', 'before midnight in Berlin');
    await t.advance('1h');
    await t.say('al', 'indie', 'after it');
    await t.say('bo', 'indie', 'me too');
    await t.say('bo', 'indie', '!stats');
    await t.advance('1m');
    await t.say('bo', 'indie', '!active 1');
    expect(t.text('indie')).toEqual([
      'Today: 2 lines, 1 joins. Seven days: 3 lines, busiest at 0:00.',
      'al: 2',
    ]);
  });

  it('counts where it was told to', async () => {
    await using t = await testBot(roomStats, file, {
      mode,
      config: { rooms: ['den'] },
      rooms: ['indie', 'den'],
    });
    await t.say('al', 'indie', '!stats');
    await t.say('al', 'den', '!active');
    expect(t.text('indie')).toEqual(['I do not count here.']);
  });
});
