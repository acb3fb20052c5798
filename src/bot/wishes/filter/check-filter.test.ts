import { describe, expect, expectTypeOf, it } from 'vitest';
import type { WishFilter } from '../../../plugins/api/wishlist.ts';
import { FILTER_KEYS } from './check-filter.ts';
import { compileWishFilter } from './compile-filter.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`);

describe('a filter is refused with a sentence', () => {
  it.each<[unknown, string]>([
    [[], 'the filter must be an object'],
    [null, 'the filter must be an object'],
    [{ minBitRate: 3 }, 'the filter takes no "minBitRate"; did you mean "minBitrate"?'],
    [{ minSize: undefined }, 'minSize must not be undefined; leave it out'],
    [{ minSize: '5' }, 'minSize must be a number, 0 or more'],
    [{ freeSlot: 'yes' }, 'freeSlot must be true or false'],
    [{ locked: 'no' }, 'locked must be "include", "exclude" or "only"'],
    [{ vbr: 1 }, 'vbr must be true or false'],
    [{ path: ['a'] }, 'path must be an object'],
    [{ path: {} }, 'path is empty; give it must, any or not, or leave it out'],
    [{ path: { must: [] } }, 'path.must is empty and would match everything; leave it out'],
    [{ path: { any: [] } }, 'path.any is empty and would match nothing; leave it out'],
    [{ name: { not: [] } }, 'name.not is empty and would exclude nothing; leave it out'],
    [{ name: { must: ['a', ' - '] } }, 'name.must: " - " has no letter or digit and would be in every name'],
    [{ name: { must: ['a', 3] } }, 'name.must must be a list of texts'],
    [{ path: { musst: ['a'] } }, 'path takes no "musst"; did you mean "must"?'],
    [{ path: { any: many(51) } }, 'path.any has 51 entries; 50 are allowed'],
    [
      { path: { any: ['x'.repeat(101)] } },
      'path.any: "xxxxxxxxxxxxxxxxxxxx…" has 101 characters; 100 are allowed',
    ],
    [
      { class: ['losless'] },
      'there is no class "losless"; did you mean "lossless"?; there are lossless, lossy, audio, video, image, archive, text',
    ],
    [{ class: [] }, 'class is empty and would match nothing; leave it out'],
    [{ ext: [] }, 'ext is empty and would match nothing; leave it out'],
    [{ users: [] }, 'users is empty and would match nothing; leave it out'],
    [{ notUsers: many(1001) }, 'notUsers has 1001 entries; 1000 are allowed'],
    [{ duration: 0 }, 'duration must be a number from 1 to 604800'],
    [{ duration: Number.NaN }, 'duration must be a number from 1 to 604800'],
    [{ durationTolerance: 3 }, 'durationTolerance does nothing without duration'],
    [{ minFolderFiles: 0 }, 'minFolderFiles must be a number from 1 to 1000'],
    [{ minFolderFiles: 1.5 }, 'minFolderFiles must be a whole number'],
    [{ minSize: 6, maxSize: 5 }, 'minSize (6) is above maxSize (5): nothing could pass'],
    [{ minBitrate: 6, maxBitrate: 5 }, 'minBitrate (6) is above maxBitrate (5): nothing could pass'],
    [{ users: ['a'], notUsers: ['a', 'b'] }, 'every one of users is in notUsers too: nothing could pass'],
    [{ class: ['lossless'], ext: ['mp3', '.OGG'] }, 'no extension of ext is lossless: nothing could pass'],
    [
      { duration: 100, durationTolerance: 5, minDuration: 200 },
      'no duration is within 5 s of duration (100) and from minDuration to maxDuration: nothing could pass',
    ],
    [
      { path: { must: ['Café au lait'], not: ['CAFE'] } },
      'path both wants and excludes "Café au lait": nothing could pass',
    ],
  ])('%j', (filter, message) => {
    expect(() => compileWishFilter(filter as WishFilter)).toThrow(
      expect.objectContaining({ code: 'invalid', message }),
    );
  });

  it.each<[WishFilter, RegExp]>([
    [{ patterns: ['ok', '(?<=a)b'] }, /^patterns\[1\]: "\(\?<=a\)b" is not RE2 syntax: /u],
    [{ notPatterns: ['('] }, /^notPatterns\[0\]: "\(" is not RE2 syntax: /u],
    [{ patterns: ['((a{100}){10}){10}'] }, /^patterns\[0\]: /u],
    [{ patterns: ['.{300}'], notPatterns: ['.{300}'] }, /^the patterns are too complex together/u],
    [{ patterns: [''] }, /^patterns\[0\]: a pattern must have 1 to/u],
  ])('for its patterns: %j', (filter, message) => {
    expect(() => compileWishFilter(filter)).toThrow(
      expect.objectContaining({ code: 'bad-pattern', message: expect.stringMatching(message) }),
    );
  });
});

it('takes what it can use', () => {
  for (const filter of [
    {},
    { notUsers: [] },
    { ext: ['.FLAC'] },
    { path: { not: ['東京'] } },
    { minSize: 5, maxSize: 5 },
  ])
    expect(() => compileWishFilter(filter)).not.toThrow();
});

it('knows every condition of the API', () => {
  expectTypeOf<(typeof FILTER_KEYS)[number]>().toEqualTypeOf<keyof WishFilter>();
  expect(new Set(FILTER_KEYS).size).toBe(FILTER_KEYS.length);
});
