import type { ModelWish } from './catalogue.ts';
import { checkKinds } from './kinds.ts';
import { checkLateness } from './lateness.ts';
import {
  type Announcement,
  clock,
  covered,
  type Problem,
  type Reach,
  type Sighting,
  type SimulationRecord,
  sightingKey,
  touched,
} from './record.ts';
import { checkSpacing } from './spacing.ts';
import { checkTellings } from './tellings.ts';

/** What the oracle says. */
export interface Judgement {
  /** What should not have happened; empty when the run passed. */
  readonly problems: readonly Problem[];
  /** Files that some search reached while their owners were online. */
  readonly seen: number;
  /** Those of them that two turns or more found, so that they had to be announced. */
  readonly due: number;
  /** Those of them that were told after the first turn that could find them. */
  readonly atOnce: number;
}

/** How long somebody's client may take to bring its answer. */
const BRINGING_MS = 30_000;
/** How long the bot must live on for what it heard to be safe: a batch of results settles for a quarter of a minute. */
const KEEPING_MS = 60_000;
/** What was found is told within this time, when nothing hinders it. */
const TELLING_MS = 5 * 60_000;

/** In so much time for each wish all of them have had a turn, even of a bot that is away for a day. */
const TURN_WITHIN_MS = 2 * 3_600_000;

/** Compares what was announced with what people know was there to be found. */
export function judge(record: SimulationRecord, wishes: readonly ModelWish[]): Judgement {
  const told = new Map<string, Announcement[]>();
  for (const each of record.announcements) {
    const key = sightingKey(each.wish, each.user, each.path);
    const known = told.get(key);
    if (known === undefined) told.set(key, [each]);
    else known.push(each);
  }
  const announced = checkAnnounced(record, wishes, told);
  return {
    ...announced,
    problems: [
      ...checkSpacing(record.turns, record.cuts),
      ...checkTurns(record, wishes),
      ...checkTold(record, told),
      ...announced.problems,
      ...checkKinds(record, wishes),
      ...checkTellings(record, TELLING_MS),
      ...checkLateness(record, wishes),
    ],
    seen: record.sightings.size,
  };
}

/** Every wish is searched, else there is nothing to judge. */
function checkTurns(
  { durationMs, turns }: SimulationRecord,
  wishes: readonly ModelWish[],
): readonly Problem[] {
  if (durationMs < wishes.length * TURN_WITHIN_MS) return [];
  const searched = new Set(turns.map(({ wish }) => wish));
  return wishes.flatMap(({ id: wish }) =>
    searched.has(wish) ? [] : [{ wish, text: `${wish} was never searched for` }],
  );
}

/** Everything that two turns found was announced; of a wish that wants no other sources, each content once. */
function checkAnnounced(
  record: SimulationRecord,
  wishes: readonly ModelWish[],
  told: ReadonlyMap<string, readonly Announcement[]>,
): Pick<Judgement, 'problems' | 'due' | 'atOnce'> {
  const problems: Problem[] = [];
  let [due, atOnce] = [0, 0];
  const sourceless = new Set(wishes.filter(({ sources }) => !sources).map(({ id }) => id));
  const groups = new Map<string, { sightings: Sighting[]; announcements: Announcement[] }>();
  for (const [key, sighting] of record.sightings) {
    const group = sourceless.has(sighting.wish) ? `${sighting.wish}\n${sighting.content}` : key;
    const known = groups.get(group) ?? { sightings: [], announcements: [] };
    groups.set(group, known);
    known.sightings.push(sighting);
    known.announcements.push(...(told.get(key) ?? []));
  }
  for (const { sightings, announcements } of groups.values()) {
    const [first] = [...announcements].sort((a, b) => a.toldAt - b.toldAt);
    if (sightings.length > 1 && announcements.length > 1)
      problems.push({
        ...sightings[0]!,
        text: `${describe(sightings[0]!)} was announced from ${announcements.length} people, and the wish wants no other sources`,
      });
    const counted = sightings.map((each) => ({
      sighting: each,
      reaches: each.reaches.filter((reach) => counts(record, reach, each)),
    }));
    const certain = counted.find(({ reaches }) => reaches.length >= 2);
    if (certain === undefined) continue;
    due += 1;
    if (first === undefined) problems.push(missing(certain.sighting, certain.reaches));
    const soonest = Math.min(...counted.map(({ reaches }) => reaches[0]?.answersAt ?? Infinity));
    if (first !== undefined && first.toldAt <= soonest + TELLING_MS) atOnce += 1;
  }
  return { problems, due, atOnce };
}

/** Whether a turn really ran for this person: everybody was there until the answer was safely kept. */
function counts(record: SimulationRecord, { turn, at, answersAt }: Reach, { user }: Sighting): boolean {
  const brought = answersAt + BRINGING_MS;
  const kept = brought + KEEPING_MS;
  return (
    kept + TELLING_MS <= record.durationMs &&
    covered(record.stays.get(user) ?? [], at, brought) &&
    covered(record.sessions, turn.at, brought) &&
    covered(record.processes, turn.at, kept) &&
    !touched(record.troubles, turn.at, kept)
  );
}

/** Nothing that never matched, nothing before it could be known, nothing twice. */
function checkTold(
  record: SimulationRecord,
  told: ReadonlyMap<string, readonly Announcement[]>,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [key, announcements] of told) {
    const first = announcements[0]!;
    const { wish, user, path } = first;
    const complain = (text: string) =>
      problems.push({ wish, user, path, at: first.toldAt, text: `${describe(first)} ${text}` });
    const sighting = record.sightings.get(key);
    if (sighting === undefined) complain('was announced and never matched');
    else if (first.size !== sighting.size) complain('was announced with another size');
    else if (first.toldAt < sighting.reaches[0]!.answersAt)
      complain('was announced before its owner answered');
    // That it is better now is another thing; whether it is, is checked with the kinds.
    const plain = announcements.filter(({ kind }, i) => i === 0 || kind !== 'better');
    if (plain.length > 1)
      complain(
        `was announced ${plain.length} times: ${plain.map(({ toldAt, id }) => `${clock(toldAt)} in ${id}`).join(', ')}`,
      );
  }
  return problems;
}

function missing(sighting: Sighting, reaches: readonly Reach[]): Problem {
  const text = `${describe(sighting)} was never announced, and ${reaches.length} turns found it`;
  return { ...sighting, at: reaches[0]!.at, text };
}

const describe = ({ wish, user, path }: Pick<Sighting, 'wish' | 'user' | 'path'>): string =>
  `${wish}: ${path} of ${user}`;
