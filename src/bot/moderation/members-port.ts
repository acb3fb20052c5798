import type { RoomOutcome } from '../../plugins/api/rooms.ts';

/** Whom a case puts out of a private room. */
export interface MemberSanction {
  /** The case's id: doing the same for it again, after a crash, changes nothing. */
  readonly case: number;
  readonly room: string;
  readonly user: string;
  /** Who decided it: a user name, `console` or `rule`. */
  readonly actor: string;
  readonly reason: string;
}

/** What the consequences of cases need of the membership of private rooms. */
export interface MembersPort {
  /** Puts out until then (milliseconds since the epoch), and sees to it, durably, that they are invited again. */
  removeFor(sanction: MemberSanction, until: number): Promise<RoomOutcome>;
  /** Puts out for good: on the list of those who are not to be members. */
  ban(sanction: MemberSanction): Promise<RoomOutcome>;
  /**
   * Takes somebody off that list, and ends a removal for a time, if it is that of the case: not what was decided since.
   * @returns whether there was anything to end.
   */
  unban(room: string, user: string, by: string, of: number): Promise<boolean>;
  /** Who took somebody off that list since then; undefined: nobody. */
  unbannedBy(room: string, user: string, since: number): Promise<string | undefined>;
  /** Now, or as soon as they are online and accept invitations; resolves once that is noted. */
  invite(room: string, user: string, by: string): Promise<unknown>;
  /** On whose behalf the bot itself has just put somebody out; undefined: it was not the bot. */
  removedBy(room: string, user: string): string | undefined;
}
