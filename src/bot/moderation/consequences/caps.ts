import type { Case } from '../../../plugins/api/cases.ts';
import { consequenceOf } from './consequence.ts';

const HOUR_MS = 3_600_000;

type Capped = 'removals' | 'warnings';

/** What of the caps a consequence counts against. */
export function cappedAs(consequence: Case['consequence']): Capped | undefined {
  const { kind } = consequenceOf(consequence);
  if (kind === 'remove') return 'removals';
  return kind === 'warn' || kind === 'warn-room' ? 'warnings' : undefined;
}

/** How much was done in the last hour. What people command counts too, and is never held up. */
export class Caps {
  readonly #most: Readonly<Record<Capped, number>>;
  readonly #times: Record<Capped, number[]> = { removals: [], warnings: [] };

  constructor(most: Readonly<Record<Capped, number>>) {
    this.#most = most;
  }

  /** Something was done, or is begun. */
  note(consequence: Case['consequence'], at: number): void {
    const what = cappedAs(consequence);
    if (what !== undefined) this.#times[what].push(at);
  }

  /** Why a rule must not do it by itself now; undefined: it may. */
  problem(consequence: Case['consequence'], at: number): string | undefined {
    const what = cappedAs(consequence);
    if (what === undefined) return undefined;
    const recent = this.#times[what].filter((time) => time > at - HOUR_MS);
    this.#times[what] = recent;
    if (recent.length < this.#most[what]) return undefined;
    return `${recent.length} ${what} within an hour are as many as moderation.caps allows`;
  }
}
