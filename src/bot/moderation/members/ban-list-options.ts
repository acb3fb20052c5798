import type { MembersConfig } from '../../config/moderation-config.ts';
import type { MemberActions } from './actions.ts';
import type { Invitations } from './invitations.ts';
import type { MembersContext, Voice } from './ports.ts';
import type { Reports } from './reports.ts';

/** What the list of those banned is made with. */
export interface BanListOptions extends MembersContext {
  readonly config: MembersConfig;
  readonly actions: MemberActions;
  readonly invitations: Invitations;
  readonly reports: Reports;
  readonly voice: Voice;
  /** Why nothing ever happens to somebody, behind their name; undefined: they may be put out. */
  readonly protection: (room: string, user: string) => string | undefined;
  /** Whether moderation is halted: then nothing is done but what people order. */
  readonly halted: () => boolean;
}
