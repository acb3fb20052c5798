import type { Timer } from '../../../platform/clock.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type {
  Applicant,
  Banned,
  Invitation,
  MemberChangeNote,
  Snapshot,
  SnapshotDifference,
} from '../../../plugins/api/members.ts';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import type { StoredInvitation } from '../../store/members-rows.ts';
import { type Deed, MemberActions } from './actions.ts';
import { Applicants } from './applicants.ts';
import { BanList } from './ban-list.ts';
import type { BanRequest } from './ban-request.ts';
import type { InvitationOrder } from './invitation-book.ts';
import { Invitations } from './invitations.ts';
import type { MembersOptions } from './members-options.ts';
import { MemberObserver } from './observer.ts';
import type { MembersContext } from './ports.ts';
import { Reports } from './reports.ts';
import { Snapshots, whomToRestore } from './snapshots.ts';
import { checkUser, isMember, isOperator, powerProblem, refreshMembers } from './standing.ts';
import { banText, publicBan } from './texts.ts';

/** After entering a room its members are known. */
const SETTLE_MS = 5_000;
const MAX_TTL_MS = 365 * 86_400_000;
const MAX_NOTES = 500;

/** Membership of private rooms, with a memory. */
export class Members {
  readonly actions: MemberActions;
  readonly #options: MembersOptions;
  readonly #context: MembersContext;
  readonly #reports: Reports;
  readonly #invitations: Invitations;
  readonly #bans: BanList;
  readonly #snapshots: Snapshots;
  readonly #applicants: Applicants;
  readonly #observer: MemberObserver;
  readonly #sweeps = new Map<string, Timer>();
  #left: readonly StoredInvitation[] = [];
  #started = false;
  #undo: (() => void)[] = [];

  constructor(options: MembersOptions) {
    const { client, clock, log, config, store, voice } = options;
    const { protection = () => undefined, halted = () => false } = options;
    this.#options = options;
    const context: MembersContext = { client, clock, log, commit: (change) => store.commit(change) };
    this.#context = context;
    const actions = new MemberActions(context);
    this.actions = actions;
    const reports = new Reports(clock, log, voice);
    this.#reports = reports;
    const invitations = new Invitations({ ...context, actions, reports, voice });
    this.#invitations = invitations;
    const bans = new BanList({
      ...context,
      config,
      actions,
      invitations,
      reports,
      voice,
      protection,
      halted,
    });
    this.#bans = bans;
    this.#snapshots = new Snapshots({ ...context, config, store });
    this.#applicants = new Applicants({ ...context, store, bans });
    this.#observer = new MemberObserver({ ...context, actions, invitations, bans });
  }

  /** Requests that are under way. */
  get active(): number {
    return this.actions.active + this.#invitations.active + this.#bans.active;
  }

