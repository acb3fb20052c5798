import { onAbort } from '../../platform/abort.ts';
import type { Timer } from '../../platform/clock.ts';
import { deferred } from '../../platform/deferred.ts';
import { BudgetStore } from './budget-store.ts';
import { Budgets } from './budgets.ts';
import { CheapQueue } from './cheap-queue.ts';
import { DearQueue } from './dear-queue.ts';
import { CANCELLED, Desk, STRANGER } from './desk.ts';
import type { Exit, GovernorOptions, GovernorSnapshot, SubmitOptions } from './governor-types.ts';
import { type Limits, resolveLimits } from './limits.ts';
import { STRANGERS } from './line-budget.ts';
import { MetUsers } from './met-users.ts';
import { Naps } from './naps.ts';
import { DEFAULT_LIFE_MS } from './queue-limits.ts';
import type { Job, Queues } from './queues.ts';
import { Tally, type Unsent } from './tally.ts';
import type { DropCode, Priority, SendOptions, SendOutcome, Traffic, TrafficKind } from './traffic.ts';
import type { Verdict } from './verdict.ts';

/** Housekeeping frames reserved at a time, at most. */
const BLOCK = 100;

/**
 * The single way out. Every frame for the server passes here, with what it costs; the governor lets it go when
 * all limits agree, in order of priority and fairly between origins.
 *
 * Lines, searches, joins, tickers and room administration are reserved on disk before they leave, so that a
 * crash loop does not get more than a steady run. Housekeeping is reserved in blocks.
 */
export class Governor {
  readonly limits: Limits;
  readonly #desk: Desk;
  readonly #met: MetUsers;
  readonly #cheap: CheapQueue;
  readonly #dear: DearQueue;
  #pumping = false;
  #again = false;
  /** No waiting frame expires before, monotonic milliseconds. */
  #firstDeadline = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;
  /** What the next waiting frame waits for, as of `at`. */
  #next: { readonly at: number; readonly by: string } | undefined;

