import type { MembersConfig } from '../../config/moderation-config.ts';
import type { StoreMembers } from '../../store/members.ts';
import type { MembersContext, Voice } from './ports.ts';

/** What the membership engine is made with. */
export interface MembersOptions extends Omit<MembersContext, 'commit'> {
  readonly store: StoreMembers;
  readonly config: MembersConfig;
  readonly voice: Voice;
  /** Why nothing ever happens to somebody in a room, behind their name. @default nobody is protected */
  readonly protection?: (room: string, user: string) => string | undefined;
  /** Whether moderation is halted. @default never */
  readonly halted?: () => boolean;
}
