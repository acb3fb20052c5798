import type { RuleLine } from '../../../plugins/api/rule.ts';
import { KeyedQueue } from '../../runtime/keyed-queue.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Actions } from '../consequences/actions.ts';
import type { PowerBook } from '../power/power-book.ts';
import type { Arrival } from '../rules/room-memory.ts';
import type { Settings } from '../rules/settings.ts';
import type { Objections } from '../rules/verdicts.ts';
import type { CaseDesk } from './case-desk.ts';
import { decide } from './decide.ts';
import type { Merged } from './merged.ts';

export interface FromRulesOptions {
  readonly book: CaseBook;
  readonly desk: CaseDesk;
  readonly merged: Merged;
  readonly settings: Settings;
  readonly power: PowerBook;
  readonly actions: Actions;
}

/** Makes cases of what rules object to. */
export class FromRules {
  readonly #options: FromRulesOptions;
  /** One after the other per person and room: each counts what was decided before. */
  readonly #lanes = new KeyedQueue();

  constructor(options: FromRulesOptions) {
    this.#options = options;
  }

  /** @throws StoreError (as rejection): nothing follows then. */
  decide(objections: Objections, { what }: Arrival, lines: readonly RuleLine[]): Promise<void> {
    const lane = JSON.stringify([what.room.name, what.user]);
    return this.#lanes.run(lane, () => this.#decide(objections, what, lines));
  }

  async #decide(objections: Objections, what: Arrival['what'], lines: readonly RuleLine[]): Promise<void> {
    const { book, desk, merged, settings, power, actions } = this.#options;
    const { user, at } = what;
    const room = what.room.name;
    const decision = decide(objections, {
      room,
      at,
      earlier: await book.gists(user, room),
      power: power.power(room),
      facts: power.facts(room),
      actions,
      settings,
    });
    if (decision.how === 'merge') {
      await merged.note(decision.into, decision.objection);
      return;
    }
    const { objection, also, outcome } = decision;
    const { rule, version, mode, points, reason, evidence } = objection;
    const draft = {
      room,
      user,
      at,
      rule,
      ruleVersion: version,
      points,
      reason,
      ...(evidence !== undefined && { evidence }),
      lines: lines.map((line) => ({ at: line.at, user: line.user, text: line.text })),
      mode,
      actor: 'rule',
      ...outcome,
    };
    const others = also.map((one) => ({
      at,
      actor: 'rule',
      what: 'also',
      detail: `${one.rule}: ${one.reason} (${one.points} points, not counted)`,
    }));
    await desk.decided(draft, others);
  }
}
