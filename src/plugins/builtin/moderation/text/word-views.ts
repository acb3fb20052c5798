import { fold } from './fold.ts';
import { asLatin } from './look-alike-letters.ts';

/** What a line may be read as. */
export interface WordViews {
  /** Its words, each as all that it may stand for: `b4d` is `b4d` and `bad`. */
  readonly words: readonly (readonly string[])[];
  /** What was written letter by letter, `s p a m` or `s.p.a.m`, joined. */
  readonly spelled: readonly string[];
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '€': 'e',
  '!': 'i',
  '|': 'i',
  '+': 't',
};

/** Letters and digits, and the symbols that stand for letters between or before them. */
const WORD = /[\p{L}\p{N}@$€!|+]+/gu;
const LETTER = /\p{L}/u;

/** Punctuation at the edge of a word that is not part of it. */
const EDGES = /^[!|+]+|[!|+@€]+$/gu;

/** How many letters in a row make a word that was spelled out. */
const SPELLED = 3;

export function wordViews(text: string): WordViews {
  const folded = fold(text);
  const latin = /[a-z]/.test(folded);
  const chunks = folded.split(/\s+/u).filter((chunk) => chunk !== '');
  return {
    words: chunks.flatMap((chunk) => {
      const parts = (chunk.match(WORD) ?? []).map((part) => readings(part, latin)).filter(some);
      // b.a.d and b-a-d within one chunk; what is several words, like self-made, stands for both.
      const whole = parts.length > 1 ? readings(chunk.replace(/[^\p{L}\p{N}@$€!|+]+/gu, ''), latin) : [];
      return parts.length > 1 ? [...parts, whole] : parts;
    }),
    spelled: spelled(folded, latin),
  };
}

const some = (list: readonly string[]): boolean => list.length > 0;

function readings(part: string, latin: boolean): readonly string[] {
  const word = part.replace(EDGES, '');
  if (word === '') return [];
  const all = new Set([plain(word)]);
  // A number is a number; 455 is nobody's insult.
  if (LETTER.test(word)) {
    const letters = latin || /[a-z]/.test(word) ? asLatin(word) : word;
    const leet = Array.from(letters, (char) => LEET[char] ?? char).join('');
    for (const reading of [letters, leet, leet === letters ? letters : withL(letters)])
      all.add(plain(reading));
  }
  all.delete('');
  return [...all];
}

/** `1`, `|` and `!` are an l as often as an i. */
function withL(letters: string): string {
  return Array.from(letters, (char) => ('1|!'.includes(char) ? 'l' : (LEET[char] ?? char))).join('');
}

const plain = (word: string): string => word.replace(/[^\p{L}\p{N}]/gu, '');

function spelled(folded: string, latin: boolean): readonly string[] {
  const found: string[] = [];
  let run = '';
  for (const part of [...(folded.match(/[\p{L}\p{N}@$]+/gu) ?? []), '  ']) {
    if (Array.from(part).length === 1) run += part;
    else {
      if (run.length >= SPELLED) found.push(...readings(run, latin));
      run = '';
    }
  }
  return found;
}
