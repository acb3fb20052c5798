import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHit, hitOf, WORDS } from '../content/hit.test-support.ts';
import { byScore, type ScoreContext, score } from './score.ts';
import { similarity } from './similarity.ts';
import { DEFAULT_WEIGHTS, resolveWeights } from './weights.ts';

const context: ScoreContext = { query: 'band rare ep', folderFiles: 4 };
const weights = resolveWeights();
const path = 'Music\\Band - Rare EP\\01 - Song.flac';
const of = (given: Parameters<typeof hitOf>[1] = {}, more: Partial<ScoreContext> = {}) =>
  score(hitOf(path, given), { ...context, ...more }, weights).score;

describe('a score', () => {
  it.each([
    ['a free slot', of({ slotFree: true }), of({ slotFree: false })],
    ['a short queue', of({ queueLength: 2 }), of({ queueLength: 10_000 })],
    ['speed', of({ speed: 1_000_000 }), of({ speed: 30_000 })],
    ['a fuller folder', of({}, { folderFiles: 12 }), of({}, { folderFiles: 1 })],
    ['quality', of({ attributes: { bitDepth: 24 } }), of()],
    ['good downloads', of({}, { experience: { good: 3, bad: 0 } }), of()],
    ['no bad downloads', of(), of({}, { experience: { good: 0, bad: 3 } })],
    ['a file that is not locked', of(), of({ locked: true })],
    ['words that are there', of(), of({}, { query: 'quite another ep' })],
  ])('rises with %s', (_, more, less) => {
    expect(more).toBeGreaterThan(less);
  });

  it('is explained', () => {
    expect(score(hitOf(path), context, weights)).toMatchInlineSnapshot(`
      {
        "parts": [
          {
            "name": "quality",
            "value": 0.8,
            "weight": 30,
          },
          {
            "name": "completeness",
            "value": 0.63,
            "weight": 15,
          },
          {
            "name": "speed",
            "value": 0.67,
            "weight": 10,
          },
          {
            "name": "queue",
            "value": 1,
            "weight": 10,
          },
          {
            "name": "slot",
            "value": 1,
            "weight": 15,
          },
          {
            "name": "similarity",
            "value": 1,
            "weight": 15,
          },
          {
            "name": "experience",
            "value": 0.5,
            "weight": 5,
          },
        ],
        "score": 82.65,
      }
    `);
  });

  it('is the sum of its parts, from 0 to 100, whatever hit, context and weights', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1000, noNaN: true }));
    const given = fc
      .record(
        { quality: weight, speed: weight, queue: weight, slot: weight, similarity: weight },
        { requiredKeys: [] },
      )
      .map((some) => ({ ...some, experience: 1 }));
    const any = fc.record({
      query: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...WORDS)).map((all) => all.join(' ')),
      ),
      folderFiles: fc.integer({ min: 1, max: 5000 }),
      experience: fc.option(fc.record({ good: fc.nat(), bad: fc.nat() }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyHit, any, given, (hit, where, some) => {
        const { score: total, parts } = score(hit, where, resolveWeights(some));
        expect(total).toBeGreaterThanOrEqual(0);
        expect(total).toBeLessThanOrEqual(100);
        expect(total).toBeCloseTo(
          parts.reduce((sum, { value, weight: of }) => sum + value * of, 0),
          1,
        );
        expect(parts.reduce((sum, { weight: of }) => sum + of, 0)).toBeCloseTo(100, 6);
        for (const { value } of parts) expect(value >= 0 && value <= 1).toBe(true);
        expect(score(hit, where, resolveWeights(some))).toEqual({ score: total, parts });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the order', () => {
  it('does not hang on who answered first', () => {
    const one = fc.record({ score: fc.nat(3), hit: anyHit });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), fc.infiniteStream(fc.nat(1)), (finds, coins) => {
        const shuffled = [...finds].sort(() => (coins.next().value === 1 ? 1 : -1));
        const names = (list: typeof finds) => list.map(({ score: of, hit }) => [of, hit.user, hit.path]);
        expect(names(shuffled.sort(byScore))).toEqual(names([...finds].sort(byScore)));
      }),
    );
    const [a, b] = [
      { score: 5, hit: hitOf('a') },
      { score: 7, hit: hitOf('b') },
    ];
    expect([a, b].sort(byScore)).toEqual([b, a]);
  });
});

describe('similarity', () => {
  const to = (query: string, where: string) => similarity(query, hitOf(where));

  it('is whole when name or folder say just what was asked', () => {
    expect(to('band song', 'x\\01 - Band - Song.flac')).toBe(1);
    expect(to('band "rare ep" -live', 'x\\Band - Rare EP\\01.flac')).toBe(1);
    expect(to('Café', 'x\\CAFE\\other.mp3')).toBe(1);
    expect(to('東京', 'x\\東京\\other.mp3')).toBe(1);
  });

  it('falls with words that nobody asked for, and with words that stand only higher up', () => {
    const whole = to('band song', 'x\\Band - Song.flac');
    const karaoke = to('band song', 'x\\Band - Song (karaoke version).flac');
    const above = to('band song', 'Band\\Album\\Song.flac');
    expect(whole).toBeGreaterThan(karaoke);
    expect(karaoke).toBeGreaterThan(to('band song', 'Band\\Song\\x\\other.flac'));
    expect(whole).toBeGreaterThan(above);
    expect(to('-only', 'x\\a.mp3')).toBe(0);
  });
});

describe('weights', () => {
  it('have defaults that add up to 100', () => {
    expect(Object.values(DEFAULT_WEIGHTS).reduce((a, b) => a + b)).toBe(100);
    expect(resolveWeights()).toEqual(DEFAULT_WEIGHTS);
  });

  it('are brought to 100 when some are given', () => {
    const only = { quality: 0, slot: 0, completeness: 0, similarity: 0, speed: 0, queue: 1, experience: 3 };
    expect(resolveWeights(only)).toEqual({ ...only, queue: 25, experience: 75 });
    expect(resolveWeights({ quality: 130 }).slot).toBeCloseTo(7.5);
  });

  it.each([
    [{ qualty: 3 }, 'there is no weight "qualty"; did you mean "quality"?'],
    [{ quality: -1 }, 'the weight quality must be a number from 0 to 1000'],
    [{ quality: Number.NaN }, 'the weight quality must be a number from 0 to 1000'],
    [
      { quality: 0, slot: 0, completeness: 0, similarity: 0, speed: 0, queue: 0, experience: 0 },
      'the weights are all 0: every find would be worth the same',
    ],
  ])('are refused with a sentence: %j', (given, message) => {
    expect(() => resolveWeights(given as object)).toThrow(
      expect.objectContaining({ code: 'invalid', message }),
    );
  });
});
