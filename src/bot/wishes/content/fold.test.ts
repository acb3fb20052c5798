import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { foldText, plainLetters, squash, wordLine, wordsIn } from './fold.ts';
import { WORDS } from './hit.test-support.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.array(fc.constantFrom(...WORDS)).map((all) => all.join(' ')),
);

describe('folding', () => {
  it.each([
    ['Björk', 'bjork'],
    ['bjo\u0308rk', 'bjork'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['Ørsted Ænima Œuvre Đorđe Þór Łódź', 'orsted aenima oeuvre dorde thor lodz'],
    ['İstanbul ışık', 'istanbul isik'],
    ['Việt Nam', 'viet nam'],
    ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
    ['ﬁn', 'fin'],
    ['Ἀθῆναι ΣΑΣ', 'αθηναι σασ'],
  ])('takes from Latin and Greek what keyboards lack: %s', (given, folded) => {
    expect(foldText(given)).toBe(folded);
  });

  it.each(['мой', 'ёлка', 'ガラス', '東京', 'हिन्दी', 'ไทย', '한국어', 'שָׁלוֹם'.normalize('NFC')])(
    'leaves other scripts as they are: %s',
    (given) => {
      expect(foldText(given)).toBe(given);
    },
  );

  it('changes case only where it is to', () => {
    expect(plainLetters('Ænima ÉTÉ')).toBe('AEnima ETE');
    expect(foldText('Ænima ÉTÉ')).toBe('aenima ete');
  });

  it('changes nothing the second time, whatever the text', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(foldText(foldText(given))).toBe(foldText(given));
        expect(plainLetters(plainLetters(given))).toBe(plainLetters(given));
      }),
      { numRuns: 3000 },
    );
  });

  it('is quick with a letter of ten thousand marks', () => {
    const marks = `a${'\u0301\u0316'.repeat(8000)}`;
    expect(foldText(marks)).toBe('a');
    expect(wordsIn(`б${'\u0301\u0316'.repeat(8000)}`)).toHaveLength(1);
  });
});

describe('words', () => {
  it('are signs in scripts without spaces, with what touches them', () => {
    expect(wordsIn('東京事変live カーラ')).toEqual(['東', '京', '事', '変', 'live', 'カ', 'ー', 'ラ']);
  });

  it('stand in a line by themselves', () => {
    expect(wordLine('\\Music\\01_Café-Song.MP3')).toBe(' music 01 cafe song mp3 ');
    expect(wordLine('Music\\01_Cafe.mp3')).toBe(' music 01 cafe mp3 ');
    expect(wordLine(' - ')).toBe(' ');
    expect(wordLine('♥')).toBe(' ');
    expect(squash('01 - Café_Song')).toBe('01cafesong');
    expect(squash('01 - Cafe_Song')).toBe('01cafesong');
  });

  test('the quick way for plain text finds what the long way does', () => {
    fc.assert(
      fc.property(text, (given) => {
        const words = wordsIn(given);
        expect(wordLine(given)).toBe(words.length === 0 ? ' ' : ` ${words.join(' ')} `);
        expect(squash(given)).toBe(words.join(''));
      }),
      { numRuns: 3000 },
    );
  });
});
