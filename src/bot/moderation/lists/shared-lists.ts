import type { StatePort } from '../../../network/ports.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { RuleJoin, RuleLine, Verdict } from '../../../plugins/api/rule.ts';
import type { RulesService } from '../../../plugins/host/services.ts';
import type { RuleSpec } from '../../../plugins/host/wire.ts';
import type { ListSource } from './list-source.ts';
import { type ListConfig, type ListStatus, Subscriptions } from './subscriptions.ts';

export interface SharedListsOptions {
  readonly lists: readonly ListConfig[];
  readonly rules: RulesService;
  readonly source: ListSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly state: StatePort;
}

/** The rule of a list, as `moderation.rules` names it. */
export const listRule = (id: string): string => `list-${id}`;

/**
 * Watch lists as rules: each is one of its own, `core/list-ID`, with its mode, and never leads to more than its ceiling. It judges
 * who comes into a room, once each time; who is inside already when a list names them is judged when they come again.
 */
export class SharedLists {
  readonly #options: SharedListsOptions;
  readonly #subscriptions: Subscriptions;
  #undo: (() => void)[] = [];

  constructor(options: SharedListsOptions) {
    this.#options = options;
    this.#subscriptions = new Subscriptions(options);
  }

  /** Never rejects. */
  async open(): Promise<void> {
    if (this.#options.lists.length === 0) return;
    await this.#subscriptions.start();
    for (const list of this.#options.lists) {
      const undo = this.#options.rules.add('core', specOf(list), async (what) => this.#check(list, what));
      this.#undo.push(undo);
    }
  }

  close(): void {
    this.#subscriptions.stop();
    for (const undo of this.#undo.splice(0)) undo();
  }

  status(): readonly ListStatus[] {
    return this.#subscriptions.status();
  }

  #check({ id, atMost }: ListConfig, { user, room }: RuleJoin | RuleLine): Verdict | undefined {
    const match = this.#subscriptions.matches(user, room.name).find((each) => each.id === id);
    if (match === undefined) return undefined;
    return {
      points: match.points,
      reason: oneLine(`on the list "${match.list}": ${match.reason}`),
      atMost,
    };
  }
}

/** Others wrote it: nothing in it may end a line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').slice(0, 300);

function specOf({ id, rooms }: ListConfig): RuleSpec {
  return {
    id: listRule(id),
    summary: `Who is on the watch list ${id}`,
    version: '1',
    on: 'join',
    exempt: [],
    ...(rooms === undefined ? {} : { rooms }),
  };
}
