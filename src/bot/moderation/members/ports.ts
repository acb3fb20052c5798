import type { SoulseekClient } from '../../../network/client.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { MemberChange } from '../../store/members.ts';

/** What is needed of the network. */
export type MembersClient = Pick<SoulseekClient, 'username' | 'state' | 'rooms' | 'admin' | 'users' | 'on'>;

/** Ways to people. */
export interface Voice {
  /** A private message. @returns false when it will not be sent. */
  readonly tell: (user: string, text: string) => Promise<boolean>;
  /** To the owners of the bot. @param subject is told once an hour at most */
  readonly owners: (subject: string, text: string) => void;
  /** To those who moderate. @param key is told once */
  readonly staff: (key: string, text: string) => Promise<unknown>;
}

/** What the parts of the membership engine share. */
export interface MembersContext {
  readonly client: MembersClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Durable once resolved. */
  readonly commit: (change: MemberChange) => Promise<void>;
}

/** One person in one room. Neither name has line breaks. */
export const keyOf = (room: string, user: string): string => `${room}\n${user}`;
