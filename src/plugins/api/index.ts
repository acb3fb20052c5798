// A first plugin: definePlugin, s for its config, arg for its commands.

export type { Arg, ArgKind, ArgSpec, Args, ArgValues } from './args.ts';
export { arg } from './args.ts';
// What handlers and commands get.
export type {
  Bot,
  BotLog,
  EventHandler,
  Registration,
  Rooms,
  Self,
  Store,
  StoreOptions,
  StoreUsage,
  Users,
} from './bot.ts';
export type {
  ActionDefinition,
  Case,
  CaseOutcome,
  CaseQuery,
  CaseState,
  Cases,
  Consequence,
  ModerationMode,
  Power,
  RoomPower,
  Sanction,
  Strikes,
} from './cases.ts';
export type { CommandAnswer, CommandContext, CommandDefinition, CommandPlace, Cooldown } from './command.ts';
export {
  API_VERSION,
  definePlugin,
  type NoConfig,
  type Plugin,
  type PluginDefinition,
} from './define-plugin.ts';
export type {
  Dialog,
  DialogDefinition,
  DialogMove,
  DialogPartner,
  DialogStep,
  DialogTurn,
} from './dialog.ts';
// Helpers.
export { type DurationInput, formatDuration, parseDuration } from './duration.ts';
export { PluginError, type PluginErrorCode } from './errors.ts';
export type {
  AnswerableEvent,
  AnyEvent,
  ConnectionChange,
  ConnectionState,
  EventMap,
  EventName,
  EventOf,
  PrivateMessage,
  Reply,
  RoomEntered,
  RoomExited,
  RoomJoin,
  RoomLeave,
  RoomMember,
  RoomMessage,
  RoomOperator,
  RoomTicker,
  ServerNotice,
  UserStatusChange,
} from './events.ts';
export type { EventFilter, TextFilter } from './filter.ts';
export type {
  IncomingLine,
  InterceptDirection,
  InterceptMap,
  InterceptOptions,
  Interceptor,
  InterceptVerdict,
  OutgoingLine,
} from './intercept.ts';
export type { Handover, SelfTest, StoreEntry, StoreMigration, StoreVersions } from './lifecycle.ts';
export type { LineReceipt, LineState, Priority, ReceiptOptions, SendOptions } from './lines.ts';
export type {
  Applicant,
  Banned,
  Invitation,
  InvitationState,
  MemberChangeNote,
  Members,
  Snapshot,
  SnapshotDifference,
} from './members.ts';
export type { MetricLabels, Metrics } from './metric.ts';
export type { Need } from './needs.ts';
export type { Channel, ChannelKind, Notice, NoticeReceipt, Notify, NotifyTarget } from './notify.ts';
export { type Pattern, pattern } from './pattern.ts';
export type { Role, UserFacts, UserShares, UserStats, UserStatus } from './people.ts';
export type { PersonalHandlers, PersonalKeys } from './personal.ts';
export type { Remote, ServiceMethods } from './provide.ts';
export type { RoomInfo, RoomOutcome, RoomRef, RoomSummary, RoomUser, Standing } from './rooms.ts';
export type { AddRule, RuleContext, RuleDefinition, RuleJoin, RuleLine, Verdict } from './rule.ts';
export { nearestKey } from './schema/nearest-key.ts';
export { s } from './schema/s.ts';
export type { Infer, JsonSchema, Schema, SchemaIssue, SchemaPath } from './schema/types.ts';
export type {
  BatchHandler,
  BatchInfo,
  BatchMap,
  BatchName,
  FileAttributes,
  OfferedFile,
  Search,
  SearchAnswerer,
  SearchEnd,
  SearchFilter,
  SearchHit,
  SearchOptions,
  SearchQuestion,
  SearchRequest,
  SearchRequestFilter,
  SearchRequestOptions,
  SearchScope,
} from './search.ts';
export type { TextParams, Texts, Translate, Translations } from './texts.ts';
export type {
  EveryOptions,
  JobHandler,
  JobReason,
  JobRun,
  PendingTimer,
  RetryOptions,
  ScheduleOptions,
  TimerHandler,
  TimerOptions,
  TimerRun,
  Timers,
} from './time.ts';
export type { Web, WebRequest, WebResponse } from './web.ts';
export type { Decision } from './why.ts';
export type {
  FileClass,
  FindKind,
  PlannedTurn,
  ScorePart,
  Wish,
  WishChange,
  WishDefinition,
  WishFilter,
  WishFind,
  WishFinds,
  WishHandler,
  Wishlist,
  WishOptions,
  WishPlan,
  WishProblem,
  WishQuery,
  WishResult,
  WishScope,
  WishState,
  WishTelling,
  WishVerdict,
  WishWhy,
  WishWords,
} from './wishlist.ts';
