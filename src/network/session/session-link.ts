import { HandlerLists } from '../../platform/handler-list.ts';
import type { Log } from '../../platform/log.ts';
import {
  encodeServerRequest,
  type ServerRequest,
  type ServerResponse,
  type ServerResponseOf,
} from '../../protocol/index.ts';
import type { Governor } from '../governor/governor.ts';
import type { SendOptions, SendOutcome, Traffic } from '../governor/traffic.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import type { SessionState } from './state.ts';

/** A client that sends more in one frame is disconnected [soulfind]. */
const MAX_REQUEST_BYTES = 8192;

type AnyHandler = (message: never) => void;

/** The server as the rest of the network layer sees it: outlives connections. */
export class SessionLink implements ServerLink {
  readonly username: string;
  readonly #governor: Governor;
  readonly #log: Log;
  readonly #state: () => SessionState;
  readonly #handlers = new HandlerLists<string, AnyHandler>();
  #restores: { readonly step: number; readonly restore: () => void }[] = [];
  readonly #losses = new Set<(why: string) => void>();

  constructor(options: { username: string; governor: Governor; log: Log; state: () => SessionState }) {
    this.username = options.username;
    this.#governor = options.governor;
    this.#log = options.log;
    this.#state = options.state;
  }

  get state(): SessionState {
    return this.#state();
  }

  async send(request: ServerRequest, traffic: Traffic, options?: SendOptions): Promise<SendOutcome> {
    let frame: Uint8Array;
    try {
      frame = encodeServerRequest(request);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { state: 'dropped', code: 'cancelled', reason: `${request.type} cannot be encoded: ${why}` };
    }
    if (frame.length > MAX_REQUEST_BYTES) {
      return {
        state: 'dropped',
        code: 'too-long',
        reason: `${frame.length} bytes; the server takes ${MAX_REQUEST_BYTES} at most`,
      };
    }
    return this.#governor.send(frame, traffic, options);
  }

  on<T extends ServerResponse['type']>(type: T, handler: (message: ServerResponseOf<T>) => void): Undo {
    return this.#handlers.add(type, handler);
  }

  onRestore(step: number, restore: () => void): Undo {
    const entry = { step, restore };
    // Sorting is stable: equal steps run in the order in which they were registered.
    this.#restores = [...this.#restores, entry].sort((a, b) => a.step - b.step);
    return () => {
      this.#restores = this.#restores.filter((other) => other !== entry);
    };
  }

  onLost(lost: (why: string) => void): Undo {
    const own = (why: string) => lost(why);
    this.#losses.add(own);
    return () => void this.#losses.delete(own);
  }

  /** Hands a response to everybody who asked for its type. What a handler throws stops nobody else. */
  dispatch(message: ServerResponse): void {
    for (const handler of this.#handlers.get(message.type)) {
      this.#guard(`reading ${message.type}`, () => (handler as (value: ServerResponse) => void)(message));
    }
  }

  /** A session begins: everything per session is sent again, in order. */
  restore(): void {
    for (const { step, restore } of this.#restores) this.#guard(`restoring step ${step}`, restore);
  }

  /** The session ended. */
  lost(why: string): void {
    for (const lost of [...this.#losses]) this.#guard('forgetting the session', () => lost(why));
  }

  #guard(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#log.error('The client failed at something and goes on', { what, error });
    }
  }
}
