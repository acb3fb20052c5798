import type { Random } from '../../platform/random.ts';
import { CANCELLED, type Desk, messageOf } from './desk.ts';
import type { Exit } from './governor-types.ts';
import { RETRY_MS } from './queue-limits.ts';
import { type Job, Queues } from './queues.ts';
import { named, type Verdict } from './verdict.ts';

/**
 * Lines, searches, joins, tickers, administration: what is scarce. What may leave is taken from its budgets and that
 * is saved before it is written, so that a crash in between wastes budget and never doubles it.
 */
export class DearQueue {
  readonly waiting = new Queues();
  readonly #desk: Desk;
  readonly #random: Random;
  readonly #onWritten: () => void;
  #flushing = false;

  constructor(desk: Desk, random: Random, onWritten: () => void) {
    this.#desk = desk;
    this.#random = random;
    this.#onWritten = onWritten;
  }

  pump(now: number): void {
    if (this.#flushing) return;
    const { budgets, tally } = this.#desk;
    const batch: Job[] = [];
    for (;;) {
      const job = this.waiting.next((head) => this.#verdict(head, now).wait === 0);
      if (!job) break;
      const refusal = budgets.refusal(now, job.traffic);
      if (refusal) {
        tally.finish(job, { state: 'dropped', ...refusal });
        continue;
      }
      budgets.take(now, job.traffic, this.#random.float());
      batch.push(job);
    }
    if (batch.length === 0) return;
    this.#flushing = true;
    void this.#flush(batch, now);
  }

  /** When the next frame may leave, if any waits for time. */
  next(now: number): Verdict | undefined {
    if (this.#flushing) return undefined;
    let next: Verdict | undefined;
    for (const job of this.waiting.heads()) {
      const verdict = this.#verdict(job, now);
      if (verdict.wait < (next?.wait ?? Number.POSITIVE_INFINITY)) next = verdict;
    }
    return next;
  }

  #verdict(job: Job, now: number): Verdict {
    if (job.gate && !job.gate()) return named('gate', Number.POSITIVE_INFINITY);
    if (job.notBefore > now) return named('retry', job.notBefore - now);
    return this.#desk.budgets.wait(now, job.traffic);
  }

  /** Reserves a batch on disk, then writes it. Only one batch is under way at a time, so that the order is kept. */
  async #flush(batch: readonly Job[], takenAt: number): Promise<void> {
    const desk = this.#desk;
    const { budgets, clock, naps, store } = desk;
    const { exit } = desk;
    let waiting = batch;
    let saved = await store.save();
    while (!saved && waiting.length > 0 && desk.exit === exit) {
      await naps.take(RETRY_MS);
      waiting = waiting.filter((job) => !this.#isOver(job));
      saved = await store.save();
    }
    const savedIn = clock.monotonic() - takenAt;
    const prepared = await Promise.all(waiting.map(async (job) => saved && this.#prepare(job, exit)));
    const now = clock.monotonic();
    budgets.settle(
      takenAt,
      now,
      batch.map((job) => job.traffic),
    );
    const back: Job[] = [];
    for (const [index, job] of waiting.entries()) {
      const ready = prepared[index] === true;
      if (ready && job.deadline > now && desk.exit === exit && desk.write(job)) continue;
      budgets.forget(job.traffic);
      if (ready) job.unprepare?.();
      if (!this.#isOver(job)) back.push(job);
    }
    for (const job of back.reverse()) {
      if (job.durable && !desk.stopped) this.waiting.add(job, true);
      else desk.tally.finish(job, desk.closed());
    }
    // A slow disk put more time between reserving and sending than a restart would assume.
    if (savedIn > store.marginMs / 2) await store.save();
    this.#flushing = false;
    this.#onWritten();
  }

  /** Finishes a frame under way whose time is over or that nobody wants any more. */
  #isOver(job: Job): boolean {
    const { clock, tally } = this.#desk;
    const now = clock.monotonic();
    if (job.signal?.aborted) tally.finish(job, CANCELLED);
    else if (job.deadline <= now) tally.finish(job, this.#desk.expired(job, now));
    else return false;
    return true;
  }

  async #prepare(job: Job, exit: Exit | undefined): Promise<boolean> {
    const { clock, log } = this.#desk;
    if (exit === undefined || this.#desk.exit !== exit || job.signal?.aborted) return false;
    try {
      await job.prepare?.();
      return true;
    } catch (error) {
      log.warn('A line could not be recorded as being sent and waits', { error: messageOf(error) });
      job.notBefore = clock.monotonic() + RETRY_MS;
      return false;
    }
  }
}
