import type { MembersService } from '../../../plugins/host/services.ts';
import type { Members } from './members.ts';

/** `bot.members`. */
export function membersService(members: Members): MembersService {
  return {
    invite: (_instance, room, user, by, options) => members.invite(room, user, by, options?.ttlMs),
    withdraw: (_instance, room, user, by) => members.withdraw(room, user, by),
    remove: (_instance, room, user, by) => members.remove(room, user, by),
    op: (_instance, room, user, by) => members.op(room, user, by),
    deop: (_instance, room, user, by) => members.deop(room, user, by),
    pending: (_instance, room) => members.pending(room),
    banned: async (_instance, room) => members.banned(room),
    unban: (_instance, room, user, by) => members.unban(room, user, by),
    snapshot: (_instance, room, by) => members.snapshot(room, by),
    snapshots: (_instance, room) => members.snapshots(room),
    difference: (_instance, room, id) => members.difference(room, id),
    restore: (_instance, room, id, by) => members.restore(room, id, by),
    applicants: (_instance, room) => members.applicants(room),
    apply: (_instance, applicant) => members.apply(applicant),
    admit: (_instance, room, user, by, answer) => members.admit(room, user, by, answer),
    history: (_instance, room, user) => members.history(room, user),
  };
}
