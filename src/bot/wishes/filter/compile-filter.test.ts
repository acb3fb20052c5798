import { describe, expect, it } from 'vitest';
import type { SearchHit } from '../../../plugins/api/search.ts';
import type { WishFilter } from '../../../plugins/api/wishlist.ts';
import { hitOf } from '../content/hit.test-support.ts';
import { FILTER_KEYS } from './check-filter.ts';
import { compileWishFilter } from './compile-filter.ts';

const PATH = 'Music\\Band – Rare EP [FLAC]\\01_Café-Song (Live).flac';
const attributes = { bitrate: 900, duration: 200, vbr: false, sampleRate: 44_100, bitDepth: 16 };
const flac = hitOf(PATH, { attributes, queueLength: 5 });
const verdict = (filter: WishFilter, hit: Partial<SearchHit> = {}, files?: number) =>
  compileWishFilter(filter).check({ ...flac, ...hit }, files === undefined ? undefined : { files });

/** For every condition a value that the hit meets, and one with what is said when it does not. */
const CASES: readonly (readonly [meets: WishFilter, fails: WishFilter, named: string, detail: string])[] = [
  [
    { path: { must: ['rare ep', 'CAFE'] } },
    { path: { must: ['band', 'rare lp'] } },
    'path.must',
    '"rare lp" is not in the path',
  ],
  [
    { path: { any: ['nope', 'music'] } },
    { path: { any: ['nope', 'no'] } },
    'path.any',
    'none of "nope", "no" is in the path',
  ],
  [
    { path: { not: ['liv', 'cover'] } },
    { path: { not: ['x', 'LIVE!'] } },
    'path.not',
    '"LIVE!" stands in the path',
  ],
  [{ name: { must: ['cafe song'] } }, { name: { must: ['band'] } }, 'name.must', '"band" is not in the name'],
  [
    { name: { any: ['song', 'x'] } },
    { name: { any: ['band'] } },
    'name.any',
    'none of "band" is in the name',
  ],
  [{ name: { not: ['band'] } }, { name: { not: ['café'] } }, 'name.not', '"café" stands in the name'],
  [
    { patterns: ['(?i)\\[flac\\]', '^Music'] },
    { patterns: ['Music', '\\[flac\\]'] },
    'patterns',
    '"\\\\[flac\\\\]" is not found in the path',
  ],
  [
    { notPatterns: ['x{3}'] },
    { notPatterns: ['x{3}', 'R.re'] },
    'notPatterns',
    '"R.re" is found in the path',
  ],
  [
    { class: ['audio'] },
    { class: ['lossy', 'video'] },
    'class',
    '"flac" is lossless, wanted is lossy or video',
  ],
  [{ ext: ['mp3', '.FLAC'] }, { ext: ['mp3'] }, 'ext', 'extension "flac"'],
  [{ minSize: 30_000_000 }, { minSize: 30_000_001 }, 'minSize', 'size 30.0 MB, at least 30.0 MB is wanted'],
  [{ maxSize: 30_000_000 }, { maxSize: 900 }, 'maxSize', 'size 30.0 MB, at most 900 B is wanted'],
  [
    { minBitrate: 900 },
    { minBitrate: 901 },
    'minBitrate',
    'bitrate 900 kbit/s, at least 901 kbit/s is wanted',
  ],
  [
    { maxBitrate: 900 },
    { maxBitrate: 320 },
    'maxBitrate',
    'bitrate 900 kbit/s, at most 320 kbit/s is wanted',
  ],
  [{ vbr: false }, { vbr: true }, 'vbr', 'the bitrate is constant'],
  [
    { minSampleRate: 44_100 },
    { minSampleRate: 96_000 },
    'minSampleRate',
    'sample rate 44.1 kHz, at least 96 kHz is wanted',
  ],
  [{ minBitDepth: 16 }, { minBitDepth: 24 }, 'minBitDepth', 'bit depth 16, at least 24 is wanted'],
  [{ minDuration: 200 }, { minDuration: 201 }, 'minDuration', 'duration 3:20, at least 3:21 is wanted'],
  [{ maxDuration: 200 }, { maxDuration: 45 }, 'maxDuration', 'duration 3:20, at most 45 s is wanted'],
  [{ duration: 205 }, { duration: 206 }, 'duration', 'duration 3:20, 3:26 ± 5 s is wanted'],
  [
    { duration: 230, durationTolerance: 30 },
    { duration: 231, durationTolerance: 30 },
    'duration',
    'duration 3:20, 3:51 ± 30 s is wanted',
  ],
  [
    { minFolderFiles: 8 },
    { minFolderFiles: 9 },
    'minFolderFiles',
    "8 of the folder's files pass, at least 9 are wanted",
  ],
  [{ freeSlot: true }, { freeSlot: true }, 'freeSlot', 'the user has no free slot'],
  [{ maxQueue: 5 }, { maxQueue: 4 }, 'maxQueue', 'queue 5, at most 4 is wanted'],
  [
    { minSpeed: 1_000_000 },
    { minSpeed: 2_000_000 },
    'minSpeed',
    'speed 1000 kB/s, at least 2000 kB/s is wanted',
  ],
  [{ locked: 'exclude' }, { locked: 'only' }, 'locked', 'the file is not locked'],
  [{ verified: true }, { verified: true }, 'verified', 'it is not proven that this user answered'],
  [{ users: ['bob', 'alice'] }, { users: ['Alice'] }, 'users', '"alice" is none of the users asked for'],
  [{ notUsers: ['bob'] }, { notUsers: ['alice'] }, 'notUsers', '"alice" is not wanted'],
];
const LACKS: Readonly<Record<string, Partial<SearchHit>>> = {
  freeSlot: { slotFree: false },
  verified: { verified: false },
};

