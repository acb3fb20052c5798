import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Case } from '../../../plugins/api/cases.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Caps } from '../consequences/caps.ts';
import { consequenceOf } from '../consequences/consequence.ts';
import type { Enactor } from '../consequences/enactor.ts';
import type { KillSwitch } from '../consequences/kill-switch.ts';
import type { Voice } from '../voice.ts';
import { consequenceWords, outcomeText, staffLines, staffTitle } from './case-texts.ts';

export interface SuggestionsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: CaseBook;
  readonly enactor: Enactor;
  readonly kill: KillSwitch;
  readonly caps: Caps;
  readonly voice: Voice;
  /** How long staff have. */
  readonly patienceMs: number;
}

/** What staff are asked, until they answer or it is too late. */
export class Suggestions {
  readonly #options: SuggestionsOptions;
  /** When each lapses. */
  readonly #open = new Map<number, number>();
  readonly #work = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: SuggestionsOptions) {
    this.#options = options;
  }

  get active(): number {
    return this.#work.size;
  }

  /** Takes up what an earlier run asked. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    const { book, patienceMs } = this.#options;
    for (const of of await book.inState('suggested')) {
      this.#open.set(of.id, of.at + patienceMs);
      // Whether it was told before the process ended is the notices' business: they tell each key once.
      this.#run(this.#tell(of));
    }
    this.#schedule();
  }

  /** Asks staff about a case that was just written down. Never throws. */
  ask(id: number): void {
    const { clock, book, patienceMs } = this.#options;
    this.#open.set(id, clock.now() + patienceMs);
    this.#schedule();
    this.#run(
      book.get(id).then(async (of) => {
        if (of !== undefined) await this.#tell(of);
      }),
    );
  }

  /** Staff's answer. @returns what became of it, and whether the answer came to anything. */
  async answer(of: Case, actor: string, answer: 'yes' | 'no'): Promise<{ ok: boolean; message?: string }> {
    const { clock, book, enactor, kill, caps } = this.#options;
    const at = clock.now();
    if (answer === 'no') {
      const entry = { at, actor, what: 'declined' };
      const ok = await book.change(of.id, { state: 'declined', void: true }, entry, ['suggested']);
      this.#closed(of.id);
      return { ok };
    }
    if (kill.halted !== undefined && of.state === 'suggested')
      return { ok: false, message: `moderation is halted (${kill.halted.reason}); resume it first` };
    const what = consequenceOf(of.consequence);
    const forMs = what.kind === 'action' ? undefined : what.forMs;
    const change = { state: 'acting', ...(forMs !== undefined && { until: at + forMs }) } as const;
    const begun = await book.change(of.id, change, { at, actor, what: 'approved' }, ['suggested']);
    this.#closed(of.id);
    if (!begun) return { ok: false };
    caps.note(of.consequence, at);
    await enactor.enact(of.id);
    const after = await book.get(of.id);
    return { ok: after?.state === 'done' || after?.state === 'acting' };
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#work);
  }

  async #tell(of: Case): Promise<void> {
    const what = `${consequenceWords(of)}? !yes ${of.id} or !no ${of.id}`;
    const told = await this.#options.voice.staff({
      key: `suggest-${of.id}`,
      title: staffTitle(of, what),
      lines: staffLines(of),
      urgent: true,
    });
    if (!told) this.#options.log.warn('There are no staff to ask', { case: of.id, what: outcomeText(of) });
  }

  #closed(id: number): void {
    this.#open.delete(id);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped || this.#open.size === 0) return;
    const { clock } = this.#options;
    const next = Math.min(...this.#open.values());
    this.#timer = clock.setTimeout(() => this.#run(this.#lapse()), Math.max(0, next - clock.now()));
  }

  async #lapse(): Promise<void> {
    const { clock, book } = this.#options;
    const at = clock.now();
    for (const [id, until] of [...this.#open]) {
      if (until > at) continue;
      const entry = { at, actor: 'bot', what: 'lapsed', detail: 'nobody answered in time' };
      await book.change(id, { state: 'lapsed' }, entry, ['suggested']);
      this.#open.delete(id);
    }
    this.#schedule();
  }

  #run(work: Promise<void>): void {
    const guarded: Promise<void> = work
      .catch((error: unknown) => {
        this.#options.log.error('Staff could not be asked', { error });
      })
      .finally(() => this.#work.delete(guarded));
    this.#work.add(guarded);
  }
}
