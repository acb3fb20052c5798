import { cleanQuery } from '../../../network/search/query.ts';
import type { SearchHit } from '../../../plugins/api/search.ts';
import { wordsIn } from '../content/fold.ts';

/** How much of the score is that the query's words are there; the rest is that there are few others. */
const COVERED = 0.6;

/**
 * How near name and last folder come to the query, from 0 to 1: whether the words of the query stand there and not only
 * higher up, and whether the name or the folder says little else, because "karaoke version" is another file.
 */
export function similarity(query: string, { name, folder }: SearchHit): number {
  const wanted = new Set(wantedWords(query));
  if (wanted.size === 0) return 0;
  const inName = wordsIn(name.replace(/\.[^.]{1,16}$/u, '')).filter((word) => !/^\p{N}+$/u.test(word));
  const inFolder = wordsIn(folder.slice(Math.max(folder.lastIndexOf('\\'), folder.lastIndexOf('/')) + 1));
  const there = new Set([...inName, ...inFolder]);
  const covered = [...wanted].filter((word) => there.has(word)).length / wanted.size;
  return COVERED * covered + (1 - COVERED) * Math.max(share(inName, wanted), share(inFolder, wanted));
}

const share = (words: readonly string[], wanted: ReadonlySet<string>): number =>
  words.length === 0 ? 0 : words.filter((word) => wanted.has(word)).length / words.length;

function wantedWords(query: string): readonly string[] {
  const cleaned = cleanQuery(query);
  return cleaned.ok ? cleaned.query.words.flatMap(wordsIn) : [];
}
