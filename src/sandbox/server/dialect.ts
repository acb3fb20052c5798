/** Whose behaviour the sandbox shows where the servers differ. */
export type Dialect = 'official' | 'soulfind';

/**
 * The differences between the two servers, as data, so that no handler asks which one it is.
 * Official column: [aioslsk, Nicotine+ doc]; soulfind column: [observed], a few only [soulfind].
 */
export interface DialectRules {
  readonly apostrophe: string;
  /** Stored private messages come right after the login reply, or after everything else. */
  readonly storedMessages: 'first' | 'last';
  /** ParentMinSpeed and ParentSpeedRatio are part of the login sequence. */
  readonly parentValues: boolean;
  /** Rooms with fewer users are left out of the list that follows a login. */
  readonly loginRoomListMinimum: number;
  /** Users watch themselves without asking. */
  readonly watchesSelf: boolean;
  /** Watchers get stats too, and every new upload speed is pushed. */
  readonly statsToWatchers: boolean;
  /** The owner of a room is among those who see member changes as they happen; else only by a notice. */
  readonly ownerSeesMembers: boolean;
  /** Operator changes go to the members and then to those inside, so that a member inside sees them twice. */
  readonly operatorsTwice: boolean;
  /** A removed member loses operatorship before membership, or after it. */
  readonly operatorshipRevoked: 'before' | 'after';
  /** Dissolving a private room leaves its owner inside. */
  readonly ownerStaysInside: boolean;
  /** A fresh room list follows the creation of a private room. */
  readonly listAfterCreation: boolean;
  /** CancelRoomOperatorship (147) is understood. */
  readonly operatorsMayResign: boolean;
  /** The feed of public rooms carries private ones as well (a defect). */
  readonly feedLeaksPrivate: boolean;
  /** RoomTickerRemoved precedes every ticker, the first one included; and an unchanged ticker is ignored. */
  readonly tickerAlwaysRemovedFirst: boolean;
  /** MessageUsers reaches only those who watch the sender. */
  readonly messageUsersNeedsWatch: boolean;
  /** The new average upload speed. */
  readonly averageSpeed: (average: number, uploads: number, speed: number) => number;
  /** Global searches go to branch roots, or to everybody in batches. */
  readonly searches: 'tree' | 'everybody';
  /** A frame before Login blocks the connection for good (a defect), or is ignored. */
  readonly earlyFrameBlocks: boolean;
  /** What came in the same chunk behind Login waits for the next chunk (a defect). */
  readonly loginEndsChunk: boolean;
  /** A wrong password under an online name makes others see that user offline (a defect). */
  readonly failedLoginHidesUser: boolean;
  /** Up to this many milliseconds are added to the login timeout. */
  readonly loginTimeoutJitterMs: number;
}

export const DIALECTS: Readonly<Record<Dialect, DialectRules>> = {
  official: {
    apostrophe: "'",
    storedMessages: 'first',
    parentValues: true,
    loginRoomListMinimum: 5,
    watchesSelf: false,
    statsToWatchers: false,
    ownerSeesMembers: false,
    operatorsTwice: true,
    operatorshipRevoked: 'after',
    ownerStaysInside: true,
    listAfterCreation: true,
    operatorsMayResign: false,
    feedLeaksPrivate: false,
    tickerAlwaysRemovedFirst: false,
    messageUsersNeedsWatch: true,
    averageSpeed: (average, uploads, speed) => Math.floor((average * uploads + speed) / (uploads + 1)),
    searches: 'tree',
    earlyFrameBlocks: false,
    loginEndsChunk: false,
    failedLoginHidesUser: false,
    loginTimeoutJitterMs: 0,
  },
  soulfind: {
    apostrophe: '\u2019',
    storedMessages: 'last',
    parentValues: false,
    loginRoomListMinimum: 0,
    watchesSelf: true,
    statsToWatchers: true,
    ownerSeesMembers: true,
    operatorsTwice: false,
    operatorshipRevoked: 'before',
    ownerStaysInside: false,
    listAfterCreation: false,
    operatorsMayResign: true,
    feedLeaksPrivate: true,
    tickerAlwaysRemovedFirst: true,
    messageUsersNeedsWatch: false,
    averageSpeed: (average, _uploads, speed) => Math.floor(0.8 * average + 0.2 * speed),
    searches: 'everybody',
    earlyFrameBlocks: true,
    loginEndsChunk: true,
    failedLoginHidesUser: true,
    loginTimeoutJitterMs: 15_000,
  },
};