describe('each condition', () => {
  it.each(CASES)('%j holds, and %j fails by name', (meets, fails, named, detail) => {
    expect(verdict(meets, {}, 8)).toEqual({ passes: true });
    expect(verdict(fails, LACKS[named], 8)).toEqual({ passes: false, filter: named, detail });
  });

  it('is among them', () => {
    const tried = new Set(CASES.flatMap(([meets]) => Object.keys(meets)));
    expect([...tried].sort()).toEqual([...FILTER_KEYS].sort());
  });

  it.each([
    [{ minBitrate: 1 }, 'the owner does not say: bitrate'],
    [{ maxBitrate: 1000 }, 'the owner does not say: bitrate'],
    [{ vbr: false }, 'the owner does not say: whether the bitrate varies'],
    [{ duration: 5 }, 'the owner does not say: duration'],
    [{ minSampleRate: 1 }, 'the owner does not say: sample rate'],
  ])('fails when the owner does not say: %j', (filter, detail) => {
    expect(verdict(filter, { attributes: {} })).toMatchObject({ passes: false, detail });
  });
});

describe('words', () => {
  const has = (path: string, word: string) =>
    compileWishFilter({ path: { must: [word] } }).check(hitOf(path)).passes;

  it.each([
    ['x\\STRASSE.mp3', 'straße', true],
    ['x\\Straße.mp3', 'strasse', true],
    ['x\\Øde.mp3', 'ode', true],
    ['x\\bjo\u0308rk.mp3', 'björk', true],
    ['x\\мой.mp3', 'мой', true],
    ['x\\мой.mp3', 'мои', false],
    ['x\\МОЙ.mp3', 'мой', true],
    ['x\\東京事変 live.mp3', '事変', true],
    ['x\\東京事変live.mp3', '事変 live', true],
    ['x\\東京・事変.mp3', '東京事変', true],
    ['x\\カラス.mp3', 'ガラス', false],
    ['x\\rare_ep.mp3', 'rare ep', true],
    ['x\\ep rare.mp3', 'rare ep', false],
    ['x\\rareep.mp3', 'rare ep', false],
    ['x\\alive.mp3', 'live', false],
    ["x\\don't.mp3", "don't", true],
    ['x\\don’t.mp3', "don't", true],
  ])('%s and %s: %s', (path, word, wanted) => {
    expect(has(path, word)).toBe(wanted);
  });
});

describe('bitrate', () => {
  it('is the average of a variable one, counted from size and duration, or what [V0] stands for', () => {
    const v0 = (given: Partial<SearchHit>, filter: WishFilter = { minBitrate: 240 }) =>
      compileWishFilter(filter).check(hitOf('Band [V0]\\a.mp3', given)).passes;
    expect(v0({ attributes: { bitrate: 245, vbr: true } })).toBe(true);
    expect(v0({ attributes: { bitrate: 230, vbr: true } })).toBe(false);
    expect(v0({ attributes: { duration: 1000 } })).toBe(true);
    expect(v0({ attributes: { duration: 1001 } })).toBe(false);
    expect(v0({})).toBe(true);
    expect(v0({}, { maxBitrate: 240 })).toBe(false);
    expect(v0({}, { vbr: true })).toBe(true);
  });
});

describe('the folder', () => {
  it('is asked about last, and only when its files were counted', () => {
    const test = compileWishFilter({ minFolderFiles: 5, ext: ['flac'] });
    expect(test.minFolderFiles).toBe(5);
    expect(test.check(flac).passes).toBe(true);
    expect(test.check(flac, { files: 4 })).toMatchObject({ filter: 'minFolderFiles' });
    expect(test.check({ ...flac, extension: 'mp3' }, { files: 4 })).toMatchObject({ filter: 'ext' });
    expect(compileWishFilter().minFolderFiles).toBe(0);
  });
});

describe('users', () => {
  it('are known before their files are', () => {
    const test = compileWishFilter({ users: ['alice', 'bob'], notUsers: ['bob'], verified: true });
    expect([
      test.user('alice', true),
      test.user('alice', false),
      test.user('bob', true),
      test.user('eve', true),
    ]).toEqual([true, false, false, false]);
    expect(compileWishFilter().user('anybody', false)).toBe(true);
  });
});

it('passes no pattern with a path that nobody has', () => {
  const long = hitOf(`${'a'.repeat(1001)}.mp3`);
  for (const filter of [{ patterns: ['a'] }, { notPatterns: ['b'] }])
    expect(compileWishFilter(filter).check(long).detail).toBe(
      'the path has more than 1000 characters and is not tested',
    );
});
