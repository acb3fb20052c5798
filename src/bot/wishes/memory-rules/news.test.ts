import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHit, hitOf } from '../content/hit.test-support.ts';
import { quality } from '../content/quality.ts';
import { DEFAULT_TELLING, judge, type Passed } from './news.ts';

const mp3 = (given: Parameters<typeof hitOf>[1] = {}): Passed => ({
  hit: hitOf('Music\\A\\a.mp3', { attributes: { bitrate: 192 }, ...given }),
  folderFiles: 4,
});
const all = { sources: true, better: true, again: true };
/** The memory after `passed` was told. */
const memoryOf = ({ hit, folderFiles }: Passed) => ({
  source: { quality: quality(hit), slotFree: hit.slotFree, away: false },
  content: { quality: quality(hit), folderFiles },
  folder: { files: folderFiles },
});

describe('what a hit is to its wish', () => {
  it('is new when neither file nor content were seen, even in a known folder', () => {
    expect(judge({}, mp3())).toEqual({ kind: 'new' });
    expect(judge({ folder: { files: 3 } }, mp3())).toEqual({ kind: 'new' });
  });

  it('is a source when the content was seen with somebody else', () => {
    const { content } = memoryOf(mp3());
    expect(judge({ content }, mp3({ user: 'bob' }))).toEqual({ kind: 'source' });
    expect(judge({ content }, mp3({ user: 'bob' }), { sources: false })).toBeUndefined();
  });

  it('is nothing when it is as it was', () => {
    expect(judge(memoryOf(mp3()), mp3(), all)).toBeUndefined();
    expect(judge(memoryOf(mp3()), mp3({ queueLength: 900, speed: 1, locked: true }), all)).toBeUndefined();
  });

  it('is nothing when its tags were edited: another content, the same quality', () => {
    const { source, folder } = memoryOf(mp3());
    expect(judge({ source, folder }, mp3({ size: 30_000_001 }), all)).toBeUndefined();
  });

  it('is better when its owner put a clearly better file in its place', () => {
    const { source, folder } = memoryOf(mp3());
    const better = mp3({ attributes: { bitrate: 320 } });
    expect(judge({ source, folder }, better)).toEqual({
      kind: 'better',
      reason: 'better quality: like MP3 of 320 kbit/s, before like MP3 of 192 kbit/s',
    });
    expect(judge({ source, folder }, better, { better: false })).toBeUndefined();
    expect(judge({ source, folder }, mp3({ attributes: { bitrate: 200 } }))).toBeUndefined();
    expect(judge({ source, folder }, mp3({ attributes: { bitrate: 96 } }))).toBeUndefined();
  });

  it('is better with somebody who has clearly more of the folder, or else only a source', () => {
    const { content } = memoryOf(mp3());
    const of = (folderFiles: number, telling = {}) => judge({ content }, { ...mp3(), folderFiles }, telling);
    expect(of(12)).toEqual({ kind: 'better', reason: 'fuller folder: 12 files, 4 before' });
    expect(of(5)).toEqual({ kind: 'source' });
    expect(of(12, { better: false })).toEqual({ kind: 'source' });
  });

  it('is better with a folder of the same user that has clearly more, not with each file that comes to it', () => {
    const of = (before: number, folderFiles: number) =>
      judge(memoryOf({ ...mp3(), folderFiles: before }), { ...mp3(), folderFiles })?.kind;
    expect([of(4, 5), of(4, 6), of(1, 2), of(1, 3), of(20, 25), of(20, 30)]).toEqual([
      undefined,
      'better',
      undefined,
      'better',
      undefined,
      'better',
    ]);
    expect(of(12, 3)).toBeUndefined();
  });

  it('comes again only if asked, with its first free slot or after its owner was away', () => {
    const { source, ...rest } = memoryOf(mp3({ slotFree: false }));
    const known = { source, ...rest };
    expect(judge(known, mp3())).toBeUndefined();
    expect(judge(known, mp3(), all)).toEqual({ kind: 'again', reason: 'has a free slot now' });
    expect(judge(known, mp3({ slotFree: false }), all)).toBeUndefined();
    const away = { source: { ...source, slotFree: true, away: true }, ...rest };
    expect(judge(away, mp3(), all)).toEqual({ kind: 'again', reason: 'is online again' });
    expect(judge({ ...known, source: { ...source, slotFree: true } }, mp3(), all)).toBeUndefined();
  });
});

describe('whatever is known', () => {
  const seen = fc.record(
    {
      source: fc.record({ quality: fc.nat(100), slotFree: fc.boolean(), away: fc.boolean() }),
      content: fc.record({ quality: fc.nat(100), folderFiles: fc.nat(30) }),
      folder: fc.record({ files: fc.nat(30) }),
    },
    { requiredKeys: [] },
  );
  const telling = fc.record({ sources: fc.boolean(), better: fc.boolean(), again: fc.boolean() });
  const passed = fc.record({ hit: anyHit, folderFiles: fc.integer({ min: 1, max: 30 }) });

  it('tells nothing that is not to be told, and says why it tells what was seen', () => {
    fc.assert(
      fc.property(seen, passed, telling, (known, one, tell) => {
        const news = judge(known, one, tell);
        expect(news?.kind === 'new').toBe(known.source === undefined && known.content === undefined);
        if (!tell.sources) expect(news?.kind).not.toBe('source');
        if (!tell.better) expect(news?.kind).not.toBe('better');
        if (!tell.again) expect(news?.kind).not.toBe('again');
        expect(news?.reason !== undefined).toBe(news?.kind === 'better' || news?.kind === 'again');
      }),
    );
  });

  it('does not tell the same twice', () => {
    fc.assert(
      fc.property(passed, telling, (one, tell) => {
        expect(judge(memoryOf(one), one, tell)).toBeUndefined();
      }),
    );
  });

  it('tells the defaults when nothing is said', () => {
    fc.assert(
      fc.property(seen, passed, (known, one) => {
        expect(judge(known, one)).toEqual(judge(known, one, DEFAULT_TELLING));
      }),
    );
  });
});
