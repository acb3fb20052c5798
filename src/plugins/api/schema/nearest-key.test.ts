import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestKey } from './nearest-key.ts';

const known = ['rooms', 'text', 'quietFor', 'timezone'];

describe('nearestKey', () => {
  it.each([
    ['romos', 'rooms'],
    ['room', 'rooms'],
    ['quietfor', 'quietFor'],
    ['quiet_for', 'quietFor'],
    ['timezoen', 'timezone'],
    ['txet', 'text'],
  ])('%s -> %s', (given, wanted) => {
    expect(nearestKey(given, known)).toBe(wanted);
  });

  it.each(['zebra', 'x', '', 'password'])('%j is near nothing', (given) => {
    expect(nearestKey(given, known)).toBeUndefined();
  });

  it('prefers the nearest, and the first of equals', () => {
    expect(nearestKey('rooms', ['room', 'rooms', 'rooms2'])).toBe('rooms');
    expect(nearestKey('ab', ['aa', 'bb'])).toBe('aa');
  });

  it('finds every name with one slip', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.nat(),
        fc.constantFrom('drop', 'swap', 'add'),
        (name, where, slip) => {
          const i = where % (name.length - 1);
          const slipped =
            slip === 'drop'
              ? name.slice(0, i) + name.slice(i + 1)
              : slip === 'add'
                ? `${name.slice(0, i)}q${name.slice(i)}`
                : name.slice(0, i) + name[i + 1]! + name[i]! + name.slice(i + 2);
          expect(nearestKey(slipped, known)).toBe(name);
        },
      ),
    );
  });
});
