import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Case } from '../../../plugins/api/cases.ts';
import type { CaseBook } from '../../store/cases.ts';
import { type People, protectionText } from '../people.ts';
import type { PowerBook } from '../power/power-book.ts';
import { consequenceOf } from './consequence.ts';
import type { Effect } from './effect.ts';
import type { Effects } from './effects.ts';
import type { KillSwitch } from './kill-switch.ts';

export interface EnactorOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: Pick<CaseBook, 'change' | 'get' | 'inState'>;
  readonly effects: Pick<Effects, 'apply' | 'undo'>;
  readonly people: People;
  readonly power: PowerBook;
  readonly kill: KillSwitch;
}

/** Something whose outcome is not known is looked at again after these times, in milliseconds; then it has failed. */
const AGAIN_MS = [20_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000];

/**
 * Sees cases in the state `acting` through to their end: begun when they are decided, taken up again after a restart, looked at
 * again when the server did not answer. What is done is found done, so nothing is done twice.
 */
export class Enactor {
  readonly #options: EnactorOptions;
  /** Under way, by case. */
  readonly #running = new Map<number, Promise<void>>();
  /** To be looked at again: how often it was, and when it is due. */
  readonly #again = new Map<number, { readonly tries: number; readonly at: number }>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: EnactorOptions) {
    this.#options = options;
  }

  get active(): number {
    return this.#running.size;
  }

  /** Begins, or goes on. Resolves after this attempt. Never rejects. */
  enact(id: number): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    if (this.#stopped) return Promise.resolve();
    const attempt = this.#attempt(id).finally(() => {
      this.#running.delete(id);
      this.#schedule();
    });
    this.#running.set(id, attempt);
    return attempt;
  }

  /** Takes up what an earlier run or a halt left. @param room only there @throws StoreError (as rejection). */
  async takeUp(room?: string): Promise<void> {
    const left = await this.#options.book.inState('acting');
    await Promise.all(
      left.flatMap((of) => (room === undefined || of.room === room ? [this.enact(of.id)] : [])),
    );
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#running.values());
  }

  async #attempt(id: number): Promise<void> {
    const { clock, log, book, effects, kill } = this.#options;
    try {
      const of = await book.get(id);
      // What is halted is taken up when rules go on.
      if (of?.state !== 'acting' || (kill.halted !== undefined && of.actor === 'rule')) {
        this.#again.delete(id);
        return;
      }
      const effect = this.#guard(of) ?? (await this.#apply(of));
      const at = clock.now();
      const { tries = 0 } = this.#again.get(id) ?? {};
      const wait = AGAIN_MS[tries];
      if (effect.state === 'later' && wait !== undefined) {
        if (tries === 0)
          await book.change(id, {}, { at, actor: 'bot', what: 'waiting', detail: effect.detail });
        this.#again.set(id, { tries: tries + 1, at: at + wait });
        return;
      }
      this.#again.delete(id);
      const state = effect.state === 'done' ? 'done' : 'failed';
      const { detail } = effect;
      const entry = { at, actor: 'bot', what: state, ...(detail !== undefined && { detail }) };
      if (await book.change(id, { state }, entry, ['acting'])) return;
      // Somebody took it back while it was done.
      const taken = await book.get(id);
      if (
        effect.state === 'done' &&
        taken !== undefined &&
        (taken.state === 'undone' || taken.state === 'pardoned')
      )
        await effects.undo(taken, 'bot', true);
    } catch (error) {
      log.error('What became of a case could not be read or written down', { case: id, error });
      const { tries = 0 } = this.#again.get(id) ?? {};
      const wait = AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]!;
      this.#again.set(id, { tries: tries + 1, at: clock.now() + wait });
    }
  }

  async #apply(of: Case): Promise<Effect> {
    const { log, effects } = this.#options;
    try {
      return await effects.apply(of);
    } catch (error) {
      log.error('What a case leads to could not be done', { case: of.id, error });
      return { state: 'later', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Its time may be over by now, and whoever it is about may be staff. */
  #guard(of: Case): Effect | undefined {
    const { clock, people, power } = this.#options;
    if (of.until !== undefined && of.until <= clock.now())
      return { state: 'failed', detail: 'its time is over' };
    const { kind } = consequenceOf(of.consequence);
    if (!power.knows(of.room) && kind !== 'note' && kind !== 'report')
      return { state: 'later', detail: `it is not known yet who is who in ${of.room}` };
    const protection = people.protection(of.user, power.people(of.room));
    if (protection === undefined) return undefined;
    return { state: 'failed', detail: `${of.user} is ${protectionText(protection, of.room)}` };
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const due = [...this.#again].filter(([id]) => !this.#running.has(id));
    if (this.#stopped || due.length === 0) return;
    const { clock } = this.#options;
    const next = Math.min(...due.map(([, { at }]) => at));
    this.#timer = clock.setTimeout(
      () => {
        for (const [id, { at }] of due) if (at <= clock.now()) void this.enact(id);
        if (this.#running.size === 0) this.#schedule();
      },
      Math.max(0, next - clock.now()),
    );
  }
}
