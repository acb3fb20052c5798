import type { StoreMembers } from '../../store/members.ts';
import { banText, minuteOf } from './texts.ts';

/** `!mydata` and `!forgetme`. Bans stay, and so does the log of who changed what, as long as they are kept. */
export function membersPersonal(
  store: Pick<StoreMembers, 'record' | 'erase'>,
): (act: 'show' | 'forget', user: string) => Promise<unknown> {
  return async (act, user) => {
    if (act === 'forget') return store.erase(user);
    const { invitations, bans, applications, changes } = await store.record(user);
    return [
      ...bans.map((ban) => `${banText(ban)}, since ${minuteOf(ban.at)}`),
      ...invitations.map(
        ({ room, by, at, state }) => `invited to ${room} by ${by}, ${minuteOf(at)}: ${state}`,
      ),
      ...applications.map(({ room, at, state, answers }) => {
        const said = answers.length === 0 ? '' : `, ${answers.length} answers`;
        return `applied to ${room}, ${minuteOf(at)}: ${state}${said}`;
      }),
      ...(changes === 0 ? [] : [`${changes} changes of membership noted`]),
    ];
  };
}
