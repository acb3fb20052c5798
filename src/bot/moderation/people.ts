import type { Role } from '../../plugins/api/people.ts';
import type { ModerationConfig } from '../config/moderation-config.ts';

/** Why nothing ever happens to somebody. */
export type Protection = 'bot' | 'owner' | 'staff' | 'room owner' | 'room operator' | 'exempt';

/** What has to be known of a room to say who is protected in it. */
export interface RoomPeople {
  readonly private: boolean;
  readonly owner?: string;
  /** Without the owner. */
  readonly operators: ReadonlySet<string>;
  /** Without the owner, with the operators. */
  readonly members: ReadonlySet<string>;
}

export interface PeopleOptions {
  /** The bot's user name. */
  readonly self: string;
  /** Roles of the config. */
  readonly roles: { readonly owner: readonly string[]; readonly mod: readonly string[] };
  readonly moderation: Pick<ModerationConfig, 'exempt' | 'staff'>;
  /** Roles that the config gives. */
  readonly rolesOf: (user: string) => ReadonlySet<Role>;
}

/** Who is staff, and whom nothing happens to. Names are exact. */
export class People {
  readonly #options: PeopleOptions;
  readonly #staff: ReadonlySet<string>;
  readonly #exempt: ReadonlySet<string>;

  constructor(options: PeopleOptions) {
    const { roles, moderation } = options;
    this.#options = options;
    this.#staff = new Set([...roles.owner, ...roles.mod, ...moderation.staff.users]);
    this.#exempt = new Set(moderation.exempt.users);
  }

  /** Staff of the bot, wherever they are. */
  get staff(): readonly string[] {
    return [...this.#staff];
  }

  /** Staff and those whom the room itself gives power. */
  staffIn(room: RoomPeople): readonly string[] {
    if (!room.private) return [...this.#staff];
    const owner = room.owner === undefined ? [] : [room.owner];
    return [...new Set([...this.#staff, ...owner, ...room.operators])];
  }

  /** @returns undefined: rules judge them. */
  protection(user: string, room: RoomPeople): Protection | undefined {
    const { self, roles, moderation } = this.#options;
    if (user === self) return 'bot';
    if (roles.owner.includes(user)) return 'owner';
    if (this.#staff.has(user)) return 'staff';
    if (room.private && room.owner === user) return 'room owner';
    if (room.private && room.operators.has(user)) return 'room operator';
    if (this.#exempt.has(user)) return 'exempt';
    return moderation.exempt.roles.some((role) => this.has(user, role, room)) ? 'exempt' : undefined;
  }

  /** Whether somebody has a role, here. */
  has(user: string, role: Role, room: RoomPeople): boolean {
    if (role === 'owner' || role === 'mod' || role === 'trusted')
      return this.#options.rolesOf(user).has(role);
    if (!room.private) return false;
    if (room.owner === user) return true;
    if (role === 'room.owner') return false;
    return role === 'room.operator' ? room.operators.has(user) : room.members.has(user);
  }
}

/** In words, behind a name. */
export function protectionText(protection: Protection, room: string): string {
  switch (protection) {
    case 'bot':
      return 'the bot itself: nothing happens to it';
    case 'owner':
      return 'my owner: nothing happens to owners';
    case 'staff':
      return 'one of the staff: nothing happens to staff';
    case 'room owner':
      return `the owner of ${room}: nothing happens to them`;
    case 'room operator':
      return `an operator of ${room}: nothing happens to operators`;
    case 'exempt':
      return 'exempt by config.yaml (moderation.exempt): nothing happens to them';
  }
}
