import type { RoomSnapshot } from '../../network/rooms/room.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { RolesConfig } from '../config/config.ts';

/** What has to be known of a room to say what people are in it. */
export type RoomPowers = Pick<RoomSnapshot, 'private' | 'owner' | 'operators' | 'members'>;

/** Each role brings those behind it. Roles of the config and of a room never bring each other. */
const FROM_CONFIG: readonly (Role & keyof RolesConfig)[] = ['owner', 'mod', 'trusted'];
const FROM_ROOM: readonly Role[] = ['room.owner', 'room.operator', 'room.member'];

/**
 * What people are to the bot. User names are compared exactly, case included: on this network `Meg` and `meg` are two
 * people. An owner is also mod and trusted, a mod also trusted; the owner of a private room is also its operator and
 * member, an operator also a member. In public rooms nobody is anything.
 */
export class Roles {
  readonly #configured = new Map<string, ReadonlySet<Role>>();

  constructor(config: RolesConfig) {
    // The weakest first, so that the strongest that names somebody is what counts.
    for (const [index, role] of [...FROM_CONFIG.entries()].reverse()) {
      for (const user of config[role]) this.#configured.set(user, new Set(FROM_CONFIG.slice(index)));
    }
  }

  /** @param room the room in which it is asked; absent: in private, where only the config counts. */
  rolesOf(user: string, room?: RoomPowers): ReadonlySet<Role> {
    const configured = this.#configured.get(user) ?? NOBODY;
    if (room === undefined || !room.private) return configured;
    const rank = rankIn(user, room);
    return rank === undefined ? configured : new Set([...configured, ...FROM_ROOM.slice(rank)]);
  }
}

const NOBODY: ReadonlySet<Role> = new Set();

function rankIn(user: string, room: RoomPowers): number | undefined {
  if (room.owner === user) return 0;
  if (room.operators.includes(user)) return 1;
  return room.members.includes(user) ? 2 : undefined;
}
