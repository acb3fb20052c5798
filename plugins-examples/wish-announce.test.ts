import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as wishAnnounce from './wish-announce.ts';

const file = new URL('./wish-announce.ts', import.meta.url);
const config = { room: 'indie', wishes: { harbour: 'quiet harbour -live' } };

describe.each(['inproc', 'worker'] as const)('wish-announce, %s', (mode) => {
  it('announces what is new, once, also over a crash', async () => {
    await using t = await testBot(wishAnnounce, file, { mode, config });
    await t.share('olga', ['music\\Quiet Harbour\\one.flac', 'music\\Quiet Harbour\\one.mp3']);
    await t.advance('45m');
    expect(t.text('indie')).toEqual(['New for "quiet harbour -live": one.flac from olga']);
    await t.downtime('10m', 'kill');
    // Another source of the same file is not news here.
    const one = 'music\\Quiet Harbour\\one.flac';
    await t.share('olga', [one, 'music\\Quiet Harbour\\two.flac']);
    await t.share('piet', [one]);
    await t.advance('6h');
    expect(t.text('indie').slice(1)).toEqual(['New for "quiet harbour -live": two.flac from olga']);
  });
});
