import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchFor } from './key-pattern.ts';

it.each([
  ['u/{user}', 'al', 'u/al', true],
  ['u/{user}', 'al', 'u/Al', false],
  ['u/{user}', 'al', 'u/al/x', false],
  ['u/{user}', 'a.', 'u/ab', false],
  ['q/{user}/*', 'al', 'q/al/1', true],
  ['q/{user}/*', 'al', 'q/al/x/1', false],
  ['q/{user}/*', 'al/x', 'q/al/x/1', true],
  ['q/{user}/**', 'al', 'q/al/x/1', true],
  ['*/{user}', 'al', 'indie/al', true],
  ['*/{user}', 'al', 'indie/x/al', false],
  ['{user}:*', '*', 'al:1', false],
  ['{user}:*', '**', 'al:1', false],
  ['{user}:*', '{user}', '{user}:1', true],
  ['{user}-{user}', 'al', 'al-al', true],
  ['u/{user}', 'a\nb', 'u/a\nb', true],
  ['u/{user}', '$&', 'u/$&', true],
])('%s for %j and the key %j: %s', (pattern, user, key, expected) => {
  expect(matchFor(pattern, user).matches(key)).toBe(expected);
});

it('says how all of them begin', () => {
  expect(matchFor('u/{user}', 'a*').prefix).toBe('u/a*');
  expect(matchFor('q/{user}/*', 'al').prefix).toBe('q/al/');
  expect(matchFor('*/{user}', 'al').prefix).toBe('');
});

it('takes exactly the own key, whatever both are called', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(name, name, (user, other) => {
      const match = matchFor('u/{user}/n', user);
      return match.matches(`u/${user}/n`) && match.matches(`u/${other}/n`) === (user === other);
    }),
  );
  fc.assert(
    fc.property(name, name, fc.stringMatching(/^[a-z]{1,5}$/), (user, other, rest) => {
      const match = matchFor('{user}/*', user);
      return match.matches(`${user}/${rest}`) && (user === other || !match.matches(`${other}/${rest}`));
    }),
  );
});
