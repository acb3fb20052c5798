import type { Consequence } from '../../../plugins/api/cases.ts';
import { formatDuration, parseDuration } from '../../../plugins/api/duration.ts';
import { nearestKey } from '../../../plugins/api/schema/nearest-key.ts';

/** The bot's own, from mild to severe. */
export const OWN_CONSEQUENCES = ['note', 'report', 'warn', 'warn-room', 'ignore', 'remove'] as const;
type OwnConsequence = (typeof OWN_CONSEQUENCES)[number];

/** A consequence, taken apart. */
export type ConsequenceKind =
  | {
      readonly kind: OwnConsequence;
      /** How long, in milliseconds; of `ignore` and `remove` only. Absent: for good. */
      readonly forMs?: number;
    }
  /** `plugin/action`, as a plugin added it. */
  | { readonly kind: 'action'; readonly name: string };

/** What is wrong with the text of a consequence. */
export interface ConsequenceProblem {
  readonly problem: string;
  readonly nearest?: string;
}

const LEAST_MS = 60_000;
const MOST_MS = 366 * 86_400_000;
const ACTION = /^[A-Za-z0-9][\w.-]{0,63}\/[a-z0-9][a-z0-9-]{0,31}$/;

/** Reads `warn`, `remove:1h`, `remove`, `my-plugin/my-action`. */
export function readConsequence(text: string): ConsequenceKind | ConsequenceProblem {
  if (text.includes('/')) {
    if (ACTION.test(text)) return { kind: 'action', name: text };
    return { problem: 'expected PLUGIN/ACTION, the id of a plugin and of an action that it adds' };
  }
  const [name = '', time, ...more] = text.split(':');
  const kind = OWN_CONSEQUENCES.find((own) => own === name);
  if (kind === undefined) {
    const nearest = nearestKey(name, OWN_CONSEQUENCES);
    return {
      problem: `expected ${OWN_CONSEQUENCES.join(', ')} or PLUGIN/ACTION`,
      ...(nearest !== undefined && { nearest: time === undefined ? nearest : `${nearest}:${time}` }),
    };
  }
  if (time === undefined) return { kind };
  if (kind !== 'ignore' && kind !== 'remove') return { problem: `${kind} takes no time`, nearest: kind };
  const forMs = more.length > 0 ? undefined : parseDuration(time);
  if (forMs === undefined || forMs < LEAST_MS || forMs > MOST_MS)
    return { problem: `expected ${kind}:TIME with a time from 1m to 366d, such as ${kind}:1h` };
  return { kind, forMs };
}

/** Undoes {@link readConsequence}. */
export function consequenceText(of: ConsequenceKind): Consequence {
  if (of.kind === 'action') return of.name;
  return of.forMs === undefined ? of.kind : `${of.kind}:${formatDuration(of.forMs)}`;
}

/** Of what is known to be one, such as what the config or the store holds; anything else counts as `report`. */
export function consequenceOf(text: Consequence): ConsequenceKind {
  const read = readConsequence(text);
  return 'problem' in read ? { kind: 'report' } : read;
}

/** How severe it is: what a ceiling compares. An action of a plugin counts as much as `ignore`. */
export function severityOf(of: ConsequenceKind): number {
  if (of.kind === 'action') return severityOf({ kind: 'ignore' });
  // For good is more than for a time.
  return OWN_CONSEQUENCES.indexOf(of.kind) * 2 + (of.forMs === undefined ? 1 : 0);
}

/** Whether one is more than another: more severe, or as severe for a longer time. */
export function exceeds(one: ConsequenceKind, other: ConsequenceKind): boolean {
  const more = severityOf(one) - severityOf(other);
  return more > 0 || (more === 0 && timeOf(one) > timeOf(other));
}

const timeOf = (of: ConsequenceKind): number =>
  of.kind === 'action' ? 0 : (of.forMs ?? Number.POSITIVE_INFINITY);

/** Whether something goes on until it ends or is undone. */
export function lasts(of: ConsequenceKind): boolean {
  return of.kind === 'ignore' || of.kind === 'remove';
}
