import type { Bot, TimerRun, Timers } from '../../../api/index.ts';
import type { SlskdConfig, WishlistConfig } from '../config.ts';
import { short } from '../telling/words-for-people.ts';
import { AccountGuard } from './account-guard.ts';
import { type DownloadJob, filesOf, type JobStep, looked, nextSource, sent, userOf } from './download-job.ts';
import { guid } from './guid.ts';
import { JobStore } from './job-store.ts';
import { SlskdApi, SlskdTrouble } from './slskd-api.ts';
import type { Source } from './sources.ts';

/** What is to be downloaded. */
export interface Order {
  /** The same order twice is one. No `/` in it. */
  readonly id: string;
  readonly wish: string;
  readonly wisher: string;
  readonly label: string;
  readonly sources: readonly Source[];
}

const MAX_JOBS = 500;
/** After this it is given up, whatever the reason, in milliseconds. */
const LONGEST_MS = 14 * 86_400_000;
const TICK = 'tick';
const TROUBLE_WAITS = [60_000, 300_000, 900_000, 3_600_000];
const BUSY_WAITS = [5_000, 15_000, 60_000, 300_000];

/** Hands downloads over to slskd, one request at a time, and follows them. What is under way outlives restarts. */
export class HandOver {
  readonly #bot: Bot<WishlistConfig>;
  readonly #config: SlskdConfig;
  readonly #api: SlskdApi;
  readonly #guard: AccountGuard;
  readonly #jobs: JobStore;
  readonly #timers: Timers<null>;
  readonly #guid: () => string;
  /** Everything that talks to slskd stands in one line. */
  #line: Promise<void> = Promise.resolve();
  #troubles = 0;
  #busy = 0;
  #quietUntil = 0;
  #trouble: string | undefined;

  constructor(bot: Bot<WishlistConfig>, config: SlskdConfig) {
    this.#bot = bot;
    this.#config = config;
    this.#api = new SlskdApi((url, request) => bot.web.fetch(url, request), config.url, config.apiKey);
    this.#guard = new AccountGuard(this.#api, bot.self.user);
    this.#jobs = new JobStore(bot.store);
    this.#guid = () => guid(() => bot.random());
    this.#timers = bot.timer<null>('slskd', (_, run) => this.#inLine(() => this.#tick(run)));
  }

  /** What is wrong with slskd now; undefined: nothing that is known. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Takes up what an earlier run left, and looks whether slskd can be used. */
  async start(): Promise<void> {
    await this.#timers.set(TICK, 0, null);
  }

  /** @returns `known`: it is under way already. `full`: too much is. */
  async order(order: Order, now: number): Promise<'ordered' | 'known' | 'full'> {
    if ((await this.#jobs.all()).length >= MAX_JOBS) return 'full';
    const added = await this.#jobs.add({
      ...order,
      wanted: order.sources[0]!.files.map((_, index) => index),
      createdAt: now,
      state: 'waiting',
      source: 0,
      round: 0,
      batch: this.#guid(),
      old: false,
      polls: 0,
      nextAt: now,
    });
    if (added) await this.#timers.set(TICK, now, null);
    return added ? 'ordered' : 'known';
  }

