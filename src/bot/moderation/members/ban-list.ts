import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import type { StoredBan } from '../../store/members-rows.ts';
import { isLookAlike } from '../names/look-alike.ts';
import type { BanListOptions } from './ban-list-options.ts';
import { type BanRequest, outlasts } from './ban-request.ts';
import { banReturn, isFinal } from './ban-return.ts';
import { DueTimer } from './due-timer.ts';
import { HaltWatch } from './halt-watch.ts';
import { keyOf } from './ports.ts';
import { Retries } from './retries.ts';
import { banRefusal, isMember, powerProblem, refreshMembers } from './standing.ts';
import { banText } from './texts.ts';

/** Pauses between attempts to put somebody out. */
const AGAIN_MS = [30_000, 2 * 60_000, 10 * 60_000, 3_600_000];

/** Who is not to be a member, and what is done to keep it so. */
export class BanList {
  readonly #options: BanListOptions;
  readonly #bans = new Map<string, StoredBan>();
  /** Being put out at the moment. */
  readonly #busy = new Map<string, Promise<RoomOutcome>>();
  readonly #again: Retries;
  readonly #due: DueTimer;
  readonly #halt: HaltWatch;

  constructor(options: BanListOptions) {
    this.#options = options;
    const { clock } = options;
    this.#again = new Retries(clock, AGAIN_MS);
    this.#due = new DueTimer({
      clock,
      next: () => Math.min(...[...this.#bans.values()].map(({ until = Infinity }) => until)),
      work: () => this.#endAllDue(),
      failed: (error) => this.#failed(error),
    });
    this.#halt = new HaltWatch(clock, options.halted, () => this.#sweepAll());
  }

  get active(): number {
    return this.#busy.size;
  }

  /** Known from now on; nothing is done yet. */
  load(stored: readonly StoredBan[]): void {
    for (const ban of stored) this.#bans.set(keyOf(ban.room, ban.user), ban);
  }

  start(): void {
    this.#sweepAll();
    this.#due.schedule();
  }

