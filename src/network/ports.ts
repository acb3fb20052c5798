/**
 * What the network needs from above, as ports: it never knows who implements them. A bot gives its store;
 * a program that uses SoulseekClient alone may leave them out and gets memory-only halves (memory-ports.ts).
 */

/** One private message as the server delivered it, before anything was done with it. */
export interface InboxEntry {
  /** The server's id. Arbitrary, not ordered, and repeated over the years; never a key by itself. */
  readonly id: number;
  /** Server time in seconds since the epoch (UTC). For a replayed message: when it was sent. */
  readonly timestamp: number;
  readonly user: string;
  readonly text: string;
  /** The server had stored the message: we were away when it was sent, or did not acknowledge it (`isNew` false). */
  readonly replayed: boolean;
  /** Host time of arrival, milliseconds since the epoch. */
  readonly at: number;
}

/** `new`: never seen, deliver it. `known`: stored before (same id, timestamp, user and text); acknowledge, do not deliver again. */
export type InboxVerdict =
  | { readonly verdict: 'new'; readonly key: string }
  | { readonly verdict: 'known'; readonly key: string };

/** Where private messages rest before they are acknowledged. */
export interface Inbox {
  /**
   * Stores entries durably, in order; one verdict per entry. Only after it resolves are they acknowledged to the
   * server. When it rejects nothing is acknowledged: the client keeps the entries, reports `messages.blocked` and tries again.
   */
  accept(entries: readonly InboxEntry[]): Promise<readonly InboxVerdict[]>;
}

/** Small named documents that must survive a crash: budgets of the governor, bans, tokens. Values are JSON text. */
export interface StatePort {
  load(name: string): Promise<string | undefined>;
  /** Durable once resolved. */
  save(name: string, value: string): Promise<void>;
}

/** What became of a line that was queued. `seen`: our own line came back from the room. `unknown`: the process died while sending it. */
export type LineState = 'queued' | 'sending' | 'sent' | 'seen' | 'dropped' | 'expired' | 'unknown';

/** One room line or private line waiting to be sent. */
export interface OutboxLine {
  readonly id: string;
  readonly kind: 'room' | 'private';
  /** Room name or user name. */
  readonly to: string;
  readonly text: string;
  readonly priority: LinePriority;
  /** Milliseconds since the epoch. */
  readonly queuedAt: number;
  /** Not sent after this time (milliseconds since the epoch); absent: the governor's default for its kind. */
  readonly expiresAt?: number;
  /** Who asked: a plugin's instance id, or `core`. */
  readonly origin: string;
}

/** Moderation before replies, replies before ordinary lines, bulk last. */
export type LinePriority = 'moderation' | 'reply' | 'ordinary' | 'bulk';

/** Where lines rest until they are sent. */
export interface Outbox {
  /** Durable once resolved. */
  append(line: OutboxLine): Promise<void>;
  /** Records a new state; durable once resolved for `sending` (so that a crash never sends a line twice). */
  mark(id: string, state: LineState, detail?: string): Promise<void>;
  /** Lines still `queued` from an earlier run, oldest first. Lines found `sending` become `unknown` and are not returned. */
  recover(): Promise<readonly OutboxLine[]>;
}
