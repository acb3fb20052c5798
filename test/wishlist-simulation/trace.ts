import { clock, type Problem, type SimulationRecord, type Span } from './record.ts';

const LINES = 30;
const AROUND_MS = 26 * 3_600_000;

/** What happened around a problem, as far as it has to do with it: one line each, in order. */
export function trace(record: SimulationRecord, problem: Problem): readonly string[] {
  const events: { readonly at: number; readonly what: string }[] = [...record.incidents];
  const note = (at: number, what: string) => events.push({ at, what });
  const spans = (list: readonly Span[], from: string, to: string) => {
    for (const span of list) {
      note(span.from, from);
      note(span.to, to);
    }
  };
  spans(record.processes, 'the bot starts', 'the bot ends');
  spans(record.sessions, 'the bot is logged in', 'the bot is logged out');
  const { wish, user, path } = problem;
  if (user !== undefined) spans(record.stays.get(user) ?? [], `${user} comes`, `${user} goes`);
  for (const turn of record.turns)
    if (wish === undefined || turn.wish === wish)
      note(turn.at, `turn "${turn.query}" (interval ${turn.interval} s)`);
  for (const sighting of record.sightings.values()) {
    if (sighting.wish !== wish || sighting.user !== user || sighting.path !== path) continue;
    for (const { at, answersAt } of sighting.reaches)
      note(at, `a search finds it, the answer goes out at ${clock(answersAt)}`);
  }
  for (const each of record.announcements) {
    if (each.wish !== wish || each.user !== user || each.path !== path) continue;
    const late = each.late ? ', late' : '';
    note(
      each.toldAt,
      `told: #${each.number} ${each.kind}${late}, found ${clock(each.foundAt)}, in ${each.id}`,
    );
  }
  for (const { id, at, redelivered, wish: other } of record.tellings)
    if (other === wish) note(at, `the plugin is told ${id}${redelivered ? ' again' : ''}`);
  const about = problem.at ?? 0;
  return events
    .filter(({ at }) => Math.abs(at - about) < AROUND_MS)
    .sort((a, b) => Math.abs(a.at - about) - Math.abs(b.at - about))
    .slice(0, LINES)
    .sort((a, b) => a.at - b.at)
    .map(({ at, what }) => `${clock(at)}  ${what}`);
}
