import type { Timer } from '../../../platform/clock.ts';
import { type Deferred, deferred } from '../../../platform/deferred.ts';
import { withTimeout } from '../../../platform/time.ts';
import type { StoredInvitation } from '../../store/members-rows.ts';
import type { MemberActions } from './actions.ts';
import { InvitationBook, type InvitationOrder } from './invitation-book.ts';
import { nextInvitation, nextTime, type QueueView } from './invitation-order.ts';
import { type InvitationEvent, needsTelling } from './invitation-steps.ts';
import { keyOf, type MembersContext, type Voice } from './ports.ts';
import { isPerson, type Reports } from './reports.ts';
import { isMember, isOperator, powerProblem } from './standing.ts';
import { howToAccept } from './texts.ts';

/** Between two questions of the queue: the governor lets 20 a minute pass, and people's commands are to find room. */
const GAP_MS = 4_000;
/** Whoever asks waits so long for the first attempt, in milliseconds. */
const PATIENCE_MS = 30_000;
/** The store did not take something: nothing is tried for so long. */
const STORE_PAUSE_MS = 60_000;

export interface InvitationsOptions extends MembersContext {
  readonly actions: MemberActions;
  readonly reports: Reports;
  readonly voice: Voice;
}

/**
 * The queue of invitations: one attempt after the other, each when it has a chance. People who are offline are watched, and those
 * who do not accept invitations are told once how to. Everything is in the store before it is done.
 */
export class Invitations {
  readonly #options: InvitationsOptions;
  readonly #book: InvitationBook;
  /** Whoever waits for the attempt that is next; their invitations go first. */
  readonly #waiters = new Map<string, Deferred<void>>();
  #timer: Timer | undefined;
  #pauseUntil = 0;
  /** When the queue may ask the server again, unless somebody waits for it. */
  #askFrom = 0;
  #work: Promise<void> | undefined;
  #started = false;
  #stopped = false;

  constructor(options: InvitationsOptions) {
    this.#options = options;
    this.#book = new InvitationBook({ ...options, isAwaited: (key) => this.#waiters.has(key) });
  }

  /** Attempts under way. */
  get active(): number {
    return this.#work === undefined ? 0 : 1;
  }

  /** Takes up what an earlier run left. */
  start(stored: readonly StoredInvitation[]): void {
    this.#started = true;
    this.#book.load(stored);
    this.wake();
  }

  /** Begins nothing more. @returns when what is under way has ended; never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#book.close();
    for (const waiter of this.#waiters.values()) waiter.resolve();
    await this.#work;
  }

  get(room: string, user: string): StoredInvitation | undefined {
    return this.#book.get(room, user);
  }

  list(room: string | undefined): readonly StoredInvitation[] {
    return [...this.#book.open].filter((of) => room === undefined || of.room === room);
  }

  /** A row for the store; {@link adopt} puts it into the queue once it is there. */
  make(order: InvitationOrder): StoredInvitation {
    return this.#book.make(order);
  }

  adopt(of: StoredInvitation): void {
    this.#book.keep(of);
    this.wake();
  }

  /** All of them or none. @param what for the log. @throws PluginError `too-many`; StoreError (as rejection). */
  async add(orders: readonly InvitationOrder[], what = 'invited'): Promise<void> {
    await this.#book.add(orders, what);
    this.wake();
  }

