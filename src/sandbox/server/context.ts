import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Random } from '../../platform/random.ts';
import type { Accounts } from './accounts.ts';
import type { Bans } from './bans.ts';
import type { DialectRules } from './dialect.ts';
import type { SandboxServerEvents } from './events.ts';
import type { FloodDetector } from './flood.ts';
import type { Mailbox } from './mailbox.ts';
import type { ResolvedOptions } from './options.ts';
import type { ParentOffers } from './parent-offers.ts';
import type { Rooms } from './room.ts';
import type { SearchBatch } from './searches.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What every part of the server shares. */
export interface Context {
  readonly clock: Clock;
  readonly random: Random;
  readonly options: ResolvedOptions;
  readonly rules: DialectRules;
  readonly accounts: Accounts;
  readonly bans: Bans;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly mailbox: Mailbox;
  /** Undefined when flooding is allowed. */
  readonly flood: FloodDetector | undefined;
  readonly searchBatch: SearchBatch;
  readonly parentOffers: ParentOffers;
  readonly events: Emitter<SandboxServerEvents>;
  /** Live: replaced by the admin. */
  excludedPhrases: readonly string[];
  /** A private message from `server` to an online user; such messages are not stored [aioslsk]. */
  notify(user: string, text: string): void;
  /** Tells the user that it is banned, ends its session, and ignores account and address for a while. */
  banForFlooding(session: Session, why: string): void;
}
