import { Buffer } from 'node:buffer';
import { cleanQuery, type SearchQuery } from '../../../network/search/query.ts';
import type { WishOptions, WishProblem } from '../../../plugins/api/wishlist.ts';
import { phraseProblems } from './excluded.ts';
import { MAX_QUERY_BYTES } from './limits.ts';
import { mixedWord } from './scripts.ts';
import { variantsOf } from './variants.ts';

/** What the engine knows besides the wish itself. */
export interface ProblemContext {
  /** What the server excludes from search responses, in lower case. */
  readonly excludedPhrases: readonly string[];
  /** Of the wish's searches. Absent: it had none. */
  readonly history?: {
    readonly turns: number;
    /** Results that arrived, whether or not they passed. */
    readonly arrived: number;
    /** Different spellings that had a turn. */
    readonly spellings: number;
  };
}

/** Turns without a single result after which a query is called never answered: one turn may meet the wrong people. */
export const NEVER_ANSWERED_TURNS = 12;

const CODES = {
  'too-long': true,
  'control-characters': true,
  'only-exclusions': true,
  'too-short': true,
  contradictory: true,
  'bad-scope': true,
  'excluded-phrase': true,
  'near-excluded-phrase': false,
  'never-answered': false,
  'mixed-scripts': false,
} as const;

/** Codes of problems, and whether a wish that has one can never match and is refused; the others are doubts. */
export const PROBLEMS: Readonly<Record<string, boolean>> = CODES;

export const isFatal = ({ code }: WishProblem): boolean => PROBLEMS[code] === true;

/** What is wrong or doubtful, fatal problems first; empty: nothing. */
export function problemsOf(
  spec: Pick<WishOptions, 'query' | 'scope' | 'filter' | 'variants'>,
  context: ProblemContext,
): readonly WishProblem[] {
  const { query } = spec;
  const problems: WishProblem[] = [];
  const add = (code: keyof typeof CODES, message: string) => problems.push({ code, message });

  const bytes = Buffer.byteLength(query);
  if (bytes > MAX_QUERY_BYTES)
    add('too-long', `the query has ${bytes} bytes; ${MAX_QUERY_BYTES} are allowed`);
  // Tabs and line ends come with what people paste; they are spaces.
  if (/[^\P{Cc}\t\n\r]/u.test(query))
    add('control-characters', 'the query has control characters; no name has');

  const cleaned = cleanQuery(query);
  if (!cleaned.ok) {
    if (cleaned.code === 'contradictory') add('contradictory', cleaned.reason);
    else if (cleaned.code === 'too-long') {
      if (problems.every(({ code }) => code !== 'too-long')) add('too-long', cleaned.reason);
    } else if (onlyExcludes(query)) add('only-exclusions', 'the query only excludes: nobody answers that');
    else add('too-short', cleaned.reason);
  }
  const scope = scopeProblem(spec.scope);
  if (scope !== undefined) add('bad-scope', scope);
  for (const { code, message } of phraseProblems(
    cleaned.ok ? cleaned.query : NOTHING,
    spec.filter,
    context.excludedPhrases,
  ))
    add(code, message);
  const never = neverAnswered(spec, context.history);
  if (never !== undefined) add('never-answered', never);
  const mixed = mixedWord(query);
  if (mixed !== undefined) add('mixed-scripts', mixed);
  return problems.sort((a, b) => Number(isFatal(b)) - Number(isFatal(a)));
}

const NOTHING: SearchQuery = { text: '', words: [], endings: [], phrases: [], excluded: [] };

const onlyExcludes = (query: string): boolean => {
  const left = query.replaceAll(/(^|\s)-(?:"[^"]*"|\S+)/gu, ' ');
  return left !== query && !/[\p{L}\p{N}]/u.test(left);
};

/** Longest names of rooms and users [observed: the server takes rooms of 24 and users of 30]; more is left to it. */
const MAX_NAME = 100;

function scopeProblem(scope: WishOptions['scope']): string | undefined {
  if (scope === undefined || scope === 'network' || scope === 'buddies') return undefined;
  const [kind, name] = 'room' in scope ? ['room', scope.room] : ['user', scope.user];
  if (name.trim() === '') return `the ${kind} to search has no name`;
  if (name.length > MAX_NAME || /\p{Cc}/u.test(name)) return `there can be no ${kind} of that name`;
  return undefined;
}

function neverAnswered(
  { query, variants = true }: Pick<WishOptions, 'query' | 'variants'>,
  history: ProblemContext['history'],
): string | undefined {
  if (history === undefined || history.arrived > 0 || history.turns < NEVER_ANSWERED_TURNS) return undefined;
  const spellings = variants ? variantsOf(query).length : 1;
  if (history.spellings < spellings) return undefined;
  return `${history.turns} turns in ${history.spellings === 1 ? 'one spelling' : `${history.spellings} spellings`} brought no result: a word is misspelt, or the server drops it`;
}
