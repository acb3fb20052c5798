import type { SearchHit } from '../../../plugins/api/search.ts';
import type { FindKind, ScorePart, WishTelling } from '../../../plugins/api/wishlist.ts';
import type { SeenMark, SeenRow } from '../../store/wish-memory.ts';
import { contentKey } from '../content/content-key.ts';
import { quality } from '../content/quality.ts';
import { contentMark, contentOf, folderMark, folderOf, sourceMark, sourceOf } from '../memory/marks.ts';
import { keysOf, type SeenKeys } from '../memory/seen-key.ts';
import { judge } from '../memory-rules/news.ts';
import { byScore, score } from '../ranking/score.ts';
import type { WishWeights } from '../ranking/weights.ts';
import type { Waiting } from './collection.ts';

const MINUTE_MS = 60_000;

/** A result that passed, with everything that its place in the memory hangs on. */
export interface Passing extends Waiting {
  readonly keys: SeenKeys;
  readonly folderFiles: number;
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

/** What a result comes to. */
export interface Finding {
  readonly passing: Passing;
  readonly kind: FindKind;
  readonly content: string;
  readonly reason?: string;
}

export interface Judged {
  readonly news: readonly Finding[];
  /** Files that nobody told of and nobody will, seen for the first time. */
  readonly known: readonly Finding[];
  /** Files that were seen before, and about which nothing has changed. */
  readonly old: readonly Passing[];
  /** News without a place: not remembered, so that another turn can bring them. */
  readonly left: readonly Passing[];
  readonly seen: readonly SeenRow[];
  /** Files among `seen` that were not known. */
  readonly newFiles: number;
  /** Rows among `seen` that were not known. */
  readonly newRows: number;
}

export interface JudgeOptions {
  readonly telling: WishTelling | undefined;
  /** Minutes since the epoch. */
  readonly now: number;
  /** Whose sources were seen since then has not been away, in minutes since the epoch. */
  readonly awayBefore: number;
  /** Rows younger than this are not written only to say that it was seen again, in minutes since the epoch. */
  readonly freshSince: number;
  /** Whether another find of this user has a place; takes it. */
  readonly takePlace: (user: string) => boolean;
}

/** Scores what passed, the best first. */
export function rank(
  waiting: readonly Waiting[],
  options: {
    readonly query: string;
    readonly weights: WishWeights;
    readonly folderFiles: (hit: SearchHit) => number;
    readonly experience: (user: string) => { readonly good: number; readonly bad: number } | undefined;
  },
): Passing[] {
  const { query, weights } = options;
  return waiting
    .map((one): Passing => {
      const { hit } = one;
      const folderFiles = options.folderFiles(hit);
      const context = { query, folderFiles, experience: options.experience(hit.user) };
      return { ...one, keys: keysOf(hit), folderFiles, ...score(hit, context, weights) };
    })
    .sort(byScore);
}

/**
 * Decides of each result what it is to its wish, the best first, and what is to be remembered: what one of them is told as
 * the others know.
 */
export function judgeAll(
  passing: readonly Passing[],
  known: ReadonlyMap<number, SeenMark>,
  options: JudgeOptions,
): Judged {
  const { now, awayBefore, freshSince, telling } = options;
  const memory = new Map(known);
  const changed = new Map<number, SeenRow>();
  const judged = {
    news: [] as Finding[],
    known: [] as Finding[],
    old: [] as Passing[],
    left: [] as Passing[],
  };
  let newFiles = 0;
  let newRows = 0;
  const learn = (key: number, who: number, mark: number): void => {
    const before = memory.get(key);
    if (before === undefined) newRows++;
    else if (before.mark === mark && before.who === who && before.at > freshSince) return;
    memory.set(key, { who, mark, at: now });
    changed.set(key, { key, who, mark, at: now });
  };
  for (const one of passing) {
    const { askedBefore = 0, hit, keys, folderFiles } = one;
    // It did not answer when it was asked the same before: being found by another spelling says nothing.
    const away = Math.min(awayBefore, Math.floor(askedBefore / MINUTE_MS));
    const [source, content, folder] = [keys.source, keys.content, keys.folder].map((key) => memory.get(key));
    const before = {
      source: source && sourceOf(source, source.at < away),
      content: content && contentOf(content),
      folder: folder && folderOf(folder),
    };
    const news = judge(before, { hit, folderFiles }, telling);
    if (news !== undefined && !options.takePlace(hit.user)) {
      judged.left.push(one);
      continue;
    }
    const key = contentKey(hit);
    if (news !== undefined) judged.news.push({ passing: one, content: key, ...news });
    else if (source === undefined) judged.known.push({ passing: one, content: key, kind: 'source' });
    else judged.old.push(one);
    if (source === undefined) newFiles++;
    const best = quality(hit);
    learn(
      keys.source,
      keys.who,
      sourceMark({
        quality: Math.max(best, before.source?.quality ?? 0),
        slotFree: hit.slotFree || (before.source?.slotFree ?? false),
      }),
    );
    learn(
      keys.content,
      // Whose it is as long as only one has it: forgotten together with them.
      content === undefined || content.who === -keys.who ? -keys.who : 0,
      contentMark({
        quality: Math.max(best, before.content?.quality ?? 0),
        folderFiles: Math.max(folderFiles, before.content?.folderFiles ?? 0),
      }),
    );
    learn(keys.folder, keys.who, folderMark({ files: Math.max(folderFiles, before.folder?.files ?? 0) }));
  }
  return { ...judged, seen: [...changed.values()], newFiles, newRows };
}
