import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { StatePort } from '../ports.ts';
import type { LimitOptions } from './limits.ts';
import type { QueueDepth } from './queues.ts';
import type { DropCode, SendOptions, TrafficKind } from './traffic.ts';

/** Where frames leave: the connection of the current session. */
export interface Exit {
  /** Returns false when the connection is closed and the bytes went nowhere. */
  write(bytes: Uint8Array): boolean;
}

/** A frame that did not leave. */
export interface TrafficDrop {
  readonly kind: TrafficKind;
  readonly origin: string;
  readonly code: DropCode | 'expired';
  readonly reason: string;
}

export interface GovernorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly state: StatePort;
  readonly limits?: LimitOptions;
  /** Called for every frame that did not leave. */
  readonly onDrop?: (drop: TrafficDrop) => void;
}

/** What a durable frame has beside {@link SendOptions}. */
export interface SubmitOptions extends SendOptions {
  /** Keeps waiting when the session is lost. @default false */
  readonly durable?: boolean;
  /** While it returns false the frame waits; call `Governor.wake` when that may have changed. */
  readonly gate?: () => boolean;
  /** Awaited right before the frame is written; when it rejects the frame goes back to its queue for a while. */
  readonly prepare?: () => Promise<void>;
  /** The frame was prepared but not written: it waits again. */
  readonly unprepare?: () => void;
  /**
   * Comes from an earlier run, which certainly did not send it: it has a place even when the queue is full, and
   * what that run reserved for it does not make it a repetition.
   */
  readonly recovered?: boolean;
}

/** The governor as data, for people and metrics. */
export interface GovernorSnapshot {
  readonly open: boolean;
  readonly queued: readonly QueueDepth[];
  /** Uses left right now of the budgets that concern everything. */
  readonly left: Readonly<Record<string, number>>;
  /** When the next waiting frame may leave, milliseconds since the epoch; absent when none waits for time. */
  readonly nextAt?: number;
  /** The limit that the next waiting frame waits for. */
  readonly waitsFor?: string;
  readonly sent: Readonly<Partial<Record<TrafficKind, number>>>;
  readonly dropped: Readonly<Partial<Record<DropCode | 'expired', number>>>;
  /** Why budgets cannot be saved: until that works again nothing that needs one leaves. */
  readonly blocked?: string;
}
