import { expect, it } from 'vitest';
import { find } from '../finds.test-support.ts';
import { findNotice, roomNotice } from './find-text.ts';
import { short } from './words-for-people.ts';

const t = (key: string, params: Readonly<Record<string, unknown>> = {}) =>
  `${key} ${Object.values(params).join(' ')}`;

/** What `bot.notify` takes at most, in UTF-16 units. */
const MOST = { title: 200, line: 2_000, data: 65_536 };

it.each(['\u0001', '"', '\\', '🎵', '\u202e', '\ud83c'])(
  'fits a notice, whatever strangers call their files: %j',
  (sign) => {
    const name = sign.repeat(4_000);
    const finds = Array.from({ length: 100 }, (_, index) => find(index + 1, 'dj', `${name}\\${name}.flac`));
    const wish = { id: '1', options: { query: `rare ${'🎵'.repeat(60)}` } } as Parameters<
      typeof findNotice
    >[0]['wish'];
    const all = { id: 'finds-1', wish, finds, at: 0, redelivered: false };
    const style = { t: t as Parameters<typeof findNotice>[1]['t'], lines: 20, offer: true };
    for (const notice of [findNotice(all, style), roomNotice(all, style)]) {
      expect(notice.title.length).toBeLessThanOrEqual(MOST.title);
      for (const line of notice.lines ?? []) expect(line.length).toBeLessThanOrEqual(MOST.line);
      expect(JSON.stringify(notice.data ?? '').length).toBeLessThan(MOST.data);
    }
  },
);

it('names the wish where a mere yes could be about another', () => {
  const wish = { id: '3', options: { query: 'rare' } } as Parameters<typeof findNotice>[0]['wish'];
  const all = { id: 'finds-1', wish, finds: [find(7, 'dj', 'a.flac')], at: 0, redelivered: false };
  const style = { t: t as Parameters<typeof findNotice>[1]['t'], lines: 5, offer: true };
  expect(findNotice(all, style).lines?.at(-1)).toMatch(/^answer 7/);
  expect(findNotice(all, { ...style, collected: true }).lines?.at(-1)).toMatch(/^answerTo 7 3/);
});

it('cuts between characters', () => {
  expect(short('ab🎵cd', 4)).toBe('ab…');
  expect(short('ab🎵cd', 5)).toBe('ab🎵…');
  expect(short('a\r\nb\u202e', 5)).toBe('a b');
});
