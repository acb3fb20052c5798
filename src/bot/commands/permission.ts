import type { Role } from '../../plugins/api/people.ts';
import { anyOf } from './parse-value.ts';

/** May somebody with these roles run what these roles are needed for? The bot's owner may run everything. */
export function isAllowed(roles: ReadonlySet<Role>, allow: readonly Role[]): boolean {
  return allow.length === 0 || roles.has('owner') || allow.some((role) => roles.has(role));
}

/** Nobody who keeps a room in order waits for a cooldown; their use is charged all the same, for the room's sake. */
export function waitsForCooldown(roles: ReadonlySet<Role>): boolean {
  return !roles.has('owner') && !roles.has('mod');
}

/** `mod or owner`, for people. */
export function rolesText(allow: readonly Role[]): string {
  return anyOf(allow.map((role) => ROLE_NAMES[role]));
}

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  owner: 'owner',
  mod: 'mod',
  trusted: 'trusted',
  'room.owner': 'owner of the room',
  'room.operator': 'operator of the room',
  'room.member': 'member of the room',
};
