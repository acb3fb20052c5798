/**
 * Text as searches see it: words are runs of letters, digits and their marks; everything else only separates them. Case
 * does not count, diacritics do. The subset on which Nicotine+, SoulseekQt (as aioslsk models it) and slskd agree.
 */

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Scripts that put no spaces between words, so that what a person calls a word may lie inside a run of letters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const MARKS = /\p{M}+/gu;

/** Marks beyond the thirtieth of one letter are no text, and putting them in order takes time that grows with their square. */
const CLUTTER = /(\p{M}{30})\p{M}+/gu;

/** The words of a text in its order, in lower case and composed (NFC); repeated ones included. */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase();
  const words: string[] = [];
  let from = -1;
  for (let i = 0; i < lower.length; i++) {
    const code = lower.charCodeAt(i);
    if (code > 0x7f) return lower.replace(CLUTTER, '$1').normalize('NFC').match(WORD) ?? [];
    const inWord = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (inWord) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      words.push(lower.slice(from, i));
      from = -1;
    }
  }
  if (from >= 0) words.push(lower.slice(from));
  return words;
}

/** Whether the word is of a script without spaces between words. */
export const isUnspaced = (word: string): boolean => UNSPACED.test(word);

/** Whether the word is a single letter or digit, which answering clients ignore or drown in [Soulseek.NET]. */
export const isOneLetter = (word: string): boolean =>
  word.length === ((word.codePointAt(0) ?? 0) > 0xffff ? 2 : 1) && !isUnspaced(word);

/** A word without its diacritics. */
export const bare = (word: string): string => word.normalize('NFD').replace(MARKS, '');

/** Whether `words` stand in `text` one after the other. Nothing stands everywhere. */
export function hasSequence(
  text: readonly string[],
  words: readonly string[],
  same: (a: string, b: string) => boolean = (a, b) => a === b,
): boolean {
  for (let start = 0; start + words.length <= text.length; start++) {
    let i = 0;
    while (i < words.length && same(text[start + i]!, words[i]!)) i++;
    if (i === words.length) return true;
  }
  return words.length === 0;
}
