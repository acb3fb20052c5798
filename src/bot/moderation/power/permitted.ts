import type { Consequence, Power } from '../../../plugins/api/cases.ts';
import { consequenceOf, consequenceText, exceeds } from '../consequences/consequence.ts';
import { powerText, type RoomFacts, whyNoRemoval } from './power.ts';

/** Consequences that plugins add, as far as is known. */
export interface KnownActions {
  /** @returns undefined: there is no such action. `powers` absent: everywhere. */
  get(name: string): { readonly powers?: readonly Power[] } | undefined;
}

export interface Permitted {
  readonly consequence: Consequence;
  /** Why it is not what was wanted, in words. */
  readonly instead?: string;
}

/** What a room permits of a consequence. */
export function permitted(
  wanted: Consequence,
  power: Power,
  facts: Pick<RoomFacts, 'room' | 'refusal'>,
  actions: KnownActions,
): Permitted {
  const of = consequenceOf(wanted);
  if (of.kind === 'action') {
    const action = actions.get(of.name);
    if (action === undefined)
      return { consequence: 'report', instead: `no plugin that runs has the action ${of.name}` };
    if (action.powers !== undefined && !action.powers.includes(power))
      return {
        consequence: 'report',
        instead: `${of.name} is not for such rooms: ${powerText(power, facts)}`,
      };
    return { consequence: wanted };
  }
  if (of.kind === 'remove') {
    const why = whyNoRemoval(power, facts);
    return why === undefined ? { consequence: wanted } : { consequence: 'report', instead: why };
  }
  const outside = power === 'absent' || power === 'refused' || power === 'moderated';
  if (of.kind === 'warn-room' && outside)
    return { consequence: 'warn', instead: `${powerText(power, facts)}; the warning goes to the person` };
  return { consequence: wanted };
}

/** Applies the ceiling of a rule. */
export function atMost(wanted: Consequence, ceiling: Consequence | undefined): Permitted {
  if (ceiling === undefined) return { consequence: wanted };
  const [of, limit] = [consequenceOf(wanted), consequenceOf(ceiling)];
  if (!exceeds(of, limit)) return { consequence: wanted };
  const text = consequenceText(limit);
  return { consequence: text, instead: `this rule leads to ${text} at most` };
}
