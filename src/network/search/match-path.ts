import type { SearchQuery } from './query.ts';
import { bare, hasSequence, isUnspaced, wordsOf } from './words.ts';

const NOT_ASCII = /[^\0-\x7f]/u;

/**
 * Whether a result is one that was asked for, whatever the answering client's idea of matching. Lenient where clients
 * legitimately differ (a wanted word may lack its diacritics; scripts without spaces match inside a run of letters),
 * strict where the person said no: exclusions are whole words with their diacritics.
 */
export function matchesPath(query: SearchQuery, path: string): boolean {
  const tokens = wordsOf(path);
  for (const not of query.excluded) if (hasSequence(tokens, not)) return false;
  const foreign = NOT_ASCII.test(path);
  for (const word of query.words) if (!hasWord(tokens, word, foreign)) return false;
  for (const ending of query.endings) {
    const plain = bare(ending);
    if (!tokens.some((token) => token.endsWith(ending) || bare(token).endsWith(plain))) return false;
  }
  return query.phrases.every((phrase) => hasSequence(tokens, phrase, sameWord));
}

function hasWord(tokens: readonly string[], word: string, foreign: boolean): boolean {
  if (tokens.includes(word)) return true;
  if (!foreign && !NOT_ASCII.test(word)) return false;
  if (isUnspaced(word)) return tokens.some((token) => token.includes(word));
  const plain = bare(word);
  return tokens.some((token) => bare(token) === plain);
}

const sameWord = (a: string, b: string): boolean => a === b || bare(a) === bare(b);
