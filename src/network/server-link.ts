import type { ServerRequest, ServerResponse, ServerResponseOf } from '../protocol/index.ts';
import type { SendOptions, SendOutcome, Traffic } from './governor/traffic.ts';
import type { SessionState } from './session/state.ts';

/** Undoes a registration; a second call does nothing. */
export type Undo = () => void;

/**
 * The server as rooms, users, messages and interests see it. They never touch a socket: requests pass the
 * governor, responses arrive decoded, in the order in which the server sent them.
 */
export interface ServerLink {
  readonly state: SessionState;
  /** The name we are logged in as. */
  readonly username: string;
  /** Queues one request behind the governor. Resolves when it left, was dropped or expired; never rejects. */
  send(request: ServerRequest, traffic: Traffic, options?: SendOptions): Promise<SendOutcome>;
  /** Calls `handler` for every response of that type, synchronously while the frame is read. */
  on<T extends ServerResponse['type']>(type: T, handler: (message: ServerResponseOf<T>) => void): Undo;
  /**
   * Called after each successful login, in order of `step` (ascending), to send per-session state again:
   * the order of the post-login sequence. Steps are listed in session/restore-steps.ts.
   */
  onRestore(step: number, restore: () => void): Undo;
  /** Called when the session ends for whatever reason, before any reconnect: forget what was per session. */
  onLost(lost: (why: string) => void): Undo;
}
