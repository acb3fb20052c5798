import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Infer } from '../../../api/index.ts';
import { asciiArt, asciiArtSettings } from './ascii-art.ts';
import { caps, capsSettings } from './caps.ts';
import { links, linksSettings } from './links.ts';
import { longLines, longLinesSettings } from './long-lines.ts';
import { mentions, mentionsSettings } from './mentions.ts';
import { newcomers, newcomersSettings } from './newcomers.ts';
import { patterns, patternsSettings } from './patterns.ts';
import { context, join, judged, line, run, settings } from './room.test-support.ts';
import { words, wordsSettings } from './words.ts';

const again = (text: string, count: number) =>
  Array.from({ length: count }, (_, i) => line(`${text} ${i}`, i * 10));

describe('caps', () => {
  const usual = settings<Infer<typeof capsSettings>>(capsSettings);
  const one = settings<Infer<typeof capsSettings>>(capsSettings, { limit: '1:1m' });

  it('sees shouting that goes on', () => {
    expect(run(caps, usual, again('WHY DOES NOBODY ANSWER ME', 5))).toMatchObject([
      { index: 2, reason: '3 lines in capitals within 2m', points: 1 },
    ]);
  });

  it.each([
    ['MF DOOM, ABBA and KMFDM'],
    ['STOP IT'],
    ['なんでだれもこたえてくれないのですかなんで'],
    ['look: https://EXAMPLE.ORG/ABCDEFGHIJKLMNOPQRSTUVWX'],
    ['Why Does Nobody Answer Me Here Ever'],
    ['1234567890 1234567890 1234567890'],
  ])('%j is no shouting', (text) => expect(judged(caps, one, text)).toBeUndefined());

  it('also in Cyrillic', () => {
    expect(judged(caps, one, 'ПОЧЕМУ МНЕ НИКТО НЕ ОТВЕЧАЕТ')).toBe('a line in capitals');
  });
});

describe('ascii-art', () => {
  const one = settings<Infer<typeof asciiArtSettings>>(asciiArtSettings, { limit: '1:1m' });

  it.each([
    ['▓▓▓▒▒▒░░░███▓▓▓▒▒▒░░░███▓▓▓'],
    ['/\\_/\\  ( o.o )  > ^ <  ~~~~~~~~~~~~~~~~~~~~'],
    ['⣿⣿⣿⣿⡿⠿⠛⠋⠉⠉⠙⠛⠿⢿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿'],
    ['=================================='],
    ['🎵'.repeat(20)],
    [`h${'\u0301'.repeat(8)}ello`],
  ])('%j is a picture', (text) => expect(judged(asciiArt, one, text)).toBe('a picture made of characters'));

  it.each([
    ['¯\\_(ツ)_/¯'],
    ['\\o/ \\o/ \\o/'],
    ['wow!!!!!!!!!!!!!!'],
    ['--- 8< ---'],
    ['ça va très bien, merci — et toi ?'],
    ['https://example.org/?a=1&b=2&c=3&d=4&e=5&f=6&g=%20%20%20%20%20'],
    ['สวัสดีครับทุกคนวันนี้เป็นอย่างไรบ้าง'],
    ['नमस्ते, आप सब कैसे हैं? आज मैंने नया गाना सुना'],
    ['01. Intro (1:02) / 02. Song (3:45) / 03. Other (4:10)'],
  ])('%j is none', (text) => expect(judged(asciiArt, one, text)).toBeUndefined());
});

it('long-lines', () => {
  const usual = settings<Infer<typeof longLinesSettings>>(longLinesSettings, { longest: 50 });
  expect(run(longLines, usual, again('🎵'.repeat(48), 3))).toEqual([]);
  expect(run(longLines, usual, again('x'.repeat(60), 3))).toMatchObject([
    { index: 1, reason: '2 lines of more than 50 characters within 2m' },
  ]);
});

it('words: the worst of the lists counts', () => {
  const lists = { mild: { words: ['darn'], points: 1 }, bad: { words: ['badword', 'free money'] } };
  const usual = settings<Infer<typeof wordsSettings>>(wordsSettings, { lists, points: 4 });
  expect(run(words, usual, [line('darn b4dword')])).toMatchObject([
    { points: 4, reason: '"badword" is on the list bad', evidence: 'darn b4dword' },
  ]);
  expect(run(words, usual, [line('darn')])).toMatchObject([
    { points: 1, reason: '"darn" is on the list mild' },
  ]);
  expect(judged(words, usual, 'what a wonderful world')).toBeUndefined();
});

