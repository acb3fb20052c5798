import type { EventName } from './events.ts';

/**
 * Which texts. All given conditions must hold; of a list, one is enough. An empty list or text is refused at
 * registration, because it would match nothing or everything.
 */
export interface TextFilter {
  readonly includes?: string | readonly string[];
  readonly startsWith?: string | readonly string[];
  readonly equals?: string | readonly string[];
  /** A regular expression in RE2 syntax (no look-around, no back-references), found anywhere. `(?i)` ignores case. */
  readonly pattern?: string;
  /** For `includes`, `startsWith` and `equals`. @default false */
  readonly caseSensitive?: boolean;
}

interface FromFilter {
  /** Only these users, exact and case-sensitive. */
  readonly from?: readonly string[];
  /** Not these users. May be empty. */
  readonly notFrom?: readonly string[];
}

interface RoomFilter {
  /** Only these rooms, by exact name. */
  readonly rooms?: readonly string[];
  /** True: private rooms only. False: public rooms only. */
  readonly private?: boolean;
}

interface OwnFilter {
  /** Also what the bot itself did. @default false */
  readonly own?: boolean;
}

interface Filters {
  'room.message': RoomFilter & FromFilter & OwnFilter & { readonly text?: TextFilter };
  'room.join': RoomFilter & FromFilter & OwnFilter;
  'room.leave': RoomFilter & FromFilter & OwnFilter;
  'room.ticker': RoomFilter & FromFilter & OwnFilter;
  'room.member': RoomFilter & FromFilter;
  'room.operator': RoomFilter & FromFilter;
  'room.entered': RoomFilter;
  'room.exited': RoomFilter;
  'private.message': FromFilter & {
    readonly text?: TextFilter;
    /** Messages that were sent while the bot was away. @default 'include' */
    readonly replayed?: 'include' | 'exclude' | 'only';
  };
  'user.status': FromFilter;
  notice: Readonly<Record<string, never>>;
  connection: Readonly<Record<string, never>>;
}

/** What `bot.on(event, filter, …)` takes: plain data, applied before the event reaches the plugin. */
export type EventFilter<E extends EventName> = Filters[E];

/** Every condition there is; which of them an event takes is {@link EventFilter}'s business. */
export interface AnyFilter extends RoomFilter, FromFilter, OwnFilter {
  readonly text?: TextFilter;
  readonly replayed?: 'include' | 'exclude' | 'only';
}
