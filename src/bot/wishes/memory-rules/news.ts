import type { SearchHit } from '../../../plugins/api/search.ts';
import type { FindKind, WishTelling } from '../../../plugins/api/wishlist.ts';
import { quality, qualityInWords } from '../content/quality.ts';

/** A file of a user that the wish has seen. */
export interface SeenSource {
  /** The best {@link quality} it was seen in. */
  readonly quality: number;
  /** Whether its owner ever had a free slot when it was seen: a slot that comes and goes is no news each time. */
  readonly slotFree: boolean;
  /** Whether its owner is known to have been away since it was last seen or told. */
  readonly away: boolean;
}

/** Content that the wish has seen, from whomever. */
export interface SeenContent {
  /** The best of all its sources. */
  readonly quality: number;
  /** Files that passed in the fullest folder that had it. */
  readonly folderFiles: number;
}

/** A folder of a user that the wish has seen. */
export interface SeenFolder {
  /** Most files of it that ever passed in one turn. */
  readonly files: number;
}

/** What the wish remembers of a hit; absent: never seen. */
export interface Known {
  readonly source?: SeenSource | undefined;
  readonly content?: SeenContent | undefined;
  readonly folder?: SeenFolder | undefined;
}

/** A hit that passed its wish's filter. */
export interface Passed {
  readonly hit: SearchHit;
  /** Files of the same user and folder that passed in the same turn, this one included. */
  readonly folderFiles: number;
}

/** What about a hit is worth telling. */
export interface News {
  readonly kind: FindKind;
  /** What changed, in words; for `better` and `again`. */
  readonly reason?: string;
}

/** What is told besides what was never seen. */
export const DEFAULT_TELLING: Required<WishTelling> = { sources: true, better: true, again: false };

/** Owners say slightly different things of the same file; less than this is no other quality. */
const BETTER_BY = 8;

/** Both must hold. A file that comes to a folder is told itself; that makes the others no news. */
const FULLER_BY = { times: 1.5, files: 2 };

/**
 * Decides what a hit is to its wish; undefined: nothing new. Of a file that was seen only three things count: clearly better
 * quality, a clearly fuller folder, and that it can be had now (`again`). What is in no memory is `new`; content that
 * another user had is `better` if it is, or else a new `source`.
 */
export function judge(known: Known, passed: Passed, telling: WishTelling = {}): News | undefined {
  const tell = { ...DEFAULT_TELLING, ...telling };
  const { source, content } = known;
  if (source === undefined && content === undefined) return { kind: 'new' };
  const reason = tell.better ? betterThan(known, passed) : undefined;
  if (reason !== undefined) return { kind: 'better', reason };
  if (source === undefined) return tell.sources ? { kind: 'source' } : undefined;
  const back = tell.again ? backAgain(source, passed.hit) : undefined;
  return back === undefined ? undefined : { kind: 'again', reason: back };
}

function betterThan({ source, content, folder }: Known, { hit, folderFiles }: Passed): string | undefined {
  const before = Math.max(source?.quality ?? 0, content?.quality ?? 0);
  const now = quality(hit);
  if (now >= before + BETTER_BY)
    return `better quality: ${qualityInWords(now)}, before ${qualityInWords(before)}`;
  const files = Math.max(source === undefined ? 0 : (folder?.files ?? 0), content?.folderFiles ?? 0);
  const fuller = files > 0 && folderFiles >= Math.max(files * FULLER_BY.times, files + FULLER_BY.files);
  return fuller ? `fuller folder: ${folderFiles} files, ${files} before` : undefined;
}

function backAgain({ slotFree, away }: SeenSource, hit: SearchHit): string | undefined {
  if (hit.slotFree && !slotFree) return 'has a free slot now';
  return away ? 'is online again' : undefined;
}
