import { isUnspaced, wordsOf } from '../../../network/search/words.ts';

const NOT_ASCII = /[^\0-\x7f]/u;

/** Marks beyond the third of one letter are decoration; putting thousands in order takes time that grows with their square. */
const CLUTTER = /(\p{M}{3})\p{M}+/gu;

/** Only these scripts lose their marks: without them й would be и, and が would be か. */
const MARKED = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;

/** Letters that Unicode does not take apart, as people type them who have no key for them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  ø: 'o',
  Ø: 'O',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'TH',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/**
 * A text without diacritics, ligatures and wide forms, in its own case. Latin and Greek letters lose their marks; other
 * scripts keep theirs.
 */
export function plainLetters(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  return text
    .replace(CLUTTER, '$1')
    .normalize('NFKD')
    .replace(SPECIAL, (letter) => LETTERS[letter]!)
    .replace(MARKED, '$1')
    .normalize('NFC');
}

/** A text as it is compared: {@link plainLetters} in lower case. Folding what was folded changes nothing. */
export const foldText = (text: string): string =>
  NOT_ASCII.test(text)
    ? plainLetters(text).toLowerCase().replaceAll('ς', 'σ').normalize('NFC')
    : text.toLowerCase();

/** The folded words of a text. Of scripts without spaces each sign is a word, so that what stands inside a run is found. */
export function wordsIn(text: string): readonly string[] {
  const words = wordsOf(foldText(text));
  return NOT_ASCII.test(text) ? words.flatMap((word) => (isUnspaced(word) ? signsOf(word) : [word])) : words;
}

/** The words between single spaces, with one before and one behind: words stand in it one after the other if it includes theirs. */
export function wordLine(text: string): string {
  if (!NOT_ASCII.test(text)) return asciiLine(text.toLowerCase());
  const words = wordsIn(text);
  return words.length === 0 ? ' ' : ` ${words.join(' ')} `;
}

/** By hand because every path of every result comes by here: a regular expression takes two and a half times as long. */
function asciiLine(lower: string): string {
  let line = ' ';
  let from = -1;
  for (let i = 0; i < lower.length; i++) {
    const code = lower.charCodeAt(i);
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      line += `${lower.slice(from, i)} `;
      from = -1;
    }
  }
  return from < 0 ? line : `${line}${lower.slice(from)} `;
}

/** The words without anything between them. */
export const squash = (text: string): string =>
  NOT_ASCII.test(text) ? wordsOf(foldText(text)).join('') : text.toLowerCase().replace(/[^a-z0-9]+/gu, '');

function signsOf(word: string): string[] {
  const signs: string[] = [];
  let run = '';
  for (const sign of word) {
    if (!isUnspaced(sign)) {
      run += sign;
      continue;
    }
    if (run !== '') signs.push(run);
    run = '';
    signs.push(sign);
  }
  if (run !== '') signs.push(run);
  return signs;
}
