import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName } from './fold-name.ts';
import { formsOf, isLookAlike } from './look-alike.ts';

describe('look-alike names', () => {
  it.each([
    ['Bob', 'bob', 'case'],
    ['SkyWalker', 'sky_walker', 'separators'],
    ['skywalker', 's.k.y-w a l k e r', 'more separators'],
    ['illusion', '1llusion', 'i and 1'],
    ['illusion', 'IlIusion', 'l and I'],
    ['Moloch', 'M0l0ch', 'o and 0'],
    ['modern', 'rnodern', 'm and rn'],
    ['bob', '__bob__', 'padding'],
    ['bob', 'bob2', 'a number behind'],
    ['bob99', 'bob', 'a number fewer'],
    ['bob', 'bobbb', 'a letter repeated'],
    ['bob', 'xXbobXx', 'x around'],
    ['bob', 'TheRealBob', 'the real one', false],
    ['bobby', 'the_bobby', 'the'],
    ['eleanor', '3l34n0r', 'digits for letters'],
    ['paul', 'раul', 'Cyrillic'],
    ['joel', 'joël', 'accents'],
    ['bob', 'bob', 'the same name', false],
    ['bob', 'rob', 'another name', false],
    ['bob', 'bobby', 'a longer name', false],
    ['al', 'AL', 'too short to say', false],
    ['x', 'xx', 'nothing left', false],
  ] as [string, string, string, boolean?][])('%s and %s: %s', (name, other, _why, alike = true) => {
    expect(isLookAlike(name, other)).toBe(alike);
    expect(isLookAlike(other, name)).toBe(alike);
  });

  it('folds in a way that folding again does not change what is alike, and takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        const shouted = foldName(name.toUpperCase());
        expect(typeof shouted).toBe('string');
        expect(foldName(`_${name}_`)).toBe(foldName(name));
        for (const form of formsOf(name)) expect(form.length).toBeGreaterThanOrEqual(3);
      }),
    );
  });
});
