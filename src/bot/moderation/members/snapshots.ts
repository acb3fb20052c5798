import type { Timer } from '../../../platform/clock.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { Snapshot, SnapshotDifference } from '../../../plugins/api/members.ts';
import type { MembersConfig } from '../../config/moderation-config.ts';
import type { StoreMembers } from '../../store/members.ts';
import type { StoredSnapshot } from '../../store/members-rows.ts';
import type { MembersContext } from './ports.ts';
import { refreshMembers } from './standing.ts';
import { without } from './without.ts';

const DAY_MS = 86_400_000;
/** After entering a room its members are surely known; a snapshot of half of them would be worth nothing. */
const SETTLE_MS = 60_000;

export interface SnapshotsOptions extends MembersContext {
  readonly config: MembersConfig;
  readonly store: Pick<StoreMembers, 'addSnapshot' | 'snapshots' | 'snapshot'>;
}

/** Who belonged to each private room, day by day. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #timers = new Map<string, Timer>();
  #stopped = false;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** The bot is in this room: takes the daily snapshot when it is due. */
  entered(room: string): void {
    if (this.#options.config.dailySnapshot) this.#plan(room, SETTLE_MS);
  }

  /** The bot is not in this room any more. */
  left(room: string): void {
    this.#timers.get(room)?.cancel();
    this.#timers.delete(room);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** @throws PluginError `failed` when there is nothing to see, in words. */
  async take(room: string, by: string): Promise<Snapshot> {
    return this.#store(await this.#now(room), by, false);
  }

  /** The latest first. */
  async list(room: string): Promise<readonly Snapshot[]> {
    return (await this.#options.store.snapshots(room)).map(publicSnapshot);
  }

  /** @throws PluginError `not-found`. @param id absent: the latest */
  async get(room: string, id: number | undefined): Promise<Snapshot> {
    const found = await this.#options.store.snapshot(room, id);
    if (found !== undefined) return publicSnapshot(found);
    const what = id === undefined ? `no snapshot of ${room}` : `no snapshot ${id} of ${room}`;
    throw new PluginError('not-found', `There is ${what}`);
  }

  /** @throws PluginError `not-found`, `failed`. */
  async difference(room: string, id: number | undefined): Promise<SnapshotDifference> {
    const snapshot = await this.get(room, id);
    return differenceOf(snapshot, await this.#now(room));
  }

  async #now(room: string): Promise<Seen> {
    const { client } = this.#options;
    if (client.state.name === 'online') await refreshMembers(client, room);
    const known = client.rooms.get(room);
    if (known?.joined === true && !known.private)
      throw new PluginError('failed', `${room} is a public room: it has no members`);
    if (known?.private !== true || known.standing === 'visitor' || client.state.name !== 'online')
      throw new PluginError(
        'failed',
        `I do not know the members of ${room} now: I am not one of them, or not connected`,
      );
    const { owner, operators, members } = known;
    return {
      room,
      ...(owner !== undefined && { owner }),
      operators: sorted(operators),
      members: sorted(members),
    };
  }

  async #store(seen: Seen, by: string, automatic: boolean): Promise<Snapshot> {
    const { clock, config, store } = this.#options;
    const snapshot = { ...seen, at: clock.now(), by };
    const id = await store.addSnapshot({ ...snapshot, automatic }, config.snapshots);
    return { id, ...snapshot };
  }

  #plan(room: string, ms: number): void {
    this.left(room);
    if (this.#stopped) return;
    const { clock, log } = this.#options;
    this.#timers.set(
      room,
      clock.setTimeout(() => {
        this.#daily(room).catch((error: unknown) => {
          if (this.#stopped) return;
          log.warn('The daily snapshot of members was not taken', { room, error });
          this.#plan(room, DAY_MS / 24);
        });
      }, ms),
    );
  }

  /** One a day, also over restarts; none when nothing has changed, so that what is kept reaches far back. */
  async #daily(room: string): Promise<void> {
    const { client, clock, store } = this.#options;
    const known = client.rooms.get(room);
    if (known?.private !== true || known.standing === 'visitor') return;
    const last = (await store.snapshots(room)).find(({ automatic }) => automatic);
    const due = last === undefined ? clock.now() : last.at + DAY_MS;
    if (clock.now() < due) {
      this.#plan(room, due - clock.now());
      return;
    }
    const seen = await this.#now(room);
    if (last === undefined || !isSame(last, seen)) await this.#store(seen, 'the bot', true);
    this.#plan(room, DAY_MS);
  }
}

type Seen = Pick<Snapshot, 'room' | 'owner' | 'operators' | 'members'>;

const sorted = (names: readonly string[]) => [...names].sort();

/** What changed from a snapshot to what is seen. */
function differenceOf(snapshot: Snapshot, seen: Seen): SnapshotDifference {
  const but = (all: readonly string[], without: readonly string[]) => {
    const known = new Set(without);
    return all.filter((user) => !known.has(user));
  };
  return {
    snapshot,
    gone: but(snapshot.members, seen.members),
    come: but(seen.members, snapshot.members),
    operatorsGone: but(snapshot.operators, seen.operators),
    operatorsCome: but(seen.operators, snapshot.operators),
  };
}

/** Who is to be invited, and who is only to be made an operator again, which owners alone can do. */
export function whomToRestore(
  { gone, operatorsGone }: Pick<SnapshotDifference, 'gone' | 'operatorsGone'>,
  owner: boolean,
): readonly string[] {
  return [...new Set([...gone, ...(owner ? operatorsGone : [])])];
}

function isSame(one: Seen, other: Seen): boolean {
  const text = ({ owner, operators, members }: Seen) => JSON.stringify([owner, operators, members]);
  return text(one) === text(other);
}

const publicSnapshot = (of: StoredSnapshot): Snapshot => without(of, 'automatic');
