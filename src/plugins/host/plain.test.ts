import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlain } from './plain.ts';

const json = (value: unknown, max = 1_000_000) => checkPlain(value, 'bot.store.set("k")', max, 'json');

class Thing {
  readonly a = 1;
}

describe('what a store can keep', () => {
  it.each<[unknown, string]>([
    [{ a: [1, { b: () => {} }] }, 'a[1].b is a function'],
    [{ at: new Date(0) }, 'at is a Date, which cannot be stored; store its getTime()'],
    [new Map(), 'the value is a Map, which cannot be stored; store Object.fromEntries(map)'],
    [[new Set()], '[0] is a Set, which cannot be stored; store [...set]'],
    [{ n: Number.NaN }, 'n is NaN'],
    [10n, 'the value is a bigint, which cannot be stored; store it as text'],
    [[undefined], '[0] is undefined, which cannot be stored; use null'],
    [{ b: new Uint8Array(2) }, 'b is a Uint8Array'],
    [new Thing(), 'the value is a Thing'],
    [{ p: Promise.resolve(1) }, 'p is a Promise'],
  ])('refuses what JSON would lose (%#)', (value, text) => {
    expect(() => json(value)).toThrow(`bot.store.set("k"): ${text}`);
  });

  it('refuses a circle, but not a part that is there twice', () => {
    const circle: Record<string, unknown> = {};
    circle['me'] = { again: circle };
    expect(() => json(circle)).toThrow(/me\.again is a circle/);
    const part = { a: 1 };
    expect(() => json([part, part])).not.toThrow();
  });

  it('refuses what is too large or too deep, without walking it all', () => {
    expect(() => json('x'.repeat(101), 100)).toThrow(/is larger than 100 bytes/);
    expect(() => json('ä'.repeat(51), 100)).toThrow(/larger/);
    expect(() =>
      json(
        Array.from({ length: 1_000 }, () => 1),
        100,
      ),
    ).toThrow(/larger/);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => json(deep)).toThrow(/nested deeper than 200/);
  });

  it('takes exactly what JSON carries', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => json(value)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(
        fc.object({ withDate: true, withMap: true, withSet: true, withBigInt: true, withTypedArray: true }),
        (value) => {
          try {
            json(value);
          } catch {
            return;
          }
          // Left out and undefined are the same to JSON.
          expect(JSON.parse(JSON.stringify(value))).toEqual(
            JSON.parse(JSON.stringify(structuredClone(value))),
          );
        },
      ),
    );
  });
});

describe('what can cross', () => {
  it('takes whatever structuredClone takes', () => {
    const anything = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withBigInt: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(() => checkPlain(value, 'x', 1e9, 'copy')).not.toThrow();
      }),
    );
    const circle: Record<string, unknown> = {};
    circle['me'] = circle;
    expect(() => checkPlain(circle, 'x', 100, 'copy')).not.toThrow();
  });

  it('counts bytes of buffers', () => {
    expect(() => checkPlain({ b: new Uint8Array(200) }, 'bot.say', 100, 'copy')).toThrow(
      /larger than 100 bytes/,
    );
  });
});
