import { expect, test } from 'vitest';
import { file } from './fake-results.test-support.ts';
import { compileFilter, type SearchFilter } from './filter.ts';
import { toHit } from './hit.ts';

const HIT = toHit(
  file('a\\b.Flac', {
    size: 30_000_000n,
    attributes: [
      { type: 1, value: 240 },
      { type: 4, value: 96_000 },
      { type: 5, value: 24 },
    ],
  }),
  { user: 'al', verified: true, slotFree: false, avgSpeed: 500, queueLength: 3 },
  true,
)!;

test.each<[SearchFilter, boolean]>([
  [{}, true],
  [{ ext: ['mp3', '.FLAC'] }, true],
  [{ ext: ['mp3'] }, false],
  [{ minSize: 30_000_000, maxSize: 30_000_000 }, true],
  [{ minSize: 30_000_001 }, false],
  [{ maxSize: 29_999_999 }, false],
  [{ minBitrate: 1000, maxBitrate: 1000 }, true],
  [{ minBitrate: 1001 }, false],
  [{ minDuration: 240, maxDuration: 240 }, true],
  [{ maxDuration: 239 }, false],
  [{ minSampleRate: 96_000, minBitDepth: 24 }, true],
  [{ minBitDepth: 25 }, false],
  [{ freeSlot: false }, true],
  [{ freeSlot: true }, false],
  [{ maxQueue: 3, minSpeed: 500 }, true],
  [{ maxQueue: 2 }, false],
  [{ minSpeed: 501 }, false],
  [{ locked: 'only' }, true],
  [{ locked: 'exclude' }, false],
])('%j: %j', (filter, passes) => {
  expect(compileFilter(filter).hit(HIT)).toBe(passes);
});

test('what the owner does not say does not pass', () => {
  const bare = { ...HIT, attributes: {} };
  for (const key of ['minBitrate', 'maxBitrate', 'maxDuration', 'minSampleRate', 'minBitDepth'] as const)
    expect(compileFilter({ [key]: 0 }).hit(bare), key).toBe(false);
  expect(compileFilter({ maxBitrate: 1e9 }).hit({ ...HIT, attributes: { duration: 0 } })).toBe(false);
});

test('users are decided without seeing a hit', () => {
  const filter = compileFilter({ users: ['al', 'bo'], notUsers: ['bo'], verified: true });
  expect(filter.user('al', true)).toBe(true);
  expect(filter.user('al', false)).toBe(false);
  expect(filter.user('bo', true)).toBe(false);
  expect(filter.user('Al', true)).toBe(false);
  expect(compileFilter({ notUsers: [] }).user('al', false)).toBe(true);
});

test.each([
  { extension: ['mp3'] },
  { ext: [] },
  { ext: 'mp3' },
  { users: [] },
  { users: [1] },
  { minSize: -1 },
  { minSize: '1' },
  { maxSize: Number.NaN },
  { maxSize: Number.POSITIVE_INFINITY },
  { freeSlot: 1 },
  { locked: true },
  { minSize: undefined },
  { notUsers: Array(10_001).fill('x') },
])('%j is refused', (filter) => {
  expect(() => compileFilter(filter as SearchFilter)).toThrow(
    expect.objectContaining({ code: 'invalid' }) as Error,
  );
});
