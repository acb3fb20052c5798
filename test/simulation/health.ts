import type { Outcome } from './ledger.ts';
import { mustBeWhole, type Timetable } from './timetable.ts';

/** Problems described one by one. */
const MOST_PROBLEMS = 10;

/** Judges searches, in the order in which they were made: whether they reached everybody once when they had to. */
export class Health {
  /** Until when things went wrong before the first storm, milliseconds since the start. */
  formingMs = 0;
  /** The longest time from the end of a storm until things last went wrong. */
  healingMs = 0;
  /** Searches that had to reach everybody. */
  judged = 0;
  readonly problems: string[] = [];
  readonly #timetable: Timetable;
  readonly #nodes: number;
  #failed = 0;

  constructor(timetable: Timetable, nodes: number) {
    this.#timetable = timetable;
    this.#nodes = nodes;
  }

  add({ record, expected, missed, repeated }: Outcome): void {
    const { at, searcher, token } = record;
    const strict = mustBeWhole(this.#timetable, at);
    if (strict) this.judged++;
    const whole = expected === this.#nodes - 1 && missed.length === 0 && repeated.length === 0;
    if (whole) return;
    const storm = this.#timetable.storms.findLast(({ from }) => at >= from);
    if (storm === undefined) this.formingMs = at;
    else if (at >= storm.to) this.healingMs = Math.max(this.healingMs, at - storm.to);
    if (!strict || ++this.#failed > MOST_PROBLEMS) return;
    const hours = (at / 3_600_000).toFixed(3);
    this.problems.push(
      `search ${token} of node${searcher} at hour ${hours}: of ${this.#nodes - 1} nodes ${expected} were online, ` +
        `${missed.length} missed it${few(missed)}, ${repeated.length} got it again${few(repeated)}`,
    );
  }
}

const few = (nodes: readonly number[]): string =>
  nodes.length === 0 ? '' : ` (${nodes.slice(0, 5).join(', ')}${nodes.length > 5 ? ', …' : ''})`;
