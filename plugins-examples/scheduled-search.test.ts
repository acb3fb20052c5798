import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as scheduledSearch from './scheduled-search.ts';

const file = new URL('./scheduled-search.ts', import.meta.url);
const config = { room: 'indie', queries: ['quiet harbour'], cron: '30 19 * * *', timezone: 'Europe/Berlin' };

describe.each(['inproc', 'worker'] as const)('scheduled-search, %s', (mode) => {
  it('tells what is new, once, at its time', async () => {
    await using t = await testBot(scheduledSearch, file, { mode, config, at: '2026-03-27T12:00:00Z' });
    await t.share('bo', [
      'music\\Quiet Harbour\\one.flac',
      'music\\Quiet Harbour\\two.flac',
      'music\\other.mp3',
    ]);
    await t.advance('6h');
    t.expectQuiet();
    await t.advance('1h');
    expect(t.text('indie')).toEqual(['New for "quiet harbour": Quiet Harbour (2 files) from bo']);
    await t.advance('1d');
    t.expectQuiet();
    await t.share('cy', ['stuff\\quiet harbour live\\x.mp3']);
    await t.advance('1d');
    expect(t.text('indie').slice(1)).toEqual([
      'New for "quiet harbour": quiet harbour live (1 file) from cy',
    ]);
  });

  it('makes up for a time that it missed', async () => {
    await using t = await testBot(scheduledSearch, file, { mode, config, at: '2026-03-27T18:00:00Z' });
    await t.share('bo', ['music\\Quiet Harbour\\one.flac']);
    await t.downtime('3h');
    await t.advance('5m');
    expect(t.text('indie')).toEqual([
      'New for "quiet harbour": Quiet Harbour (1 file) from bo (late: I was away)',
    ]);
  });
});
