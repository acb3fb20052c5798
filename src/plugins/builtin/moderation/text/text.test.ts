import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainProblem, domainsIn, imitated, isUnder } from './domains.ts';
import { bare, fold } from './fold.ts';
import { nearestNames } from './nearest-names.ts';
import { fromPunycode } from './punycode.ts';
import { similarity } from './similarity.ts';
import { skeleton } from './skeleton.ts';
import { entryProblem, wordList } from './word-list.ts';

const line = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));

describe('fold', () => {
  it.each([
    ['ＦＵＬＬ', 'full'],
    ['𝓼𝓹𝓪𝓶', 'spam'],
    ['Ünïcödé', 'unicode'],
    ['s\u200bp\u00ada\u2060m', 'spam'],
    ['z̷̢a̷̡l̷g̸o', 'zalgo'],
    ['한국', '한국'],
  ])('%j reads as %j', (text, read) => expect(fold(text)).toBe(read));

  it('folding twice changes nothing', () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
    expect(bare('  Buy -- NOW!!! ')).toBe('buy now');
  });
});

describe('similarity', () => {
  it('is even, between 0 and 1, and 1 for the same', () => {
    fc.assert(
      fc.property(line, line, (a, b) => {
        const value = similarity(a, b);
        expect(value).toBe(similarity(b, a));
        expect(value >= 0 && value <= 1).toBe(true);
        expect(similarity(a, a)).toBe(1);
      }),
    );
    expect(similarity('visit my shop at x1', 'visit my shop at x2')).toBeGreaterThan(0.9);
    expect(similarity('visit my shop', 'has anybody heard it')).toBeLessThan(0.3);
  });
});

describe('wordList', () => {
  const bad = wordList(['badword', 'free money', 'casino*', '*coin', 'ass', 'shit', 'hell', 'дурак']);
  it.each([
    ['you badword!', 'badword'],
    ['B4DW0RD', 'badword'],
    ['bаdwоrd (with Cyrillic)', 'badword'],
    ['bád\u200bword', 'badword'],
    ['b a d w o r d', 'badword'],
    ['b.a.d.w.o.r.d', 'badword'],
    ['b-adword', 'badword'],
    ['so you b a d w o r d here', 'badword'],
    ['a b a d w o r d', 'badword'],
    ['baaaaadwoooord', 'badword'],
    ['get FREE  m0ney now', 'free money'],
    ['casinos', 'casino*'],
    ['buy dogecoin', '*coin'],
    ['a$$', 'ass'],
    ['@ss', 'ass'],
    ['assss', 'ass'],
    ['sh!t', 'shit'],
    ['he11', 'hell'],
    ['ты ДУРАК', 'дурак'],
    ['𝖇𝖆𝖉𝖜𝖔𝖗𝖉', 'badword'],
  ])('%j is %j', (text, entry) => expect(bad.find(text)).toBe(entry));

  it.each([
    ['the class passes'],
    ['Scunthorpe'],
    ['455 people'],
    ['hello shell'],
    ['as soon as'],
    ['money for free'],
    ['bad word choice'],
    ['I a m o k'],
    ['hi!!! what?'],
    ['a bas, s!'],
    ['free the money'],
  ])('%j is nothing', (text) => expect(bad.find(text)).toBeUndefined());

  it('finds an entry however it stands in the line, and never throws', () => {
    const word = fc.stringMatching(/^[a-z]{4,10}$/);
    fc.assert(
      fc.property(word, line, (entry, before) => {
        expect(wordList([entry]).find(`${before} ${entry}`)).toBe(entry);
      }),
    );
    fc.assert(fc.property(line, (text) => void bad.find(text)));
  });

  it.each([
    ['...', '"..." has no letter or digit, and would match everything'],
    ['*', '"*" has no letter or digit, and would match everything'],
    ['a b*d', undefined],
    ['b*d', '"b*d" has a * inside a word: it can stand at the beginning and at the end'],
    ['spam', undefined],
  ])('an entry %j: %j', (entry, problem) => {
    if (entry !== 'a b*d') expect(entryProblem(entry)).toBe(problem);
    else expect(entryProblem(entry)).toContain('inside a word');
  });
});

describe('domains', () => {
  it.each([
    ['see https://Example.org/path?x=1.', ['example.org']],
    ['www.shop.example and hxxp://evil.test:80/x', ['shop.example', 'evil.test']],
    ['buy at example [dot] com', ['example.com']],
    ['example dot com', ['example.com']],
    ['ex\u200bample.com', ['example.com']],
    ['http://user@evil.com/', ['evil.com']],
    ['xn--mnchen-3ya.de', ['münchen.de']],
    ['http://exаmple.com', ['exаmple.com']],
    ['song.flac, e.g. this...or that, 192.168.1.1, a.b', []],
    ['mail me@example.com', ['example.com']],
    ['node.js v1.2.3', []],
  ])('%j', (text, found) => expect(domainsIn(text)).toEqual(found));

  it('knows what is under a domain, and what only seems to be', () => {
    expect(isUnder('de.wikipedia.org', ['wikipedia.org'])).toBe(true);
    expect(isUnder('notwikipedia.org', ['wikipedia.org'])).toBe(false);
    const known = ['paypal.com', 'modern.org'];
    for (const host of [
      'paypa1.com',
      'login.paypaI.com'.toLowerCase(),
      'pаypal.com',
      'paypal.com.evil.net',
      'paypal-com.net',
    ])
      expect(imitated(host, known), host).toBe('paypal.com');
    expect(imitated('modem.org', known)).toBe('modern.org');
    expect(imitated('www.paypal.com', known)).toBeUndefined();
    expect(imitated('example.org', known)).toBeUndefined();
    expect(domainProblem('https://example.org/')).toContain('give it alone');
    expect(domainProblem('example')).toContain('is no domain');
    expect(domainProblem('example.org')).toBeUndefined();
  });

  it('decodes as the web does, and anything without failing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([a-zäöüéñç]{1,12}|[а-я]{1,9}|[一-十]{1,6})$/u), (label) => {
        const { hostname } = new URL(`http://${label.normalize('NFC')}z.org/`);
        if (hostname.startsWith('xn--'))
          expect(new URL(`http://${fromPunycode(hostname.split('.')[0]!)}.org/`).hostname).toBe(hostname);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{0,30}$/), (body) => void fromPunycode(`xn--${body}`)),
    );
    fc.assert(fc.property(line, (text) => void domainsIn(text)));
  });
});

describe('names', () => {
  it('look the same', () => {
    for (const name of ['MEGAN', 'm_egan', 'rnegan', '-megan-', 'мegan', 'me.gan'])
      expect(skeleton(name), name).toBe(skeleton('megan'));
    expect(skeleton('I1l|i')).toBe('lllll');
    expect(skeleton('o0O')).toBe('ooo');
  });

  it('are found again when mistyped, the likeliest first', () => {
    const names = ['alice', 'Alicia', 'bob', 'robert', 'two words'];
    expect(nearestNames('ALICE', names)[0]).toBe('alice');
    expect(nearestNames('alcie', names)[0]).toBe('alice');
    expect(nearestNames('rob', names)[0]).toBe('robert');
    expect(nearestNames('two', names)).toEqual(['two words']);
    expect(nearestNames('zzz', names)).toEqual([]);
  });
});
