import { clock, type Problem, type Span, type Turn } from './record.ts';

/** What the server told may still be on its way when the bot searches, and so may the search. */
const ON_ITS_WAY_MS = 1000;

/**
 * One wish search per interval, and none while the server allows none. What the bot sends into a line that is cut, and nobody
 * has noticed, comes all at once when the line is whole again: there it is enough that it can have been sent in time.
 * @param cuts when the line was cut, until everything that was on its way has arrived
 */
export function checkSpacing(turns: readonly Turn[], cuts: readonly Span[] = []): readonly Problem[] {
  const problems: Problem[] = [];
  // From the last one on: the latest time at which each can have been sent.
  let next: Turn | undefined;
  let nextSent = Infinity;
  for (const turn of turns.toReversed()) {
    const { at, wish, query, interval } = turn;
    const complain = (text: string) => problems.unshift({ wish, at, text: `${text}, ${clock(at)}` });
    if (wish === undefined) complain(`a search for "${query}", which nobody wished for`);
    const cut = cuts.find(({ from, to }) => from <= at && at <= to);
    if (interval === 0 && cut === undefined) complain(`a search for "${query}" while the server allows none`);
    const earliest = Math.min(at, cut?.from ?? at) - ON_ITS_WAY_MS;
    const latest = Math.min(at, nextSent - (next?.interval ?? 0) * 1000);
    if (latest < earliest && next !== undefined)
      complain(
        `two wish searches within ${((next.at - at) / 1000).toFixed(1)} s of ${next.interval} s, "${query}" and "${next.query}"`,
      );
    nextSent = Math.max(latest, earliest);
    next = turn;
  }
  return problems;
}
