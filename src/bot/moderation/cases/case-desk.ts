import type { Case, CaseState } from '../../../plugins/api/cases.ts';
import type { NewCase, NewLogEntry } from '../../store/case-rows.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Caps } from '../consequences/caps.ts';
import { consequenceOf } from '../consequences/consequence.ts';
import type { Enactor } from '../consequences/enactor.ts';
import type { KillSwitch } from '../consequences/kill-switch.ts';
import type { Suggestions } from './suggestions.ts';

export interface CaseDeskOptions {
  readonly book: CaseBook;
  readonly enactor: Enactor;
  readonly kill: KillSwitch;
  readonly caps: Caps;
  readonly suggestions: Suggestions;
}

/** A case before it has a number. `state` is what follows from its mode. */
export type Draft = Omit<NewCase, 'id' | 'state'>;

/**
 * The one place where a decision becomes a deed, or does not: modes, the kill switch and caps live here and nowhere else, so
 * that whatever was decided is the same in all of them.
 */
export class CaseDesk {
  readonly #options: CaseDeskOptions;
  #last = 0;

  constructor(options: CaseDeskOptions) {
    this.#options = options;
  }

  /** Before anything else. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    this.#last = await this.#options.book.lastId();
  }

  /**
   * What a rule has led to. Resolves when it is written down; what follows goes on.
   * @throws StoreError (as rejection): nothing happens then, since what is not written down must not be done.
   */
  async decided(draft: Draft, log: readonly NewLogEntry[]): Promise<number> {
    const { enactor, caps, suggestions } = this.#options;
    const { state, why } = this.#whatNow(draft);
    const entries =
      why === undefined ? log : [...log, { at: draft.at, actor: 'bot', what: state, detail: why }];
    if (state === 'acting') caps.note(draft.consequence, draft.at);
    const id = await this.#insert(draft, state, entries);
    if (state === 'acting') void enactor.enact(id);
    if (state === 'suggested') suggestions.ask(id);
    return id;
  }

  /** What a person commands. Resolves when it is done, or has failed, or its outcome is not known at once. */
  async commanded(draft: Draft, problem: string | undefined): Promise<Case> {
    const { enactor, caps, book } = this.#options;
    const entry = { at: draft.at, actor: draft.actor, what: 'commanded', detail: draft.reason };
    const refused =
      problem === undefined ? [] : [{ at: draft.at, actor: 'bot', what: 'failed', detail: problem }];
    const id = await this.#insert(draft, problem === undefined ? 'acting' : 'failed', [entry, ...refused]);
    if (problem === undefined) {
      caps.note(draft.consequence, draft.at);
      await enactor.enact(id);
    }
    return (await book.get(id))!;
  }

  /** Something that happened without the bot. */
  async observed(draft: Draft): Promise<void> {
    await this.#insert(draft, 'done', [{ at: draft.at, actor: draft.actor, what: 'observed' }]);
  }

  #whatNow({ mode, consequence, at }: Draft): { readonly state: CaseState; readonly why?: string } {
    const { kill, caps } = this.#options;
    const { kind } = consequenceOf(consequence);
    const halt = kill.halted;
    if (halt !== undefined) return { state: 'noted', why: `moderation is halted: ${halt.reason}` };
    if (mode === 'shadow' || kind === 'note') return { state: 'noted' };
    // Telling staff is what a suggestion does anyway.
    if (mode === 'suggest') return { state: kind === 'report' ? 'acting' : 'suggested' };
    const problem = caps.problem(consequence, at);
    return problem === undefined ? { state: 'acting' } : { state: 'suggested', why: problem };
  }

  async #insert(draft: Draft, state: CaseState, log: readonly NewLogEntry[]): Promise<number> {
    this.#last += 1;
    const id = this.#last;
    await this.#options.book.insert({ ...draft, id, state }, log);
    return id;
  }
}
