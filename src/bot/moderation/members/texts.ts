import type { Banned } from '../../../plugins/api/members.ts';
import type { StoredBan, StoredInvitation } from '../../store/members-rows.ts';

/** To somebody who does not accept invitations. */
export function howToAccept({ room, by }: StoredInvitation, inviter: boolean): string {
  const who = inviter ? `${by} would like you to be` : 'You are to be';
  return (
    `${who} a member of the private room ${room}, but your client does not accept invitations to rooms. To allow it: ` +
    'Nicotine+: All Rooms → Accept private room invitations. SoulseekQt and others: the setting that allows private room ' +
    'invitations. I try again by myself, also when you log in the next time. (I am a bot.)'
  );
}

/** How an invitation ended, for who asked for it. */
export function endOf({ room, user, state, detail, why, operator, phase }: StoredInvitation): string {
  const because = detail === undefined ? '' : `: ${detail}`;
  const again = why === 'timed' || why === 'restore' ? ' again' : '';
  switch (state) {
    case 'done':
      if (detail !== undefined) return `${user} in ${room}: ${detail}`;
      return `${user} is ${operator ? 'a member and an operator' : 'a member'} of ${room}${again}`;
    case 'expired':
      return phase === 'operator'
        ? `${user} is a member of ${room}, but could not be made an operator${because}`
        : `the invitation of ${user} to ${room} has expired${because}`;
    case 'withdrawn':
      return `the invitation of ${user} to ${room} was ${detail ?? 'withdrawn'}`;
    default:
      return `${user} could not be invited to ${room}${because}`;
  }
}

/** Why somebody is not to be a member, in words. */
export function banText({ user, room, by, reason, until }: StoredBan): string {
  const time = until === undefined ? '' : ` until ${minuteOf(until)}`;
  return `${user} is banned from ${room}${time} by ${by}${reason === '' ? '' : ` (${reason})`}`;
}

/** A time for people, to the minute. @param at milliseconds since the epoch */
export function minuteOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A ban as plugins see it. */
export function publicBan({ room, user, by, at, reason, until, case: number, kind }: StoredBan): Banned {
  const ban: Banned = { room, user, by, at, reason, kind };
  return {
    ...ban,
    ...(until !== undefined && { until }),
    ...(number !== undefined && { case: number }),
  };
}