  /**
   * Puts one at the head of the queue and waits for the attempt, but not for ever.
   * @returns how it stands then. @throws as {@link add}
   */
  async ask(order: InvitationOrder): Promise<StoredInvitation> {
    const [added] = await this.#book.add([order], 'invited');
    const of = added!;
    const possible = powerProblem(this.#options.client, of.room) === undefined;
    if (!this.#started || this.#stopped || !possible) return of;
    const key = keyOf(of.room, of.user);
    const waiter = deferred();
    this.#waiters.get(key)?.resolve();
    this.#waiters.set(key, waiter);
    this.wake();
    const late = () => new Error('late');
    await withTimeout(this.#options.clock, waiter.promise, PATIENCE_MS, late).catch(() => {});
    if (this.#waiters.get(key) === waiter) this.#waiters.delete(key);
    return this.#book.answer(of);
  }

  /** @returns false when there is no open one. @throws StoreError (as rejection). */
  async end(room: string, user: string, event: InvitationEvent): Promise<boolean> {
    if (this.get(room, user) === undefined) return false;
    await this.#book.step(room, user, event);
    return true;
  }

  /** Somebody is a member or an operator now, whoever did it. */
  seen(room: string, user: string, as: 'member' | 'operator'): void {
    if (this.get(room, user) === undefined) return;
    this.#book
      .step(room, user, { kind: 'seen', as })
      .catch((error: unknown) =>
        // A restart finds it out again.
        this.#options.log.error('That somebody is a member could not be stored', { room, user, error }),
      )
      .finally(() => this.wake());
  }

  /** Somebody came online. */
  online(user: string): void {
    this.#book.online(user);
    this.wake();
  }

  /** Something may be possible now that was not. */
  wake(): void {
    if (!this.#started || this.#stopped || this.#work !== undefined) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#work = this.#attemptAll()
      .catch((error: unknown) => this.#options.log.error('Invitations are not tried for a minute', { error }))
      .finally(() => {
        this.#work = undefined;
        this.#schedule();
      });
  }

  async #attemptAll(): Promise<void> {
    for (let of = this.#next(); of !== undefined && !this.#stopped; of = this.#next()) {
      const { room, user, expires } = of;
      const key = keyOf(room, user);
      try {
        if (expires <= this.#options.clock.now()) await this.#book.step(room, user, { kind: 'expired' });
        else await this.#attempt(of);
      } catch (error) {
        // Nothing is done that cannot be written down.
        this.#pauseUntil = this.#options.clock.now() + STORE_PAUSE_MS;
        throw error;
      } finally {
        this.#waiters.get(key)?.resolve();
        this.#waiters.delete(key);
      }
    }
  }

  #next(): StoredInvitation | undefined {
    const view = this.#view();
    return view.now < this.#pauseUntil ? undefined : nextInvitation(this.#book.open, view);
  }

  #view(): QueueView {
    const { client, clock } = this.#options;
    return {
      now: clock.now(),
      askFrom: this.#askFrom,
      isUrgent: ({ room, user }) => this.#waiters.has(keyOf(room, user)),
      isPossible: ({ room }) => powerProblem(client, room) === undefined,
    };
  }

  async #attempt({ room, user, phase, by }: StoredInvitation): Promise<void> {
    const { client, clock, actions } = this.#options;
    const step = (event: InvitationEvent) => this.#book.step(room, user, event);
    if (isOperator(client, room, user)) return step({ kind: 'seen', as: 'operator' });
    if (phase === 'member' && isMember(client, room, user)) return step({ kind: 'seen', as: 'member' });
    const offline = await this.#offline(user);
    if (offline !== undefined) return step({ kind: 'offline', detail: offline });
    await step({ kind: 'begin' });
    const current = this.get(room, user);
    // Withdrawn, or seen to be so, meanwhile.
    if (current?.state !== 'asked') return;
    this.#askFrom = clock.now() + GAP_MS;
    const priority = this.#waiters.has(keyOf(room, user)) ? 'moderation' : 'ordinary';
    const deed = current.phase === 'operator' ? 'op' : 'add';
    const outcome = await actions.run(deed, room, user, by, { priority });
    await step({ kind: 'outcome', asked: current.phase, outcome });
    const blocked = this.get(room, user);
    if (blocked !== undefined && needsTelling(blocked)) await this.#tellHow(blocked);
  }

  /** Why there is no sense in asking now; undefined: they are online, or nobody knows. */
  async #offline(user: string): Promise<string | undefined> {
    const { users } = this.#options.client;
    const known = users.snapshot(user);
    if (known.exists === false) this.#book.watchAnew(user);
    const fresh = known.status === undefined || known.exists === false;
    const { status, exists } = fresh ? await users.facts(user) : known;
    if (status !== 'offline') return undefined;
    return exists === false ? 'there is no such account yet' : 'offline; tried as soon as they are online';
  }

  async #tellHow(of: StoredInvitation): Promise<void> {
    const { voice, reports } = this.#options;
    // What could not be sent is said at the next attempt.
    if (!(await voice.tell(of.user, howToAccept(of, isPerson(of.by))))) return;
    await this.#book.step(of.room, of.user, { kind: 'told' });
    if (this.#waiters.has(keyOf(of.room, of.user))) return;
    const text = `${of.user} is online but accepts no invitations to rooms; I have told them how to allow it`;
    reports.add(of.by, text);
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped) return;
    const { clock } = this.#options;
    const due = nextTime(this.#book.open, this.#view());
    if (due === Infinity) return;
    const at = Math.max(due, this.#pauseUntil, clock.now());
    this.#timer = clock.setTimeout(() => this.wake(), at - clock.now());
  }
}