  /** Knows what an earlier run left. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    this.#bans.load(await this.#options.store.bans());
    this.#left = await this.#options.store.open();
  }

  /** The bot is in its rooms: goes on with everything. A second call does nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { client } = this.#context;
    this.#undo = [
      this.#observer.listen(),
      client.on('user.status', ({ user, status, was }) => {
        if (status !== 'offline' && (was === undefined || was === 'offline')) this.#invitations.online(user);
      }),
      // The server says nothing of an account that did not exist when we asked; that they come into a room does.
      client.on('room.join', ({ user }) => {
        const waits = ({ user: whom, state }: StoredInvitation) => whom === user && state === 'waiting';
        if (this.#invitations.list(undefined).some(waits)) this.#invitations.online(user);
      }),
      client.on('room.entered', ({ room }) => this.#entered(room.name)),
      client.on('room.standing', ({ room }) => this.#entered(room)),
      client.on('room.exited', ({ room }) => this.#snapshots.left(room)),
      client.on('state', ({ state }) => {
        if (state.name === 'online') this.#invitations.wake();
      }),
    ];
    this.#invitations.start(this.#left);
    this.#left = [];
    this.#bans.start();
    for (const { name } of client.rooms.known()) this.#entered(name);
  }

  /** Begins nothing more. @returns when what is under way has ended, at the latest with the connection; never rejects. */
  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    for (const timer of this.#sweeps.values()) timer.cancel();
    this.#snapshots.stop();
    this.#reports.close();
    await Promise.all([this.#invitations.stop(), this.#bans.stop()]);
  }

  /** What the ban list has against it; undefined: nothing. */
  objection(room: string, user: string): string | undefined {
    const ban = this.#bans.get(room, user);
    return ban && banText(ban);
  }

  async invite(room: string, user: string, by: string, ttlMs?: number): Promise<Invitation> {
    const ttl = ttlMs ?? this.#options.config.invitationTtlMs;
    if (!(ttl > 0 && ttl <= MAX_TTL_MS)) throw new PluginError('invalid', 'ttl must be up to 365 days');
    return this.#invite({ room, user, by, why: 'command', ttlMs: ttl });
  }

  withdraw(room: string, user: string, by: string): Promise<boolean> {
    return this.#invitations.end(room, user, { kind: 'withdrawn', by });
  }

  async remove(room: string, user: string, by: string): Promise<RoomOutcome> {
    const outcome = await this.#act('remove', room, user, by);
    if (outcome.state !== 'refused') await this.withdraw(room, user, by);
    return outcome;
  }

  op(room: string, user: string, by: string): Promise<RoomOutcome> {
    return this.#act('op', room, user, by);
  }

  deop(room: string, user: string, by: string): Promise<RoomOutcome> {
    return this.#act('deop', room, user, by);
  }

  async pending(room: string | undefined): Promise<readonly Invitation[]> {
    const settled = await this.#options.store.settled(room);
    return [...this.#invitations.list(room), ...settled].map((of) => this.#publicInvitation(of));
  }

  banned(room: string | undefined): readonly Banned[] {
    return this.#bans.list(room).map(publicBan);
  }

  ban(request: BanRequest): Promise<RoomOutcome> {
    checkUser(request.user);
    return this.#bans.add(request);
  }

  /** Somebody whose time is not over yet is invited again now. @param of only what that case led to */
  async unban(room: string, user: string, by: string, of?: number): Promise<boolean> {
    const ban = await this.#bans.lift(room, user, by, of);
    if (ban === undefined) return false;
    if (ban.kind === 'timed' && ban.wasMember && !isMember(this.#context.client, room, user)) {
      const ttlMs = this.#options.config.invitationTtlMs;
      await this.#invitations.add([{ room, user, by, why: 'timed', ttlMs }]);
    }
    return true;
  }

  snapshot(room: string, by: string): Promise<Snapshot> {
    return this.#snapshots.take(room, by);
  }

  snapshots(room: string): Promise<readonly Snapshot[]> {
    return this.#snapshots.list(room);
  }

  difference(room: string, id: number | undefined): Promise<SnapshotDifference> {
    return this.#snapshots.difference(room, id);
  }

  async restore(room: string, id: number, by: string): Promise<number> {
    const { client, log } = this.#context;
    const problem = powerProblem(client, room);
    if (problem !== undefined) throw new PluginError('failed', problem.reason);
    const difference = await this.#snapshots.difference(room, id);
    const { config } = this.#options;
    const owner = client.rooms.get(room)?.standing === 'owner';
    const people = whomToRestore(difference, owner).filter((user) => this.#mayReturn(room, user));
    const what = `restored from snapshot ${id}`;
    const orders = people.map(
      (user): InvitationOrder => ({
        room,
        user,
        by,
        why: 'restore',
        ttlMs: config.invitationTtlMs,
        operator: owner && difference.snapshot.operators.includes(user),
      }),
    );
    await this.#invitations.add(orders, what);
    log.info('A snapshot of members is being restored', { room, snapshot: id, by, people: people.length });
    return people.length;
  }

  applicants(room: string | undefined): Promise<readonly Applicant[]> {
    return this.#applicants.list(room);
  }

  apply(applicant: unknown): Promise<Applicant> {
    return this.#applicants.apply(applicant);
  }

  async admit(room: string, user: string, by: string, answer: 'approve' | 'reject'): Promise<Applicant> {
    const objection = answer === 'approve' ? this.objection(room, user) : undefined;
    if (objection !== undefined)
      throw new PluginError('failed', `${objection}; take them off the list first`);
    const applicant = await this.#applicants.decide(room, user, by, answer);
    if (answer === 'reject') return applicant;
    const { invitationTtlMs: ttlMs } = this.#options.config;
    const { state, detail } = await this.#invite({ room, user, by, why: 'gate', ttlMs });
    const how =
      state === 'done' ? 'a member now' : `invitation ${state}${detail === undefined ? '' : `: ${detail}`}`;
    const all = [applicant.detail, how].filter((text) => text !== undefined).join('; ');
    return { ...applicant, detail: all, invitation: state };
  }

  /** Who changed what, the latest first. */
  history(room: string, user: string | undefined): Promise<readonly MemberChangeNote[]> {
    return this.#options.store.log(room, user, MAX_NOTES);
  }

  async #invite(order: InvitationOrder): Promise<Invitation> {
    const { client, clock } = this.#context;
    const { room, user, by, why, ttlMs } = order;
    checkUser(user);
    const answer = (state: 'refused' | 'done', detail: string): Invitation => {
      const at = clock.now();
      return { room, user, by, at, expires: at + ttlMs, state, detail, why };
    };
    if (user === client.username) return answer('refused', 'that is me');
    const objection = this.objection(room, user);
    if (objection !== undefined) return answer('refused', `${objection}; take them off the list first`);
    const problem = powerProblem(client, room);
    if (problem !== undefined && problem.code !== 'offline') return answer('refused', problem.reason);
    if (problem === undefined && isMember(client, room, user)) return answer('done', 'a member already');
    const flag = this.#bans.flagOf(room, user);
    return this.#publicInvitation(await this.#invitations.ask({ ...order, flag }));
  }

  async #act(deed: Exclude<Deed, 'add'>, room: string, user: string, by: string): Promise<RoomOutcome> {
    const { client } = this.#context;
    checkUser(user);
    const problem = powerProblem(client, room);
    if (problem !== undefined) return { state: 'refused', ...problem };
    if (!isMember(client, room, user)) await refreshMembers(client, room);
    if (!isMember(client, room, user))
      return { state: 'refused', code: 'not-member', reason: `${user} is not a member of ${room}` };
    if (deed === 'deop' && !isOperator(client, room, user))
      return { state: 'refused', code: 'not-operator', reason: `${user} is not an operator of ${room}` };
    if (deed === 'op' && isOperator(client, room, user))
      return {
        state: 'refused',
        code: 'already-operator',
        reason: `${user} is an operator of ${room} already`,
      };
    return this.actions.run(deed, room, user, by);
  }

  #mayReturn(room: string, user: string): boolean {
    return user !== this.#context.client.username && this.#bans.get(room, user) === undefined;
  }

  #entered(room: string): void {
    const { client, clock } = this.#context;
    if (client.rooms.get(room)?.private !== true) return;
    this.#snapshots.entered(room);
    this.#invitations.wake();
    this.#sweeps.get(room)?.cancel();
    this.#sweeps.set(
      room,
      clock.setTimeout(() => {
        this.#sweeps.delete(room);
        this.#bans.sweep(room);
        this.#invitations.wake();
      }, SETTLE_MS),
    );
  }

  #publicInvitation(of: StoredInvitation): Invitation {
    const { room, user, by, at, expires, state, why, flag } = of;
    const problem = of.settledAt === undefined ? powerProblem(this.#context.client, room) : undefined;
    const detail = [problem?.reason ?? of.detail, flag].filter((text) => text !== undefined).join('; ');
    return { room, user, by, at, expires, state, why, ...(detail !== '' && { detail }) };
  }
}
