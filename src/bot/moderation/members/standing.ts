import { PluginError } from '../../../plugins/api/errors.ts';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import type { MembersClient } from './ports.ts';

export interface Problem {
  readonly code: 'public-room' | 'no-power' | 'not-joined' | 'offline';
  /** In words, for whoever commanded it. */
  readonly reason: string;
}

/** Why the bot cannot change who belongs to a room now; undefined: it can. */
export function powerProblem(client: MembersClient, room: string): Problem | undefined {
  if (client.state.name !== 'online') return { code: 'offline', reason: 'I am not connected at the moment' };
  const known = client.rooms.get(room);
  if (known?.joined === true && !known.private)
    return {
      code: 'public-room',
      reason: `${room} is a public room: it has no members, and nobody can let in or remove anyone there`,
    };
  if (known?.standing === 'owner' || known?.standing === 'operator') return undefined;
  if (known?.private === true && known.standing === 'member')
    return {
      code: 'no-power',
      reason: `I am an ordinary member of ${room}; only its owner and operators let people in and remove them`,
    };
  return { code: 'not-joined', reason: `I am not in ${room}, or not a member of it` };
}

export function isMember(client: MembersClient, room: string, user: string): boolean {
  const known = client.rooms.get(room);
  return known !== undefined && (known.owner === user || known.members.includes(user));
}

export function isOperator(client: MembersClient, room: string, user: string): boolean {
  return client.rooms.get(room)?.operators.includes(user) ?? false;
}

/**
 * Makes sure that what is known of the room's members is so: an owner is not told of everything that operators do, but the list
 * of rooms brings the members anew.
 */
export async function refreshMembers(client: MembersClient, room: string): Promise<void> {
  if (client.rooms.get(room)?.standing === 'owner') await client.rooms.refreshList();
}

/** Why somebody cannot be put out of a room, known before anything is written down. While offline nothing is known. */
export function banRefusal(
  client: MembersClient,
  room: string,
  user: string,
): (RoomOutcome & { readonly state: 'refused' }) | undefined {
  const refuse = (code: string, reason: string) => ({ state: 'refused', code, reason }) as const;
  if (user === client.username) return refuse('self', 'that is me');
  const problem = powerProblem(client, room);
  if (problem !== undefined && problem.code !== 'offline') return refuse(problem.code, problem.reason);
  const known = client.rooms.get(room);
  if (known?.owner === user) return refuse('is-owner', `${user} owns ${room}`);
  if (known?.standing === 'operator' && isOperator(client, room, user))
    return refuse('no-power', `${user} is an operator of ${room}; only its owner can remove one`);
  return undefined;
}

/** @throws PluginError `invalid` for what no user is called. */
export function checkUser(user: string): void {
  if (user.length <= 30 && /^[\x20-\x7e]+$/.test(user) && user.trim() === user) return;
  throw new PluginError('invalid', `${JSON.stringify(user.slice(0, 60))} is no user name`);
}
