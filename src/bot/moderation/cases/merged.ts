import type { Clock } from '../../../platform/clock.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Objection } from '../rules/verdicts.ts';

/** What came on top of these cases is counted; older ones get no more of it. */
const MAX_COUNTED = 500;

/** Counts what belongs to a case already, and notes it in the log now and then: at 1, 2, 5, 10, 20, 50, 100, … */
export class Merged {
  readonly #clock: Clock;
  readonly #book: Pick<CaseBook, 'change'>;
  readonly #counts = new Map<number, number>();

  constructor(clock: Clock, book: Pick<CaseBook, 'change'>) {
    this.#clock = clock;
    this.#book = book;
  }

  /** @throws StoreError (as rejection). */
  async note(id: number, { rule, reason }: Objection): Promise<void> {
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.delete(id);
    this.#counts.set(id, count);
    if (this.#counts.size > MAX_COUNTED) this.#counts.delete(this.#counts.keys().next().value!);
    if (!/^[125]0*$/.test(String(count))) return;
    const times = count === 1 ? 'once' : `${count} times`;
    const detail = `${times} more by now, lately: ${reason} (${rule})`;
    await this.#book.change(id, {}, { at: this.#clock.now(), actor: 'rule', what: 'again', detail });
  }
}
