import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeNicotine, NicotineError, readNicotine } from './nicotine.ts';

const CONFIG = `[server]
login = me
banlist = ['ann', "bob's", 'back\\\\slash', 'o\\'hare']
ignorelist = []

[transfers]
banlist = ['not this one']
`;

it('reads both lists out of a config', () => {
  expect(readNicotine(CONFIG)).toEqual({ banned: ['ann', "bob's", 'back\\slash', "o'hare"], ignored: [] });
  expect(readNicotine('')).toEqual({ banned: [], ignored: [] });
});

it('names the line that it cannot read', () => {
  for (const value of ['ann', '[ann]', "['ann'", "['ann' 'bob']", "['a\\q']", '[1]'])
    expect(() => readNicotine(`[server]\nbanlist = ${value}`)).toThrow(NicotineError);
  expect(() => readNicotine('[server]\n\nbanlist = [ann]')).toThrow('line 3: expected a list of names');
});

it('adds names, and leaves everything else as it is', () => {
  expect(mergeNicotine(CONFIG, { banned: ['ann', 'eve'], ignored: ["d'arcy"] })).toBe(`[server]
login = me
banlist = ['ann', 'bob\\'s', 'back\\\\slash', 'o\\'hare', 'eve']
ignorelist = ['d\\'arcy']

[transfers]
banlist = ['not this one']
`);
  expect(mergeNicotine('', { banned: ['ann'], ignored: [] })).toBe(
    "[server]\nbanlist = ['ann']\nignorelist = []\n",
  );
  expect(mergeNicotine('[server]\nlogin = me\n', { banned: [], ignored: ['ann'] })).toBe(
    "[server]\nbanlist = []\nignorelist = ['ann']\nlogin = me\n",
  );
});

it('reads what it writes, whatever the names', () => {
  const name = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/[\r\n\u2028\u2029]/.test(text));
  fc.assert(
    fc.property(fc.uniqueArray(name), fc.uniqueArray(name), (banned, ignored) => {
      expect(readNicotine(mergeNicotine('', { banned, ignored }))).toEqual({ banned, ignored });
    }),
  );
});