it('patterns: on the line as typed, and as it reads', () => {
  const lists = { ads: { patterns: ['(?i)\\bdiscord\\.gg/\\w+', '\\$\\d{3,}'] } };
  const usual = settings<Infer<typeof patternsSettings>>(patternsSettings, { lists });
  expect(judged(patterns, usual, 'come to Discord.gg/abc')).toBe('"Discord.gg/abc" matches the list ads');
  expect(judged(patterns, usual, 'dіscоrd.gg/abc with Cyrillic')).toBe(
    '"discord.gg/abc" matches the list ads',
  );
  expect(judged(patterns, usual, 'only $2500')).toBe('"$2500" matches the list ads');
  expect(judged(patterns, usual, 'nothing here')).toBeUndefined();
});

describe('links', () => {
  it('allow and deny', () => {
    const usual = settings<Infer<typeof linksSettings>>(linksSettings, {
      deny: ['evil.example'],
      allow: ['bandcamp.com', 'www.discogs.com'],
    });
    expect(judged(links, usual, 'http://x.evil.example/y')).toBe('x.evil.example is not wanted here');
    expect(judged(links, usual, 'https://artist.bandcamp.com/album')).toBeUndefined();
    expect(judged(links, usual, 'https://other.net')).toBeUndefined();
    expect(run(links, usual, [line('go to bаndcamp.com')])).toMatchObject([
      { points: 6, reason: 'bаndcamp.com only seems to be bandcamp.com' },
    ]);
    expect(judged(links, { ...usual, others: 'deny' }, 'see other.net and discogs.com')).toBe(
      'other.net is not among the domains that may be named here',
    );
    expect(judged(links, { ...usual, others: 'deny' }, 'see discogs.com, song.mp3')).toBeUndefined();
  });
});

it('mentions', () => {
  const usual = settings<Infer<typeof mentionsSettings>>(mentionsSettings, { most: 3 });
  const recent = ['anna', 'bert', 'carl'].map((user) => line('hi', 0, user));
  const joins = [join('dora x')];
  const judge = (text: string) => mentions.judge(line(text, 5), context({ recent, joins }), usual)?.reason;
  expect(judge('anna, bert: carl! @meg')).toBe('names 4 people in one line');
  expect(judge('Anna bert dora x meg.')).toBe('names 4 people in one line');
  expect(judge('@a @b @c @d')).toBe('names 4 people in one line');
  expect(judge('anna bert carl anna bert')).toBeUndefined();
  expect(judge('annabert carls megs')).toBeUndefined();
});

it('newcomers', () => {
  const usual = settings<Infer<typeof newcomersSettings>>(newcomersSettings, { allow: ['bandcamp.com'] });
  const judge = (text: string, linesBefore: number, firstSeen?: number) =>
    newcomers.judge(
      line(text, 10_000_000),
      { ...context(), linesBefore, firstSeen: firstSeen ?? 10_000_000_000 },
      usual,
    )?.reason;
  expect(judge('look at http://spam.example/', 0)).toBe('a link in the first line: spam.example');
  expect(judge('look at http://spam.example/', 2)).toBe('a link in line 3 of somebody new: spam.example');
  expect(judge('x'.repeat(401), 0)).toBe('more than 400 characters in the first line');
  expect(judge('look at http://spam.example/', 3)).toBeUndefined();
  expect(judge('my music: me.bandcamp.com', 0)).toBeUndefined();
  expect(judge('look at http://spam.example/', 0, 10_000_000_000 - 8 * 86_400_000)).toBeUndefined();
});

it('no rule throws, whatever is said, and every reason fits', () => {
  const all = [
    [caps, settings(capsSettings, { limit: '1:1m' })],
    [asciiArt, settings(asciiArtSettings, { limit: '1:1m' })],
    [longLines, settings(longLinesSettings, { limit: '1:1m' })],
    [words, settings(wordsSettings, { lists: { a: { words: ['a*', 'b c'] } } })],
    [patterns, settings(patternsSettings, { lists: { a: { patterns: ['(.*)*', 'x'] } } })],
    [links, settings(linksSettings, { others: 'deny' })],
    [mentions, settings(mentionsSettings)],
    [newcomers, settings(newcomersSettings)],
  ] as const;
  const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 300 }));
  fc.assert(
    fc.property(text, (said) => {
      for (const [rule, given] of all) {
        const verdict = rule.judge(line(said), context({ linesBefore: 0, firstSeen: 0 }), given as never);
        if (verdict === undefined) continue;
        expect(verdict.points).toBeGreaterThan(0);
        expect(verdict.reason.trim()).not.toBe('');
        expect(verdict.reason.length).toBeLessThanOrEqual(300);
        expect(Array.from(verdict.evidence ?? '').length).toBeLessThanOrEqual(300);
      }
    }),
  );
});
