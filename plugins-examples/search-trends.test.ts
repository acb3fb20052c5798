import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as trends from './search-trends.ts';

const file = new URL('./search-trends.ts', import.meta.url);

const config = { terms: ['harbour', '"quiet harbour"', 'lantern'] };

describe.each(['inproc', 'worker'] as const)('search-trends, %s', (mode) => {
  it('counts who looks for what, by whichever way the search comes', async () => {
    await using t = await testBot(trends, file, { mode, config });
    await t.say('al', 'indie', '!trends');
    await t.search('al', 'Quiet Harbour flac');
    await t.search('bo', 'harbour quiet');
    await t.search('bo', 'something else -harbour');
    await t.search('cy', 'lantern', 'bot');
    await t.search('al', 'lantern', { room: 'indie' });
    await t.advance('1m');
    await t.say('al', 'indie', '!trends');
    expect(t.text('indie')).toEqual([
      'Nobody looked for any of it yet.',
      'harbour: 2, lantern: 2, "quiet harbour": 1',
    ]);
  });

  it('counts a person who repeats a search once', async () => {
    await using t = await testBot(trends, file, { mode, config, server: { floodLimits: false } });
    await t.search('al', 'lantern a');
    await t.search('al', 'lantern b');
    await t.advance('1m');
    await t.say('al', 'indie', '!trends');
    expect(t.text('indie')).toEqual(['lantern: 1']);
  });

  it('remembers over a restart', async () => {
    await using t = await testBot(trends, file, { mode, config });
    await t.search('al', 'harbour');
    await t.advance('1m');
    await t.downtime('1h');
    await t.search('bo', 'harbour');
    await t.advance('1m');
    await t.say('al', 'indie', '!trends');
    expect(t.text('indie')).toEqual(['harbour: 2']);
  });
});
