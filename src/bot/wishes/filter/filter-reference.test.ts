import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SearchHit } from '../../../plugins/api/search.ts';
import type { WishFilter, WishWords } from '../../../plugins/api/wishlist.ts';
import { bitrateOf, vbrOf } from '../content/bitrate.ts';
import { extensionsOf, FILE_CLASSES } from '../content/file-class.ts';
import { wordsIn } from '../content/fold.ts';
import { anyHit, WORDS } from '../content/hit.test-support.ts';
import { FILTER_KEYS } from './check-filter.ts';
import { compileWishFilter } from './compile-filter.ts';

const words = fc.uniqueArray(fc.constantFrom(...WORDS.filter((word) => word !== '♥')), {
  minLength: 1,
  maxLength: 3,
});
const some = fc
  .record({ must: words, any: words, not: words }, { requiredKeys: [] })
  .filter((lists) => Object.keys(lists).length > 0);
const bound = (...values: readonly number[]) => fc.constantFrom(...values);
const users = fc.uniqueArray(fc.constantFrom('alice', 'bob', 'carol'), { minLength: 1 });

const wholeFilter: fc.Arbitrary<WishFilter> = fc.record({
  path: some,
  name: some,
  class: fc.uniqueArray(fc.constantFrom(...FILE_CLASSES), { minLength: 1 }),
  ext: fc.uniqueArray(fc.constantFrom('mp3', '.FLAC', 'mkv', 'xyz'), { minLength: 1 }),
  minSize: bound(0, 1000, 6_000_000),
  maxSize: bound(1000, 29_000_000),
  minBitrate: bound(0, 192, 240),
  maxBitrate: bound(240, 500),
  vbr: fc.boolean(),
  minDuration: bound(0, 200),
  maxDuration: bound(201, 500),
  duration: bound(200, 201),
  durationTolerance: bound(0, 5),
  minFolderFiles: bound(1, 3),
  minSampleRate: bound(44_100, 96_000),
  minBitDepth: bound(16, 24),
  freeSlot: fc.boolean(),
  maxQueue: bound(0, 5),
  minSpeed: bound(0, 500_000),
  locked: fc.constantFrom('include', 'exclude', 'only'),
  verified: fc.boolean(),
  users,
  notUsers: users,
  patterns: fc.constantFrom(['(?i)CAFE'], ['[0-9]', 'i']),
  notPatterns: fc.constantFrom(['\\[V0\\]'], ['remix', 'wide']),
});

/** A few conditions: all together let nothing pass. */
const anyFilter = fc
  .tuple(wholeFilter, fc.subarray([...FILTER_KEYS], { maxLength: 5 }))
  .map(([whole, keys]) => Object.fromEntries(keys.map((key) => [key, whole[key]])) as WishFilter);

const stands = (text: string, entry: string): boolean => {
  const [all, wanted] = [wordsIn(text), wordsIn(entry)];
  return all.some((_, at) => wanted.every((word, i) => all[at + i] === word));
};

/** Every condition that fails, slowly and one by one. */
function failing(filter: WishFilter, hit: SearchHit, files: number): ReadonlySet<string> {
  const failed = new Set<string>();
  const ask = (name: string, holds: boolean | undefined) => holds !== true && failed.add(name);
  const list = (name: string, text: string, { must, any, not }: WishWords = {}) => {
    ask(`${name}.must`, must?.every((entry) => stands(text, entry)) ?? true);
    ask(`${name}.any`, any?.some((entry) => stands(text, entry)) ?? true);
    ask(`${name}.not`, !(not?.some((entry) => stands(text, entry)) ?? false));
  };
  list('path', hit.path, filter.path);
  list('name', hit.name, filter.name);
  ask('class', !filter.class || filter.class.some((name) => extensionsOf(name).includes(hit.extension)));
  ask('ext', !filter.ext || filter.ext.some((name) => name.replace('.', '').toLowerCase() === hit.extension));
  const values: Readonly<Record<string, number | undefined>> = {
    ...hit.attributes,
    size: hit.size,
    bitrate: bitrateOf(hit),
    queue: hit.queueLength,
    speed: hit.speed,
  } as never;
  for (const [key, limit] of Object.entries(filter)) {
    const [, side, what] = /^(min|max)(?!Folder)(.+)$/u.exec(key) ?? [];
    if (what === undefined) continue;
    const value = values[what.charAt(0).toLowerCase() + what.slice(1)];
    ask(key, value !== undefined && (side === 'min' ? value >= Number(limit) : value <= Number(limit)));
  }
  if (filter.vbr !== undefined) ask('vbr', vbrOf(hit) === filter.vbr);
  if (filter.duration !== undefined) {
    const away = Math.abs((hit.attributes.duration ?? Number.NaN) - filter.duration);
    ask('duration', away <= (filter.durationTolerance ?? 5));
  }
  ask('minFolderFiles', files >= (filter.minFolderFiles ?? 0));
  ask('freeSlot', hit.slotFree || !filter.freeSlot);
  ask('locked', { include: true, exclude: !hit.locked, only: hit.locked }[filter.locked ?? 'include']);
  ask('verified', hit.verified || !filter.verified);
  ask('users', filter.users?.includes(hit.user) ?? true);
  ask('notUsers', !filter.notUsers?.includes(hit.user));
  ask('patterns', filter.patterns?.every((source) => regExp(source).test(hit.path)) ?? true);
  ask('notPatterns', !filter.notPatterns?.some((source) => regExp(source).test(hit.path)));
  return failed;
}

const regExp = (source: string) =>
  new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'iu' : 'u');

const compiled = (filter: WishFilter) => {
  try {
    return compileWishFilter(filter);
  } catch {
    return undefined;
  }
};

it('decides what a slow reference decides, and names a condition that fails', () => {
  const seen = { passed: 0, failed: 0, refused: 0 };
  fc.assert(
    fc.property(
      anyFilter,
      fc.array(anyHit, { minLength: 1, maxLength: 8 }),
      fc.nat(4),
      (filter, hits, files) => {
        const test = compiled(filter);
        for (const hit of hits) {
          const failed = failing(filter, hit, files);
          if (test === undefined) {
            // What is refused because nothing could pass lets nothing pass.
            seen.refused++;
            if (filter.durationTolerance === undefined || filter.duration !== undefined)
              expect(failed.size).toBeGreaterThan(0);
            continue;
          }
          const verdict = test.check(hit, { files });
          expect(verdict.passes).toBe(failed.size === 0);
          if (!verdict.passes) expect(failed).toContain(verdict.filter);
          if (failed.size === 0) seen.passed++;
          else seen.failed++;
          const early = ['users', 'notUsers', 'verified'].some((name) => failed.has(name));
          expect(test.user(hit.user, hit.verified)).toBe(!early);
          // Without a count all but the folder is asked.
          expect(test.check(hit).passes).toBe([...failed].every((name) => name === 'minFolderFiles'));
        }
      },
    ),
    { numRuns: 4000, seed: 5 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
});
