import type { Consequence, ModerationMode } from '../../../plugins/api/cases.ts';
import type { Verdict } from '../../../plugins/api/rule.ts';
import type { Rule } from './rule-book.ts';
import { modeOf, type Settings } from './settings.ts';

/** What a rule thinks of something, and in which mode it does. */
export interface Objection {
  readonly rule: string;
  readonly version: string;
  readonly mode: ModerationMode;
  /** With the rule's weight. */
  readonly points: number;
  readonly reason: string;
  readonly evidence?: string;
  /** Nothing more severe follows from it. */
  readonly atMost?: Consequence;
}

/** What rules of one mode say of one thing. */
export type Objections = readonly [Objection, ...Objection[]];

const MAX_POINTS = 1_000;

/** @returns undefined when the rule is off here. */
export function objection(
  { name, spec }: Rule,
  { points, reason, evidence, atMost }: Verdict,
  settings: Settings,
  room: string,
): Objection | undefined {
  const here = settings.rule(name, room);
  const mode = modeOf(here.mode);
  if (mode === undefined) return undefined;
  return {
    rule: name,
    version: spec.version,
    mode,
    points: Math.min(MAX_POINTS, Math.round(points * (here.weight ?? 1) * 1_000) / 1_000),
    reason,
    ...(evidence !== undefined && { evidence }),
    ...(atMost !== undefined && { atMost }),
  };
}

/** Modes stay apart, since a rule in shadow must change nothing for others. */
export function byMode(objections: readonly Objection[]): readonly Objections[] {
  return (['live', 'suggest', 'shadow'] as const).flatMap((mode) => {
    const [first, ...more] = objections.filter((one) => one.mode === mode);
    return first === undefined ? [] : [[first, ...more] as const];
  });
}
