import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Infer } from '../../../api/index.ts';
import { addressesSettings, judgeAddress, rangeProblem } from './addresses.ts';
import { countries, countriesSettings } from './countries.ts';
import { joinWaves, joinWavesSettings } from './join-waves.ts';
import { names, namesSettings } from './names.ts';
import { admitted, join, settings } from './room.test-support.ts';
import { asked, type SharesSettings, shares, sharesSettings } from './shares.ts';
import { looksLike, staffLookAlikes, staffLookAlikesSettings } from './staff-look-alikes.ts';

it('names', () => {
  const usual = settings<Infer<typeof namesSettings>>(namesSettings, {
    patterns: ['^aurral-', '(?i)bot\\d+$'],
  });
  expect(admitted(names, usual, join('aurral-x91'))).toBe('the name matches ^aurral-');
  expect(admitted(names, usual, join('SomeBot17'))).toBe('the name matches (?i)bot\\d+$');
  expect(admitted(names, usual, join('bottle'))).toBeUndefined();
});

describe('staff-look-alikes', () => {
  const usual = settings<Infer<typeof staffLookAlikesSettings>>(staffLookAlikesSettings, {
    protect: ['Oliver'],
  });
  it.each([
    ['MEGAN'],
    ['rnegan'],
    ['me.gan'],
    ['megan_'],
    ['__megan__'],
    ['meggan'],
    ['megan1'],
    ['xmeganx'],
    ['0liver'],
    ['o1iver'],
    ['OIiver'],
  ])('%s', (name) => {
    expect(admitted(staffLookAlikes, usual, join(name), { staff: ['megan'] })).toMatch(
      /^the name looks like (megan|Oliver)$/,
    );
  });

  it.each([['megan'], ['Oliver'], ['meghan'], ['morgan'], ['megan2000'], ['olivera'], ['al'], ['omega']])(
    '%s is somebody else, or staff',
    (name) => expect(admitted(staffLookAlikes, usual, join(name), { staff: ['megan'] })).toBeUndefined(),
  );

  it('short names need to be the same', () => {
    expect(looksLike('AL', 'al')).toBe(true);
    expect(looksLike('al1', 'al')).toBe(false);
  });

  it('a name looks like itself, and it goes both ways when nothing is added', () => {
    const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        if (/[a-z]/i.test(a)) expect(looksLike(a, a)).toBe(true);
        if (a.length === b.length) expect(typeof looksLike(a, b)).toBe('boolean');
      }),
    );
  });
});

describe('join-waves', () => {
  const usual = settings<Infer<typeof joinWavesSettings>>(joinWavesSettings, { limit: '4:30s' });
  const wave = (others: number, more = {}) =>
    admitted(joinWaves, usual, join('raid9', { at: 20, ...more }), {
      joins: Array.from({ length: others }, (_, i) => join(`raid${i}`, { at: i })),
      firstSeen: 20_000,
    });

  it('sees the one that makes it a wave, and those after it', () => {
    expect(wave(2)).toBeUndefined();
    expect(wave(3)).toBe('4 new accounts within 30s, 4 of them with names like this');
    expect(wave(8)).toMatch(/^9 new accounts/);
  });

  it('is not for people who share, upload, or are known here', () => {
    expect(wave(8, { files: 10 })).toBeUndefined();
    expect(wave(8, { uploads: 1 })).toBeUndefined();
    const joins = Array.from({ length: 8 }, (_, i) => join(`raid${i}`, { at: i }));
    expect(admitted(joinWaves, usual, join('raid9', { at: 20 }), { joins })).toBeUndefined();
  });

  it('counts people, not joins', () => {
    const joins = Array.from({ length: 8 }, (_, i) => join('raid1', { at: i }));
    expect(
      admitted(joinWaves, usual, join('raid9', { at: 20 }), { joins, firstSeen: 20_000 }),
    ).toBeUndefined();
  });
});

it('shares', () => {
  const usual = settings<SharesSettings>(sharesSettings, { files: 100, folders: 5, grace: '1d' });
  const day = 86_400;
  const judge = (files: number, folders: number, at: number) =>
    admitted(shares, usual, join('al', { files, folders, at }), { firstSeen: 0 });
  expect(judge(3, 1, day)).toBe('shares 3 files in 1 folder; 100 files in 5 folders are asked for');
  expect(judge(100, 4, day)).toBeDefined();
  expect(judge(100, 5, day)).toBeUndefined();
  expect(judge(0, 0, day - 1)).toBeUndefined();
  expect(asked({ files: 0, folders: 1 })).toBe('1 folder');
});

it('countries', () => {
  const deny = settings<Infer<typeof countriesSettings>>(countriesSettings, { deny: ['xx'] });
  const allow = settings<Infer<typeof countriesSettings>>(countriesSettings, { allow: ['DE', 'at'] });
  expect(admitted(countries, deny, join('al', { country: 'XX' }))).toBe(
    'comes from XX, which is not admitted here',
  );
  expect(admitted(countries, deny, join('al', { country: 'DE' }))).toBeUndefined();
  expect(admitted(countries, allow, join('al', { country: 'at' }))).toBeUndefined();
  expect(admitted(countries, allow, join('al', { country: 'FR' }))).toBeDefined();
  expect(admitted(countries, allow, join('al'))).toBeUndefined();
});

describe('addresses', () => {
  const usual = settings<Infer<typeof addressesSettings>>(addressesSettings, {
    deny: ['203.0.113.7', '198.51.100.64/26'],
  });
  it.each([
    ['203.0.113.7', 'comes from the range 203.0.113.7'],
    ['203.0.113.8', undefined],
    ['198.51.100.63', undefined],
    ['198.51.100.64', 'comes from the range 198.51.100.64/26'],
    ['198.51.100.127', 'comes from the range 198.51.100.64/26'],
    ['198.51.100.128', undefined],
    ['nonsense', undefined],
  ])('%s', (address, reason) => expect(judgeAddress(address, usual)?.reason).toBe(reason));

  it.each([['256.0.0.1'], ['1.2.3'], ['1.2.3.4/33'], ['::1'], ['10.0.0.0/7']])('%s is no range', (text) => {
    expect(rangeProblem(text)).toBeDefined();
  });

  it('a range holds its first and its last address, and not those beside it', () => {
    const dotted = (value: number) =>
      [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 8, max: 32 }),
        (value, bits) => {
          const size = 2 ** (32 - bits);
          const base = value - (value % size);
          const deny = [`${dotted(value)}/${bits}`];
          const inside = (address: number) =>
            judgeAddress(dotted(address), { deny, points: 1 }) !== undefined;
          expect([inside(base), inside(base + size - 1)]).toEqual([true, true]);
          if (base > 0) expect(inside(base - 1)).toBe(false);
          if (base + size < 2 ** 32) expect(inside(base + size)).toBe(false);
        },
      ),
    );
  });
});
