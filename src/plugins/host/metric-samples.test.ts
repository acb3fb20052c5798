import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addChange, readSamples } from './metric-samples.ts';

it('takes what a plugin’s side sends, and nothing else', () => {
  const good = { kind: 'observe', name: 'ms', labels: { a: 'b' }, count: 1, sum: 2, least: 2, greatest: 2 };
  expect(readSamples([good])).toEqual([good]);
  for (const bad of [
    'x',
    [null],
    [{ ...good, kind: 'other' }],
    [{ ...good, name: 'a b' }],
    [{ ...good, sum: 'x' }],
    [{ ...good, labels: { a: 1 } }],
    [{ ...good, labels: { 'a b': 'c' } }],
    [{ ...good, labels: { a: 'x'.repeat(65) } }],
    Array.from({ length: 501 }, () => good),
  ])
    expect(() => readSamples(bad)).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        readSamples(value);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid' });
      }
    }),
  );
});

it('the order in which values are added does not matter to what is observed', () => {
  const one = (value: number) =>
    ({ kind: 'observe', count: 1, sum: value, least: value, greatest: value }) as const;
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const [first, ...rest] = values.map(one);
      const sum = values.reduce((a, b) => a + b, 0);
      expect(rest.reduce<ReturnType<typeof addChange>>(addChange, first!)).toEqual({
        kind: 'observe',
        count: values.length,
        sum,
        least: Math.min(...values),
        greatest: Math.max(...values),
      });
    }),
  );
});
