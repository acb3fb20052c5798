import type { RoomAdminPort } from '../../runtime/services/rooms.ts';
import type { Members } from './members.ts';

type Act = RoomAdminPort['addMember'];

/** `bot.rooms.addMember` and the like of plugins: known as theirs, and bound by the list of those banned. */
export function recordedAdmin(members: Pick<Members, 'actions' | 'objection'>): RoomAdminPort {
  const act =
    (deed: 'remove' | 'op' | 'deop'): Act =>
    (room, user, { origin }) =>
      members.actions.run(deed, room, user, `plugin ${origin}`, { origin });
  return {
    addMember: async (room, user, { origin }) => {
      const reason = members.objection(room, user);
      if (reason !== undefined) return { state: 'refused', code: 'banned', reason };
      return members.actions.run('add', room, user, `plugin ${origin}`, { origin });
    },
    removeMember: act('remove'),
    addOperator: act('op'),
    removeOperator: act('deop'),
  };
}
