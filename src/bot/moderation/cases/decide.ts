import type { Consequence, Power } from '../../../plugins/api/cases.ts';
import { consequenceOf, exceeds } from '../consequences/consequence.ts';
import { stepAt } from '../ladder/ladder.ts';
import { atMost, type KnownActions, type Permitted, permitted } from '../power/permitted.ts';
import type { RoomFacts } from '../power/power.ts';
import type { Settings } from '../rules/settings.ts';
import type { Objection, Objections } from '../rules/verdicts.ts';
import { standingAccount } from './standing-account.ts';

/** An earlier case of the same person in the same room. */
export interface EarlierCase {
  readonly id: number;
  readonly at: number;
  /** Absent: no rule made it. */
  readonly rule?: string;
  readonly points: number;
  readonly mode: Objection['mode'];
  /** Its points do not count. */
  readonly void: boolean;
  /** Nothing more severe was to follow from it. */
  readonly atMost?: Consequence;
}

/** What is decided of something that a rule objects to. */
export type Decision =
  /** It belongs to what led to that case. */
  | { readonly how: 'merge'; readonly into: number; readonly objection: Objection }
  | {
      readonly how: 'open';
      readonly objection: Objection;
      readonly also: readonly Objection[];
      readonly outcome: DecidedOutcome;
    };

/** What is to follow. */
export interface DecidedOutcome {
  readonly total: number;
  readonly wanted: Consequence;
  readonly consequence: Consequence;
  readonly instead?: string;
  readonly until?: number;
  /** The ceiling of the rule and of what it said. */
  readonly atMost?: Consequence;
}

export interface Circumstances {
  readonly room: string;
  readonly at: number;
  /** The oldest first. */
  readonly earlier: readonly EarlierCase[];
  readonly power: Power;
  readonly facts: Pick<RoomFacts, 'room' | 'refusal'>;
  readonly actions: KnownActions;
  readonly settings: Settings;
}

/** What an objection would lead to, before it is asked what the room permits. */
interface Weighed {
  readonly objection: Objection;
  readonly total: number;
  readonly wanted: Consequence;
  readonly capped: Permitted;
  readonly ceiling: Consequence | undefined;
}

/**
 * What follows from objections of one mode to the same thing; the same in every mode, live and in a back-test. Nothing happens
 * here.
 *
 * What several rules say of one line is one matter: the one counts of which the most follows, and its points are those of the
 * case; else whoever writes a long line in capitals would pay three times.
 *
 * One flood makes one case: what is no worse and comes within the merge window after a case of the same mode belongs to that
 * case and adds no points. The window does not slide, so a flood that goes on leads further up the ladder, a case at a time.
 */
export function decide(objections: Objections, around: Circumstances): Decision {
  const { at, earlier, power, facts, actions, settings } = around;
  const [first, ...more] = objections;
  const main = more.map((one) => weigh(one, around)).reduce(worse, weigh(first, around));
  const { objection, total, wanted, capped, ceiling } = main;
  const open = earlier.findLast(
    (one) =>
      one.rule !== undefined &&
      one.mode === objection.mode &&
      one.points >= objection.points &&
      !isLower(one.atMost, ceiling) &&
      at - one.at < settings.config.mergeMs,
  );
  if (open !== undefined) return { how: 'merge', into: open.id, objection };
  const here = permitted(capped.consequence, power, facts, actions);
  const instead = [capped.instead, here.instead].filter((text) => text !== undefined).join('; ');
  const of = consequenceOf(here.consequence);
  const forMs = of.kind === 'action' ? undefined : of.forMs;
  return {
    how: 'open',
    objection,
    also: objections.filter((one) => one !== objection),
    outcome: {
      total,
      wanted,
      consequence: here.consequence,
      ...(instead !== '' && { instead }),
      ...(forMs !== undefined && { until: at + forMs }),
      ...(ceiling !== undefined && { atMost: ceiling }),
    },
  };
}

function weigh(objection: Objection, { room, at, earlier, settings }: Circumstances): Weighed {
  const { mode, points, rule } = objection;
  const total = standingAccount(earlier, at, { room, mode, settings }, points);
  const wanted = stepAt(settings.ladder(room), total);
  const [said, set] = [objection.atMost, settings.rule(rule, room).atMost];
  const ceiling = isLower(set, said) ? set : said;
  return { objection, total, wanted, capped: atMost(wanted, ceiling), ceiling };
}

/** The worse of two; of equals that with more points. */
function worse(one: Weighed, other: Weighed): Weighed {
  const [of, than] = [consequenceOf(one.capped.consequence), consequenceOf(other.capped.consequence)];
  if (exceeds(of, than)) return one;
  if (exceeds(than, of)) return other;
  return other.objection.points > one.objection.points ? other : one;
}

/** Whether a ceiling lets less through than another; undefined is none. */
function isLower(one: Consequence | undefined, other: Consequence | undefined): boolean {
  if (one === undefined) return false;
  return other === undefined || exceeds(consequenceOf(other), consequenceOf(one));
}
