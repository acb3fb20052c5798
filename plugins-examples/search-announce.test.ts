import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as announce from './search-announce.ts';

const file = new URL('./search-announce.ts', import.meta.url);

const config = { room: 'indie', query: 'harbour song', every: '6h' };
const song = (n: number) => `music\\Quiet Harbour\\0${n} - song.mp3`;

describe.each(['inproc', 'worker'] as const)('search-announce, %s', (mode) => {
  it('announces what is new, once, when people talk, and not before its time', async () => {
    await using t = await testBot(announce, file, { mode, config });
    await t.share('sharer', [song(1), song(2), 'music\\Other\\tune.mp3']);
    await t.say('al', 'indie', 'hello');
    expect(t.text('indie')).toEqual([
      'New for "harbour song": 01 - song.mp3 (1.0 MB) from sharer | 02 - song.mp3 (1.0 MB) from sharer',
    ]);
    await t.share('sharer', [song(1), song(2), { path: song(3), size: 5_500_000 }]);
    await t.advance('5h');
    await t.say('al', 'indie', 'still here');
    t.expectQuiet();
    await t.advance('1h');
    await t.say('al', 'indie', 'back again');
    await t.say('al', 'indie', 'and talking');
    expect(t.text('indie').slice(1)).toEqual(['New for "harbour song": 03 - song.mp3 (5.5 MB) from sharer']);
    await t.advance('6h');
    await t.say('al', 'indie', 'anything?');
    t.expectQuiet();
  });

  it('remembers over a restart when it searched and what it has told', async () => {
    await using t = await testBot(announce, file, { mode, config });
    await t.share('sharer', [song(1)]);
    await t.say('al', 'indie', 'hello');
    await t.downtime('2h', 'kill');
    await t.say('al', 'indie', 'hello again');
    t.expectQuiet();
    await t.advance('4h');
    await t.say('al', 'indie', 'hello once more');
    t.expectQuiet();
    expect(t.text('indie')).toHaveLength(1);
  });

  it('finds what is asked for, and says why it does not', async () => {
    await using t = await testBot(announce, file, { mode, config });
    await t.share('sharer', [{ path: song(1), size: 4_000_000 }]);
    await t.say('al', 'indie', '!find quiet harbour');
    await t.say('bo', 'indie', '!find -live');
    await t.advance('1m');
    await t.say('bo', 'indie', '!find nothing like this');
    expect(t.text('indie')).toEqual([
      '01 - song.mp3 (4.0 MB) from sharer',
      'New for "harbour song": 01 - song.mp3 (4.0 MB) from sharer',
      expect.stringMatching(/^the query needs a complete word/),
      'Nobody answered for 10s.',
    ]);
  });
});
