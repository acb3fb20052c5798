import type { DurationInput } from './duration.ts';
import type { Priority } from './lines.ts';
import type { RoomRef } from './rooms.ts';

/** A line on its way out, before it is queued. A plugin is not asked about its own lines. */
export interface OutgoingLine {
  readonly kind: 'room' | 'private';
  /** The room or the user. */
  readonly to: string;
  readonly text: readonly string[];
  readonly priority: Priority;
  /** The instance that says it; `core` for the bot itself. */
  readonly plugin: string;
}

/** A line that came in, before commands and handlers see it. The bot's own lines and notices are not intercepted. */
export interface IncomingLine {
  /** Absent in private. */
  readonly room?: RoomRef;
  readonly user: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The message's id; for a private one its inbox key. */
  readonly id: string;
}

export interface InterceptMap {
  outgoing: OutgoingLine;
  incoming: IncomingLine;
}

export type InterceptDirection = keyof InterceptMap;

/** Nothing: go on as it is. `text`: go on with this text. `drop`: it goes no further, and the decision log says why. */
export type InterceptVerdict<D extends InterceptDirection> =
  | { readonly text: InterceptMap[D]['text'] }
  | { readonly drop: string }
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing must fit, async or not
  | void
  | undefined;

export interface InterceptOptions {
  /** Lower goes first; equal ones in the order of loading. @default 0 */
  readonly order?: number;
  /** What counts as failed after this long; at most 5 s. @default '200ms' */
  readonly timeout?: DurationInput;
  /**
   * When it throws, takes too long, or its plugin is down (waits for a restart, or is quarantined): `allow` lets the line
   * pass as it is, `deny` drops it. There is no default, because only you know which mistake is worse. A plugin that was
   * unloaded asks about nothing any more.
   */
  readonly onError: 'allow' | 'deny';
  /** Only lines in these rooms; private lines do not match then. */
  readonly rooms?: readonly string[];
}

export type Interceptor<D extends InterceptDirection> = (
  line: InterceptMap[D],
) => InterceptVerdict<D> | Promise<InterceptVerdict<D>>;
