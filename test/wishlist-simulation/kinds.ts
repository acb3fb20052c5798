import type { ModelWish } from './catalogue.ts';
import { type Announcement, type Problem, type SimulationRecord, sightingKey } from './record.ts';

/** A folder with fewer files more is not much fuller. */
const FULLER_BY = 2;

/**
 * The first announcement of a content is `new`, other ones `source`, or `better` when the wish wants to hear of fuller folders
 * and there is one; numbers are never used twice.
 */
export function checkKinds(record: SimulationRecord, wishes: readonly ModelWish[]): readonly Problem[] {
  const problems: Problem[] = [];
  const known = new Set<string>();
  const numbers = new Map<string, string>();
  const betters = new Set(wishes.filter(({ better }) => better).map(({ id }) => id));
  for (const each of [...record.announcements].sort((a, b) => a.number - b.number)) {
    const { wish, user, path, kind, toldAt: at } = each;
    const number = `${wish} #${each.number}`;
    const complain = (text: string) => problems.push({ wish, user, path, at, text: `${number} ${text}` });
    const other = numbers.get(number);
    if (other !== undefined) complain(`stands for ${other} and for ${path}`);
    numbers.set(number, path);
    const content = record.sightings.get(sightingKey(wish, user, path))?.content;
    if (content === undefined) continue;
    const key = `${wish}\n${content}`;
    const expected = known.has(key) ? 'source' : 'new';
    known.add(key);
    if (kind === expected) continue;
    if (kind === 'better' && expected === 'source' && betters.has(wish) && isFuller(record, each, content))
      continue;
    complain(`(${path} of ${user}) is "${kind}" instead of "${expected}"`);
  }
  return problems;
}

/** Whether the file was found in a folder with more than some folder had before, in which the same content was found. */
function isFuller({ sightings }: SimulationRecord, told: Announcement, content: string): boolean {
  const { wish, user, path, toldAt } = told;
  const reaches = sightings.get(sightingKey(wish, user, path))!.reaches;
  const now = Math.max(...reaches.filter(({ at }) => at <= toldAt).map(({ folderFiles }) => folderFiles));
  for (const sighting of sightings.values()) {
    if (sighting.wish !== wish || sighting.content !== content) continue;
    if (sighting.reaches.some(({ at, folderFiles }) => at <= toldAt && folderFiles + FULLER_BY <= now))
      return true;
  }
  return false;
}