  /** Downloads from this user that are on their way. */
  async from(user: string): Promise<readonly DownloadJob[]> {
    return (await this.#jobs.all()).filter(({ sources }) => sources.some((source) => source.user === user));
  }

  /** Asks this user for nothing any more. @returns how many downloads that concerned. */
  async forget(user: string): Promise<number> {
    let count = 0;
    await this.#inLine(async () => {
      const jobs = await this.from(user);
      count = jobs.length;
      for (const job of jobs) await this.#jobs.remove(job);
    });
    return count;
  }

  #inLine(work: () => Promise<void>): Promise<void> {
    const done = this.#line.then(work, work);
    this.#line = done.catch(() => {});
    return done;
  }

  async #tick({ at: now }: TimerRun): Promise<void> {
    const jobs = await this.#young(now);
    if (now >= this.#quietUntil) await this.#work(jobs, now);
    const left = await this.#jobs.all();
    if (left.length === 0) {
      // Whoever orders next should not be told of a trouble that is over.
      if (this.#trouble !== undefined) await this.#timers.set(TICK, this.#quietUntil, null);
      return;
    }
    const under = left.filter(({ state }) => state === 'sent').length;
    const next = left
      .filter(({ state }) => state === 'sent' || under < this.#config.atOnce)
      .map(({ nextAt }) => nextAt);
    await this.#timers.set(TICK, Math.max(Math.min(...next), this.#quietUntil, now + 1000), null);
  }

  async #young(now: number): Promise<readonly DownloadJob[]> {
    const jobs = await this.#jobs.all();
    const old = jobs.filter(({ createdAt }) => now - createdAt > LONGEST_MS);
    for (const job of old) await this.#settle(job, { end: 'given-up' });
    return jobs.filter((job) => !old.includes(job));
  }

  async #work(jobs: readonly DownloadJob[], now: number): Promise<void> {
    try {
      if (await this.#guard.check(now, jobs.length === 0)) this.#well();
      let under = jobs.filter(({ state }) => state === 'sent').length;
      for (const job of jobs) {
        if (job.nextAt > now || now < this.#quietUntil) continue;
        if (job.state === 'sent') await this.#look(job, now);
        else if (under < this.#config.atOnce && (await this.#send(job, now))) under += 1;
      }
    } catch (error) {
      if (!(error instanceof SlskdTrouble)) throw error;
      this.#note(error, now);
    }
  }

  /** @returns whether slskd took it. */
  async #send(job: DownloadJob, now: number): Promise<boolean> {
    // A process that dies in between asks again under the same id.
    const sending = { ...job, state: 'sending' as const };
    if (!(await this.#jobs.save(sending))) return false;
    const [user, files] = [userOf(job), filesOf(job)];
    let outcome = job.old
      ? await this.#api.enqueue(user, files)
      : await this.#api.enqueueBatch(job.batch, user, files);
    const old = outcome.how === 'old';
    if (outcome.how === 'old') outcome = await this.#api.enqueue(user, files);
    const current = { ...sending, old: job.old || old };
    switch (outcome.how) {
      case 'taken':
        this.#well();
        this.#busy = 0;
        return this.#jobs.save(sent(current, now));
      case 'busy':
        this.#quietUntil = now + (outcome.waitMs ?? BUSY_WAITS[Math.min(this.#busy, BUSY_WAITS.length - 1)]!);
        this.#busy += 1;
        return false;
      case 'trouble':
        throw new SlskdTrouble(outcome.why);
      case 'refused':
      case 'old':
        this.#well();
        await this.#settle(current, nextSource(current, now, this.#guid));
        return false;
    }
  }

  async #look(job: DownloadJob, now: number): Promise<void> {
    const user = userOf(job);
    const transfers = job.old ? await this.#api.downloads(user) : await this.#api.batch(job.batch);
    this.#well();
    const options = { patienceMs: this.#config.patience, guid: this.#guid };
    const { step, verdicts, stale } = looked(job, transfers, now, options);
    for (const { id } of stale) await this.#api.cancel(user, id);
    for (const verdict of verdicts) await this.#bot.wishlist.experience(verdict.user, verdict.how);
    await this.#settle(job, step);
  }

  async #settle(job: DownloadJob, step: JobStep): Promise<void> {
    if ('next' in step) {
      await this.#jobs.save(step.next);
      return;
    }
    if (job.wisher !== '') {
      const title = short(this.#bot.t(step.end, { label: job.label }), 200);
      // Before it is forgotten: after a crash in between it comes to its end again, and the key keeps that from being said twice.
      await this.#bot.notify({ pm: job.wisher }, { title, key: `${job.id} ${job.createdAt} ${step.end}` });
    }
    await this.#jobs.remove(job);
    this.#bot.metric.count('downloads', { end: step.end });
  }

  #note({ message: why, waitMs }: SlskdTrouble, now: number): void {
    this.#quietUntil = now + (waitMs ?? TROUBLE_WAITS[Math.min(this.#troubles, TROUBLE_WAITS.length - 1)]!);
    this.#troubles += 1;
    if (why !== this.#trouble) this.#bot.log.warn('slskd cannot be used', { why });
    this.#trouble = why;
  }

  #well(): void {
    if (this.#trouble !== undefined) this.#bot.log.info('slskd can be used again');
    this.#trouble = undefined;
    this.#troubles = 0;
  }
}
