import type { DurationInput } from './duration.ts';

/**
 * Which line goes first when several wait: `moderation` (needs `moderate`), then `reply`, `ordinary`, `bulk`.
 * Within one, oldest first.
 */
export type Priority = 'moderation' | 'reply' | 'ordinary' | 'bulk';

/** How to send a line. */
export interface SendOptions {
  /** @default 'reply' for `reply()`, 'ordinary' for `say()` and `pm()` */
  readonly priority?: Priority;
  /** Not sent when it would leave later than this (milliseconds, or `'30s'`). @default the bot's setting for its kind */
  readonly ttl?: DurationInput;
}

/**
 * What became of a line. `queued`: stored, waits for its turn; `sent`: left for the server; `seen`: our own line came
 * back from the room; `dropped`, `expired`: never left; `unknown`: the process died while sending it.
 */
export type LineState = 'queued' | 'sending' | 'sent' | 'seen' | 'dropped' | 'expired' | 'unknown';

/** The state of a line, at the moment when it was asked for. A text that had to be split counts as one. */
export interface LineReceipt {
  readonly id: string;
  readonly state: LineState;
  /** Why, for `dropped`, `expired` and `unknown`. */
  readonly detail?: string;
}

export interface ReceiptOptions {
  /** False: the state now. True: wait until it cannot change any more. @default true */
  readonly wait?: boolean;
}
