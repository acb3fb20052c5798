import type { Clock } from '../../../platform/clock.ts';
import type { Case, CaseState } from '../../../plugins/api/cases.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Trust } from '../rules/trust.ts';
import type { Voice } from '../voice.ts';
import { staffTitle } from './case-texts.ts';
import type { TakeBack, TakenBack } from './take-back.ts';

export interface AppealsOptions {
  readonly clock: Clock;
  readonly book: CaseBook;
  readonly takeBack: TakeBack;
  readonly trust: Trust;
  readonly voice: Voice;
}

/** How long after a case it may be appealed against, in milliseconds. */
const APPEAL_MS = 30 * 86_400_000;
/** Of others the person has never heard. */
const KNOWN_TO_PERSON: readonly CaseState[] = ['acting', 'done', 'failed', 'undone', 'pardoned'];

/** What people say against decisions about them, and what becomes of it. */
export class Appeals {
  readonly #options: AppealsOptions;

  constructor(options: AppealsOptions) {
    this.#options = options;
  }

  /** @throws PluginError `not-found` (as rejection) for what is not about them, or what they never heard of; StoreError. */
  async appeal(of: Case | undefined, id: number, user: string, text: string): Promise<TakenBack> {
    const { clock, book, voice } = this.#options;
    if (of?.user !== user || !KNOWN_TO_PERSON.includes(of.state))
      throw new PluginError('not-found', `there is no case ${id} about ${user}`);
    const at = clock.now();
    if (of.appeal !== undefined)
      return { ok: false, message: `you have appealed against case ${id} already` };
    if (of.state === 'pardoned') return { ok: false, message: `case ${id} is pardoned already` };
    if (at - of.at > APPEAL_MS) return { ok: false, message: `case ${id} is too old for an appeal` };
    const entry = { at, actor: user, what: 'appealed', detail: text };
    await book.change(id, { appeal: { state: 'open', text } }, entry);
    await voice.staff({
      key: `appeal-${id}`,
      title: staffTitle(of, `${user} appeals. !appeal ${id} grant or reject`),
      lines: [text],
      urgent: true,
    });
    return { ok: true, message: `your appeal against case ${id} is with the staff` };
  }

  /** @throws StoreError (as rejection). */
  async answer(of: Case, actor: string, answer: 'grant' | 'reject', note?: string): Promise<TakenBack> {
    const { clock, book, takeBack, trust, voice } = this.#options;
    if (of.appeal?.state !== 'open')
      return { ok: false, message: `there is no open appeal against case ${of.id}` };
    const state = answer === 'grant' ? 'granted' : 'rejected';
    // First: a process that ends in between leaves an appeal that is open, not one that is granted and changes nothing.
    const pardon =
      answer === 'grant' && of.state !== 'pardoned' ? await takeBack.pardon(of, actor, note) : { ok: true };
    const pardoned = (await book.get(of.id))?.state === 'pardoned';
    if (answer === 'grant' && !pardoned) return pardon;
    const detail = note === undefined ? {} : { detail: note };
    const entry = { at: clock.now(), actor, what: `appeal ${state}`, ...detail };
    await book.change(of.id, { appeal: { state } }, entry);
    const why = note === undefined ? '' : `: ${note}`;
    const text =
      answer === 'grant'
        ? `Your appeal against case ${of.id} was granted${why}. It does not count any more.`
        : `Your appeal against case ${of.id} was rejected${why}.`;
    if (answer === 'grant' && of.rule !== undefined) await trust.overturned(of.rule);
    await voice.tell(of.user, text, `core/appeal-${of.id}`);
    const message = `appeal against case ${of.id} ${state}`;
    return pardon.ok
      ? { ok: true, message }
      : { ok: false, message: `${message}; but what it led to could not be taken back: see its log` };
  }
}
