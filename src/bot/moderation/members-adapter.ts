import type { Members } from './members/members.ts';
import type { MembersPort } from './members-port.ts';

/** The membership engine as cases use it. */
export function membersPort(members: Members): MembersPort {
  return {
    removeFor: ({ room, user, actor: by, reason, case: of }, until) =>
      members.ban({ room, user, by, reason, case: of, until }),
    ban: ({ room, user, actor: by, reason, case: of }) => members.ban({ room, user, by, reason, case: of }),
    unban: (room, user, by, of) => members.unban(room, user, by, of),
    unbannedBy: async (room, user, since) => {
      const notes = await members.history(room, user);
      return notes.find(({ what, at }) => what === 'unbanned' && at >= since)?.actor;
    },
    invite: (room, user, by) => members.invite(room, user, by),
    removedBy: (room, user) => members.actions.actorOf('remove', room, user),
  };
}
