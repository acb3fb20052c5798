/** A Soulseek client as a library: `import { SoulseekClient, realPlatform, nullLog } from 'seekeeper/client'`. */

export type { Log } from '../platform/log.ts';
export { nullLog } from '../platform/null-log.ts';
export type { Platform } from '../platform/platform.ts';
export { realPlatform } from '../platform/real/real-platform.ts';

export { SoulseekClient, type StopOptions } from './client.ts';
export type { SearchTree } from './distributed/search-tree.ts';
export type { TreeOptions } from './distributed/tree-options.ts';
export type { TreeSnapshot } from './distributed/tree-snapshot.ts';
export type { ClientEventName, ClientEvents, LeftReason } from './events.ts';
export type { Governor } from './governor/governor.ts';
export type { GovernorSnapshot, TrafficDrop } from './governor/governor-types.ts';
export {
  LIMITS,
  LimitError,
  type LimitOptions,
  type LimitSpec,
  type Limits,
  resolveLimits,
} from './governor/limits.ts';
export type { QueueDepth } from './governor/queues.ts';
export type {
  DropCode,
  Priority,
  SendOptions,
  SendOutcome,
  Traffic,
  TrafficKind,
} from './governor/traffic.ts';
export type { LineOptions, LineQueue, LineRequest, QueuedLine } from './lines/line-queue.ts';
export type { Receipt } from './lines/receipts.ts';
export { MemoryInbox, MemoryOutbox, MemoryState } from './memory-ports.ts';
export type { ListenOptions, SoulseekClientOptions } from './network-options.ts';
export { NotOnlineError } from './not-online-error.ts';
export { ListenError } from './peers/listener.ts';
export { PeerError, type PeerFailure } from './peers/peer-link.ts';
export type { PeerMessaging, PeerRequestOptions } from './peers/peer-messaging.ts';
export type { PeerLimits } from './peers/peer-options.ts';
export type { Peers } from './peers/peers.ts';
export type { PeersSnapshot } from './peers/snapshot.ts';
export type {
  Inbox,
  InboxEntry,
  InboxVerdict,
  LinePriority,
  LineState,
  Outbox,
  OutboxLine,
  StatePort,
} from './ports.ts';
export type { RoomAdmin } from './rooms/admin.ts';
export type { Notice } from './rooms/notices.ts';
export type { AdminOutcome, RefusalCode, RoomSnapshot, RoomUser, Standing } from './rooms/room.ts';
export type { Rooms } from './rooms/rooms.ts';
export type { SearchAnswer, SearchAnswerer, SearchAnswering, SearchQuestion } from './search/answering.ts';
export type { SearchFilter } from './search/filter.ts';
export type { FileAttributes, SearchHit } from './search/hit.ts';
export type { RequestFilter, SearchRequests } from './search/requests/search-requests.ts';
export type { SearchRequestBatch, SearchRequestEvent } from './search/requests/subscription.ts';
export { SearchError, type SearchErrorCode } from './search/search-error.ts';
export type { Search, SearchEnd } from './search/search-run.ts';
export type { Searches, SearchOptions, SearchScope, WishlistSearchOptions } from './search/searches.ts';
export type { ServerLink, Undo } from './server-link.ts';
export type { SessionState, SessionStateName } from './session/state.ts';
export { MAJOR_VERSION, MINOR_VERSION } from './session/version.ts';
export type { UserSnapshot, UserStats, UserStatus } from './users/user.ts';
export type { Users } from './users/users.ts';