  /** Begins nothing more. @returns when what is under way has ended; never rejects. */
  async stop(): Promise<void> {
    this.#due.stop();
    this.#halt.stop();
    this.#again.close();
    await Promise.allSettled(this.#busy.values());
  }

  get(room: string, user: string): StoredBan | undefined {
    return this.#bans.get(keyOf(room, user));
  }

  list(room: string | undefined): readonly StoredBan[] {
    const all = [...this.#bans.values()];
    return room === undefined ? all : all.filter((ban) => ban.room === room);
  }

  /** What staff should know of a name: it looks like one that is banned there. */
  flagOf(room: string, user: string): string | undefined {
    const alike = this.list(room).filter((ban) => isLookAlike(user, ban.user));
    if (alike.length === 0) return undefined;
    return `the name looks like ${alike.map((ban) => ban.user).join(', ')}, banned here`;
  }

  /**
   * Puts somebody on the list and out of the room. The same order of the same case a second time goes on with it. What the server
   * does not answer is tried again until they are seen to be out. @throws StoreError (as rejection).
   */
  async add(request: BanRequest): Promise<RoomOutcome> {
    const { client, clock, commit, invitations } = this.#options;
    const { room, user, by: actor, reason, until } = request;
    const refusal = banRefusal(client, room, user);
    if (refusal !== undefined) return refusal;
    const key = keyOf(room, user);
    const known = this.#bans.get(key);
    if (request.case === undefined || known?.case !== request.case) {
      if (powerProblem(client, room) === undefined && !isMember(client, room, user))
        await refreshMembers(client, room);
      const offline = client.state.name !== 'online';
      const inside = offline || isMember(client, room, user);
      // What people have decided is not shortened by a rule: somebody brought them back, and they misbehaved again.
      const kept = actor === 'rule' && outlasts(known, request) ? known : undefined;
      const ban: StoredBan = {
        ...(kept ?? { ...request, at: clock.now(), kind: until === undefined ? 'banned' : 'timed' }),
        state: inside ? 'removing' : 'out',
        wasMember: (!offline && inside) || (known?.wasMember ?? false),
        rounds: [],
      };
      const what = until === undefined ? 'banned' : 'banned for a time';
      const log = [{ at: clock.now(), room, user, actor, what, detail: reason }];
      await invitations.end(room, user, { kind: 'banned', reason: banText(ban) });
      await commit({ bans: [ban], log });
      this.#bans.set(key, ban);
      this.#again.forget(key);
      this.#due.schedule();
    }
    const ban = this.#bans.get(key);
    if (ban === undefined || ban.state === 'out') return { state: 'confirmed' };
    if (client.state.name !== 'online')
      return { state: 'unknown', reason: 'I am not connected; it is done as soon as I am' };
    // Halted after the rule's case was begun.
    if (actor === 'rule' && this.#halt.mustWait())
      return { state: 'unknown', reason: 'moderation is halted; it is done when it is resumed' };
    const outcome = await this.#putOut(ban);
    if (outcome.state === 'refused' && isFinal(outcome.code)) {
      await this.#drop(key);
      return outcome;
    }
    if (outcome.state !== 'unknown') return outcome;
    return { state: 'unknown', reason: `${outcome.reason}; I go on trying until they are out` };
  }

  /** @returns undefined when they are not on the list, or for another case. @throws StoreError (as rejection). */
  async lift(room: string, user: string, by: string, of?: number): Promise<StoredBan | undefined> {
    const key = keyOf(room, user);
    const ban = this.#bans.get(key);
    if (ban === undefined || (of !== undefined && ban.case !== of)) return undefined;
    const log = [{ at: this.#options.clock.now(), room, user, actor: by, what: 'unbanned' }];
    await this.#options.commit({ lifted: [ban], log });
    this.#forget(key);
    return ban;
  }

  /** Somebody is a member now. @param operator who added them, where that is known */
  added(room: string, user: string, operator: string | undefined): void {
    const ban = this.get(room, user);
    if (ban !== undefined) {
      this.#background(this.#isBack(ban, operator));
      return;
    }
    const flag = this.flagOf(room, user);
    if (flag === undefined) return;
    const text = `${user} was added to ${room} by ${operator ?? 'another operator'}: ${flag}`;
    this.#background(this.#options.voice.staff(`look-alike ${keyOf(room, user)}`, text));
  }

  /** Somebody is no member any more. */
  gone(room: string, user: string): void {
    const key = keyOf(room, user);
    const ban = this.#bans.get(key);
    if (ban === undefined || ban.state === 'out') return;
    this.#again.forget(key);
    this.#background(this.#change(ban, { state: 'out', wasMember: true }));
  }

  /** Compares the list with who is a member. Call it when that is known. */
  sweep(room: string): void {
    const { client } = this.#options;
    if (powerProblem(client, room) !== undefined) return;
    for (const ban of this.list(room)) {
      if (isMember(client, room, ban.user)) this.#background(this.#isBack(ban, undefined));
      else if (ban.state !== 'out') this.#background(this.#change(ban, { state: 'out' }));
    }
  }

  #sweepAll(): void {
    for (const room of new Set([...this.#bans.values()].map((ban) => ban.room))) this.sweep(room);
  }

  async #isBack(ban: StoredBan, operator: string | undefined): Promise<void> {
    const { clock, config, reports, voice } = this.#options;
    const { room, user } = ban;
    if (ban.state === 'removing') {
      if (!this.#waits(ban)) await this.#putOut(ban);
      return;
    }
    if (ban.state === 'back' || this.#busy.has(keyOf(room, user))) return;
    // Whoever was given power since is not put out; people hear of it.
    const enforce = this.#options.protection(room, user) === undefined ? config.enforce : 'tell';
    if (enforce === 'remove' && this.#halt.mustWait()) return;
    const next = banReturn(ban, enforce, operator, clock.now());
    reports.add(ban.by, next.report);
    if (next.act !== 'remove') {
      if (next.act === 'give up') voice.owners(`war ${room}`, `${next.report}.`);
      await this.#change(ban, { state: 'back', wasMember: true });
      return;
    }
    await this.#change(ban, { state: 'removing', wasMember: true, rounds: next.rounds });
    if (operator !== undefined)
      this.#background(voice.tell(operator, `${banText(ban)}. I put them out of ${room} again.`));
    const current = this.get(room, user);
    if (current !== undefined) await this.#putOut(current);
  }

  /** While moderation is halted only removals go on that people have ordered, and no round of keeping somebody out. */
  #waits({ by, rounds }: StoredBan): boolean {
    return (by === 'rule' || rounds.length > 0) && this.#halt.mustWait();
  }

  /** Once at a time: whoever comes later gets the same answer. */
  #putOut(ban: StoredBan): Promise<RoomOutcome> {
    const key = keyOf(ban.room, ban.user);
    const busy = this.#busy.get(key);
    if (busy !== undefined) return busy;
    const work = this.#askToPutOut(ban).finally(() => this.#busy.delete(key));
    this.#busy.set(key, work);
    return work;
  }

  async #askToPutOut(ban: StoredBan): Promise<RoomOutcome> {
    const { actions, protection, reports } = this.#options;
    const { room, user } = ban;
    const key = keyOf(room, user);
    const excuse = protection(room, user);
    const outcome: RoomOutcome =
      excuse === undefined
        ? await actions.run('remove', room, user, ban.by)
        : { state: 'refused', code: 'protected', reason: `${user} is ${excuse}` };
    const now = this.#bans.get(key);
    // Lifted, or given up, while the server was asked.
    if (now === undefined) return outcome;
    if (outcome.state === 'confirmed') {
      this.#again.forget(key);
      await this.#change(now, { state: 'out', wasMember: true });
    } else if (outcome.state === 'refused' && isFinal(outcome.code)) {
      this.#again.forget(key);
      if (now.rounds.length > 0)
        reports.add(now.by, `${user} is back in ${room} and I cannot put them out: ${outcome.reason}`);
      await this.#change(now, { state: 'back' });
    } else this.#tryAgain(now);
    return outcome;
  }

  #tryAgain({ room, user }: StoredBan): void {
    const { client } = this.#options;
    const key = keyOf(room, user);
    this.#again.later(key, () => {
      const now = this.#bans.get(key);
      if (now?.state !== 'removing' || powerProblem(client, room) !== undefined) return;
      if (!isMember(client, room, user)) this.gone(room, user);
      else if (!this.#waits(now)) this.#background(this.#putOut(now));
    });
  }

  /** Ends what is over: in one step the ban goes and the invitation comes. */
  async #end(ban: StoredBan): Promise<void> {
    const { clock, commit, invitations, config } = this.#options;
    const { room, user } = ban;
    const again = ban.wasMember
      ? invitations.make({ room, user, by: ban.by, why: 'timed', ttlMs: config.invitationTtlMs })
      : undefined;
    const log = [{ at: clock.now(), room, user, actor: 'the bot', what: 'time is over' }];
    await commit({ lifted: [ban], log, ...(again !== undefined && { invitations: [again] }) });
    this.#forget(keyOf(room, user));
    if (again !== undefined) invitations.adopt(again);
  }

  /** Applies to the ban as it is now; one that was lifted meanwhile stays so. */
  async #change(ban: StoredBan, to: Partial<StoredBan>): Promise<void> {
    const key = keyOf(ban.room, ban.user);
    const now = this.#bans.get(key);
    if (now === undefined) return;
    const next = { ...now, ...to };
    this.#bans.set(key, next);
    await this.#options.commit({ bans: [next] });
  }

  async #drop(key: string): Promise<void> {
    const ban = this.#bans.get(key);
    if (ban === undefined) return;
    await this.#options.commit({ lifted: [ban] });
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#bans.delete(key);
    this.#again.forget(key);
    this.#due.schedule();
  }

  async #endAllDue(): Promise<void> {
    for (const ban of [...this.#bans.values()])
      if ((ban.until ?? Infinity) <= this.#options.clock.now()) await this.#end(ban);
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    this.#options.log.error('The list of those banned could not be kept', { error });
  }
}
