import { ListError } from './list-document.ts';
import { isWeb, type ListSource } from './list-source.ts';
import { type VerifiedList, verifyList } from './verified-list.ts';

/** Lists that lists name, and what those name; deeper is refused. */
const MAX_DEPTH = 3;
const MAX_LISTS = 20;

/** Somebody on a list, or on one that it includes. */
export interface ListedUser {
  readonly user: string;
  readonly reason: string;
  readonly points: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** The name of the list that it stands on. */
  readonly list: string;
}

/** A list with everything that it includes. */
export interface LoadedList {
  readonly name: string;
  readonly issued: number;
  /** The nearest of all that belong to it. */
  readonly expires: number;
  readonly entries: readonly ListedUser[];
  /** Included lists that could not be taken, and why. The rest counts all the same. */
  readonly problems: readonly string[];
}

/**
 * Reads a list and what it includes. A loop, or an included list that cannot be verified, is left out and named; the list itself
 * must be good.
 * @throws ListError (as rejection) what is wrong with the list itself.
 */
export async function loadList(
  from: string,
  key: string,
  source: ListSource,
  now: number,
): Promise<LoadedList> {
  const top = verifyList(await source.read(from), key, now);
  const entries: ListedUser[] = [];
  const problems: string[] = [];
  let expires = top.expires;
  let count = 1;

  const take = (list: VerifiedList) => {
    expires = Math.min(expires, list.expires);
    for (const { user, reason, points, until } of list.document.entries) {
      const ends = until === undefined ? list.expires : Math.min(Date.parse(until), list.expires);
      if (ends > now) entries.push({ user, reason, points, until: ends, list: list.document.name });
    }
  };
  const include = async (list: VerifiedList, trail: readonly string[]): Promise<void> => {
    for (const next of list.document.include) {
      try {
        if (trail.includes(next.from))
          throw new ListError('loop', `it includes itself: ${[...trail, next.from].join(' → ')}`);
        if (trail.some(isWeb) && !isWeb(next.from))
          throw new ListError('unreadable', 'a list from the web may not name files of this machine');
        if (trail.length >= MAX_DEPTH) throw new ListError('loop', 'lists within lists go too deep');
        if (++count > MAX_LISTS) throw new ListError('loop', `more than ${MAX_LISTS} lists belong to it`);
        const inner = verifyList(await source.read(next.from), next.key, now);
        take(inner);
        await include(inner, [...trail, next.from]);
      } catch (error) {
        if (!(error instanceof ListError)) throw error;
        problems.push(`${next.from}: ${error.message}`);
      }
    }
  };

  take(top);
  await include(top, [from]);
  return { name: top.document.name, issued: top.issued, expires, entries, problems };
}
