import { Digest } from '../simulation/digest.ts';
import type { SimulationRecord } from './record.ts';

/** A fingerprint of what was seen in a run: two runs with the same digest went the same way. */
export function digestOf({ turns, announcements, sessions, stays }: SimulationRecord): string {
  const digest = new Digest();
  for (const { at, query } of turns) {
    digest.add(at);
    digest.addText(query);
  }
  for (const { wish, number, kind, user, path, toldAt } of announcements) {
    digest.add(toldAt);
    digest.add(number);
    digest.addText(`${wish} ${kind} ${user} ${path}`);
  }
  for (const spans of [sessions, ...stays.values()]) {
    for (const { from, to } of spans) {
      digest.add(from);
      digest.add(to);
    }
  }
  return digest.toString();
}
