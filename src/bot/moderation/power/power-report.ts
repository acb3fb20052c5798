import type { RoomPower } from '../../../plugins/api/cases.ts';
import type { RuleRecord } from '../../store/cases.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { modeOf, type Settings } from '../rules/settings.ts';
import { type KnownActions, permitted } from './permitted.ts';
import { powerIn, powerText, type RoomFacts } from './power.ts';

/** What each rule and each step of the ladder could do in a room. */
export function powerReport(
  facts: RoomFacts,
  around: {
    readonly settings: Settings;
    readonly rules: RuleBook;
    readonly actions: KnownActions;
    readonly records: readonly RuleRecord[];
  },
): RoomPower {
  const { settings, rules, actions, records } = around;
  const { room } = facts;
  const power = powerIn(facts);
  return {
    room,
    power,
    summary: powerText(power, facts),
    mode: modeOf(settings.ceiling(room)) ?? 'shadow',
    ladder: settings.ladder(room).map(({ points, consequence: wanted }) => {
      const { consequence: possible, instead } = permitted(wanted, power, facts, actions);
      return { points, wanted, possible, ...(instead !== undefined && { instead }) };
    }),
    rules: rules.all.flatMap(({ name, spec }) => {
      const mode = modeOf(settings.rule(name, room).mode);
      if (mode === undefined || spec.rooms?.includes(room) === false) return [];
      const record = records.find((one) => one.rule === name && one.room === room);
      const { cases = 0, overturned = 0 } = record ?? {};
      return [{ rule: name, summary: spec.summary, mode, cases, overturned }];
    }),
  };
}
