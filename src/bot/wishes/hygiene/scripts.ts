import { wordsOf } from '../../../network/search/words.ts';

/** Scripts with letters that look alike, so that one typed for another is not seen. */
const ALIKE = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
};

/** What is doubtful about the first word that mixes scripts with letters that look alike; undefined: none does. */
export function mixedWord(query: string): string | undefined {
  for (const word of wordsOf(query)) {
    const scripts = Object.entries(ALIKE).flatMap(([name, letter]) => (letter.test(word) ? name : []));
    if (scripts.length > 1)
      return `${JSON.stringify(word)} mixes ${scripts.join(' and ')} letters: it matches only who mixes them too`;
  }
  return undefined;
}