  /** Throws a LimitError when a limit may not have its value. */
  constructor(options: GovernorOptions) {
    const { clock, log, state } = options;
    this.limits = resolveLimits(options.limits);
    this.#met = new MetUsers(state, log);
    const block = Math.min(BLOCK, Math.floor(this.limits.housekeeping.burst / 4));
    const budgets = new Budgets(this.limits, { block, met: (user) => this.#met.has(user) });
    const store = new BudgetStore({ budgets, clock, state, log });
    const tally = new Tally(options.onDrop ?? (() => {}));
    this.#desk = new Desk({ clock, log, budgets, store, tally, naps: new Naps(clock) });
    this.#cheap = new CheapQueue(this.#desk, block, () => this.#pump());
    this.#dear = new DearQueue(this.#desk, options.random, () => this.#pump());
  }

  /**
   * Takes up what an earlier run left. Call once, before anything else. Rejects when the state cannot be read; when it
   * cannot be written, nothing leaves until it can.
   */
  async load(): Promise<void> {
    await this.#met.load();
    await this.#desk.store.load();
    await this.#cheap.reserve();
    if (!this.#desk.stopped) this.#desk.store.watchClock();
  }

  /** A session begins: frames may leave through `exit`. */
  open(exit: Exit): void {
    this.#desk.exit = exit;
    this.#pump();
  }

  /** The session ended: what is not durable is dropped with `code`, and so is what comes while closed. */
  close(code: DropCode, reason: string): void {
    this.#desk.exit = undefined;
    this.#desk.closedAs = { code, reason };
    for (const job of this.#waiting()) if (!job.durable) this.#takeOut(job, this.#desk.closed());
    this.#pump();
  }

  /** Nothing leaves any more; whatever still waits is dropped as `shutdown`. Durable lines stay in their outbox. */
  stop(): void {
    const desk = this.#desk;
    desk.stopped = true;
    desk.exit = undefined;
    desk.closedAs = { code: 'shutdown', reason: 'the client is stopping' };
    for (const job of this.#waiting()) this.#takeOut(job, desk.closed());
    this.#timer?.cancel();
    desk.store.stop();
    desk.naps.callOff();
  }

  /** Queues one frame. Resolves when it left, was dropped or expired; never rejects. */
  send(frame: Uint8Array, traffic: Traffic, options: SendOptions = {}): Promise<SendOutcome> {
    return this.submit(() => frame, traffic, options);
  }

  /** As `send`; `encode` is called when the frame's turn has come. */
  submit(encode: () => Uint8Array, traffic: Traffic, options: SubmitOptions = {}): Promise<SendOutcome> {
    const { budgets, clock, tally } = this.#desk;
    const { promise, resolve } = deferred<SendOutcome>();
    const { origin = 'core', signal, gate, prepare, unprepare, expiresAt } = options;
    const now = clock.monotonic();
    const life = expiresAt === undefined ? DEFAULT_LIFE_MS[traffic.kind] : expiresAt - clock.now();
    if (options.recovered) budgets.forget(traffic);
    const refused = this.#refuse(traffic, origin, options, now, life);
    if (refused) {
      tally.refused(traffic.kind, origin, refused);
      resolve(refused);
      return promise;
    }
    const job: Job = {
      traffic,
      priority: options.priority ?? defaultPriority(traffic.kind),
      origin,
      deadline: now + life,
      durable: options.durable ?? false,
      encode,
      resolve: (outcome) => {
        ignoreAbort();
        resolve(outcome);
      },
      notBefore: 0,
      ...(signal && { signal }),
      ...(gate && { gate }),
      ...(prepare && { prepare }),
      ...(unprepare && { unprepare }),
    };
    const ignoreAbort = onAbort(signal, () => {
      this.#takeOut(job, CANCELLED);
      this.#pump();
    });
    tally.begin(job);
    this.#firstDeadline = Math.min(this.#firstDeadline, job.deadline);
    this.#queuesOf(traffic).add(job);
    this.#pump();
    return promise;
  }

  /** Writes login frames. When to log in is paced by the session; nothing else leaves before `open`. */
  login(exit: Exit, frames: Uint8Array): boolean {
    this.#desk.tally.sent('login');
    return exit.write(frames);
  }

  /**
   * Why a line or search would be dropped right away as a repetition, judged by what was sent so far and what
   * waits; undefined when it would not.
   */
  repeats(traffic: Traffic): string | undefined {
    if (traffic.kind === 'room-line' && this.limits.roomLine.repeatSeconds > 0) {
      for (const { traffic: other } of this.#dear.waiting) {
        const same = other.kind === 'room-line' && other.room === traffic.room && other.text === traffic.text;
        if (same) return 'the same text is waiting to go there';
      }
    }
    return this.#desk.budgets.refusal(this.#desk.clock.monotonic(), traffic)?.reason;
  }

  /** Why another frame of this kind and origin finds no place; undefined when it does. */
  fullFor(kind: TrafficKind, origin: string): string | undefined {
    return this.#desk.tally.fullFor(kind, origin);
  }

  /** This user wrote to us: what we write back does not count as writing to a stranger. */
  met(user: string): void {
    const known = this.#met.has(user);
    this.#met.add(user);
    if (!known) this.#pump();
  }

  /** The interval of the wishlist that the server announced, in seconds; 0: no wishlist searches. */
  setWishlistInterval(seconds: number): void {
    this.#desk.budgets.setWishlistInterval(seconds);
    this.#pump();
  }

  /**
   * Milliseconds until a frame of this kind could leave if nothing else waited; infinite when only an event can help, such as
   * another interval of the wishlist. Says nothing of repetitions.
   */
  delay(traffic: Traffic): number {
    return this.#desk.budgets.wait(this.#desk.clock.monotonic(), traffic).wait;
  }

  /** Something that a frame's `gate` looks at has changed. */
  wake(): void {
    this.#pump();
  }

  snapshot(): GovernorSnapshot {
    const { budgets, clock, exit, store, tally } = this.#desk;
    const now = clock.monotonic();
    return {
      open: exit !== undefined,
      queued: [...this.#cheap.waiting.depths(), ...this.#dear.waiting.depths()],
      left: budgets.left(now),
      ...(this.#next && {
        nextAt: clock.now() + Math.max(0, this.#next.at - now),
        waitsFor: this.#next.by,
      }),
      ...tally.totals,
      ...(store.blocked !== undefined && { blocked: store.blocked }),
    };
  }

  #refuse(
    traffic: Traffic,
    origin: string,
    options: SubmitOptions,
    now: number,
    life: number,
  ): Unsent | undefined {
    const { budgets, exit, stopped } = this.#desk;
    if (options.signal?.aborted) return CANCELLED;
    if (stopped || (!exit && !options.durable)) return this.#desk.closed();
    if (options.recovered || traffic.kind === 'ack') return undefined;
    const refusal = budgets.refusal(now, traffic);
    if (refusal) return { state: 'dropped', ...refusal };
    const { wait, by } = budgets.wait(now, traffic);
    if (by === STRANGERS && wait > life) return STRANGER;
    const full = this.fullFor(traffic.kind, origin);
    return full === undefined ? undefined : { state: 'dropped', code: 'queue-full', reason: full };
  }

  #queuesOf({ kind }: Traffic): Queues {
    return kind === 'ack' || kind === 'housekeeping' ? this.#cheap.waiting : this.#dear.waiting;
  }

  #waiting(): Job[] {
    return [...this.#cheap.waiting, ...this.#dear.waiting];
  }

  #takeOut(job: Job, outcome: Unsent): void {
    if (this.#queuesOf(job.traffic).remove(job)) this.#desk.tally.finish(job, outcome);
  }

  /** Lets out what may leave now and sets the alarm for the rest. */
  #pump(): void {
    const { clock, stopped } = this.#desk;
    if (stopped) return;
    // Whoever hears of a frame that was dropped may queue the next before this pass is over.
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#again) {
      this.#again = false;
      const now = clock.monotonic();
      if (now >= this.#firstDeadline) this.#expire(now);
      if (!this.#desk.exit) continue;
      this.#cheap.pump(now);
      this.#dear.pump(now);
    }
    this.#pumping = false;
    this.#setAlarm(clock.monotonic());
  }

  #expire(now: number): void {
    this.#firstDeadline = Number.POSITIVE_INFINITY;
    for (const job of this.#waiting()) {
      if (job.deadline <= now) this.#takeOut(job, this.#desk.expired(job, now));
      else this.#firstDeadline = Math.min(this.#firstDeadline, job.deadline);
    }
  }

  #setAlarm(now: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const verdicts = this.#desk.exit ? [this.#cheap.next(now), this.#dear.next(now)] : [];
    const next = verdicts.reduce<Verdict | undefined>(
      (a, b) => (b && b.wait < (a?.wait ?? Number.POSITIVE_INFINITY) ? b : a),
      undefined,
    );
    this.#next = next && { at: now + next.wait, by: next.by };
    const at = Math.min(this.#firstDeadline, this.#next?.at ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#desk.clock.setTimeout(() => this.#pump(), Math.max(0, at - now));
  }
}

const defaultPriority = (kind: TrafficKind): Priority =>
  kind === 'ack' || kind === 'login' ? 'ack' : kind === 'room-admin' ? 'moderation' : 'ordinary';
