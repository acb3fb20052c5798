import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Case, CaseState } from '../../../plugins/api/cases.ts';
import type { CaseBook } from '../../store/cases.ts';
import { consequenceOf, lasts } from '../consequences/consequence.ts';
import type { Effects } from '../consequences/effects.ts';

export interface TakeBackOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: CaseBook;
  readonly effects: Effects;
}

/** What came of it; a message when nothing did. */
export interface TakenBack {
  readonly ok: boolean;
  readonly message?: string;
}

const UNDER_WAY: readonly CaseState[] = ['acting', 'done'];

/** Undoing and pardoning. What was decided stays written down. */
export class TakeBack {
  readonly #options: TakeBackOptions;

  constructor(options: TakeBackOptions) {
    this.#options = options;
  }

  /** @throws StoreError (as rejection). */
  async undo(of: Case, actor: string, note?: string): Promise<TakenBack> {
    if (!UNDER_WAY.includes(of.state))
      return { ok: false, message: `case ${of.id} is ${of.state}: there is nothing to take back` };
    if (of.actor === 'unknown operator')
      return { ok: false, message: 'that was not my doing; !invite brings them back' };
    return this.#end(of, 'undone', actor, note);
  }

  /** @throws StoreError (as rejection). */
  async pardon(of: Case, actor: string, note?: string): Promise<TakenBack> {
    if (of.state === 'pardoned') return { ok: false, message: `case ${of.id} is pardoned already` };
    return this.#end(of, 'pardoned', actor, note);
  }

  /** Goes on with what an earlier run did not get to. @throws StoreError (as rejection). */
  async takeUp(): Promise<void> {
    const { book, log } = this.#options;
    for (const of of await book.toTakeBack()) {
      const actor = of.log.findLast(({ what }) => what === of.state)?.actor ?? 'bot';
      try {
        await this.#carryOut(of, actor);
      } catch (error) {
        log.error('What a case led to could not be taken back', { case: of.id, error });
      }
    }
  }

  async #end(of: Case, state: 'undone' | 'pardoned', actor: string, note?: string): Promise<TakenBack> {
    const { clock, book } = this.#options;
    const what = consequenceOf(of.consequence);
    const inForce = UNDER_WAY.includes(of.state) && of.actor !== 'unknown operator';
    const needed = inForce && (lasts(what) || what.kind === 'action' || state === 'undone');
    const change = { state, toTakeBack: needed, ...(state === 'pardoned' && { void: true }) };
    const said = { at: clock.now(), actor, what: state, ...(note !== undefined && { detail: note }) };
    if (!(await book.change(of.id, change, said, [of.state])))
      return { ok: false, message: `case ${of.id} has changed meanwhile; look again` };
    return needed ? this.#carryOut(of, actor) : { ok: true };
  }

  async #carryOut(of: Case, actor: string): Promise<TakenBack> {
    const { clock, book, effects } = this.#options;
    const effect = await effects.undo(of, actor);
    const { state, detail } = effect;
    const entry = { at: clock.now(), actor: 'bot', what: state, ...(detail !== undefined && { detail }) };
    await book.change(of.id, state === 'later' ? {} : { toTakeBack: false }, entry);
    return { ok: state === 'done' };
  }
}
