import { Emitter } from '../platform/emitter.ts';
import type { ServerRequest, ServerResponse, ServerResponseOf } from '../protocol/index.ts';
import type { ClientEventName, ClientEvents } from './events.ts';
import type { SendOptions, SendOutcome, Traffic } from './governor/traffic.ts';
import type { LineOptions, LineQueue, LineRequest, QueuedLine } from './lines/line-queue.ts';
import type { ServerLink, Undo } from './server-link.ts';
import type { SessionState } from './session/state.ts';

/** One frame that somebody handed to the fake link. */
export interface SentFrame {
  readonly request: ServerRequest;
  readonly traffic: Traffic;
  readonly options: SendOptions | undefined;
}

const OFFLINE: SessionState = { name: 'offline' };
const ONLINE: SessionState = { name: 'online', since: 0, greeting: '', ip: '127.0.0.1', supporter: false };

/** A server that says what the test tells it to say. For tests only. */
export class FakeLink implements ServerLink {
  state: SessionState = OFFLINE;
  username = 'bot';
  /** Everything sent or waiting since the last `take`. */
  frames: SentFrame[] = [];
  /** Decides what becomes of a frame; by default it is sent when online. */
  outcome: (frame: SentFrame) => SendOutcome | Promise<SendOutcome> = () =>
    this.state.name === 'online'
      ? { state: 'sent', at: 0 }
      : { state: 'dropped', code: 'offline', reason: 'not logged in' };
  readonly #handlers = new Map<string, ((message: never) => void)[]>();
  readonly #restores: { step: number; restore: () => void }[] = [];
  readonly #lost: ((why: string) => void)[] = [];

  async send(request: ServerRequest, traffic: Traffic, options?: SendOptions): Promise<SendOutcome> {
    const frame = { request, traffic, options };
    this.frames.push(frame);
    return this.outcome(frame);
  }

  on<T extends ServerResponse['type']>(type: T, handler: (message: ServerResponseOf<T>) => void): Undo {
    const list = this.#handlers.get(type) ?? [];
    this.#handlers.set(type, [...list, handler]);
    return () => {
      this.#handlers.set(
        type,
        (this.#handlers.get(type) ?? []).filter((other) => other !== handler),
      );
    };
  }

  onRestore(step: number, restore: () => void): Undo {
    const entry = { step, restore };
    this.#restores.push(entry);
    return () => void this.#restores.splice(this.#restores.indexOf(entry), 1);
  }

  onLost(lost: (why: string) => void): Undo {
    this.#lost.push(lost);
    return () => void this.#lost.splice(this.#lost.indexOf(lost), 1);
  }

  /** Logs in: runs the restore steps in order. */
  login(): void {
    this.state = ONLINE;
    for (const { restore } of [...this.#restores].sort((a, b) => a.step - b.step)) restore();
  }

  lose(why = 'cut'): void {
    this.state = OFFLINE;
    for (const lost of this.#lost) lost(why);
  }

  /** The server says these, one after the other. */
  says(...messages: ServerResponse[]): void {
    for (const message of messages) {
      for (const handler of this.#handlers.get(message.type) ?? []) handler(message as never);
    }
  }

  /** The requests since the last call. */
  take(): ServerRequest[] {
    return this.frames.splice(0).map(({ request }) => request);
  }

  /** The types of the requests since the last call. */
  takeTypes(): string[] {
    return this.take().map(({ type }) => type);
  }
}

/** A queue of lines that keeps what it was given. */
export class FakeLines implements Pick<LineQueue, 'queue'> {
  readonly lines: (LineRequest & LineOptions)[] = [];

  async queue(line: LineRequest, options: LineOptions = {}): Promise<QueuedLine> {
    this.lines.push({ ...line, ...options });
    return { id: String(this.lines.length), state: 'queued' };
  }
}

/** An event as the tests write it: its name and its value without the time. */
export type Recorded = readonly [name: ClientEventName, value: Readonly<Record<string, unknown>>];

const NAMES: readonly ClientEventName[] = [
  'room.message',
  'feed.message',
  'room.entered',
  'room.exited',
  'room.refused',
  'room.join',
  'room.leave',
  'room.ticker',
  'room.member',
  'room.operator',
  'room.standing',
  'room.list',
  'user.status',
  'user.stats',
  'private.message',
  'notice',
  'messages.blocked',
  'privileges.left',
];

/** An emitter whose events are kept. */
export function recorder(): { emitter: Emitter<ClientEvents>; events: Recorded[]; names: () => string[] } {
  const emitter = new Emitter<ClientEvents>((error) => {
    throw error;
  });
  const events: Recorded[] = [];
  for (const name of NAMES) {
    emitter.on(name, ({ at, ...value }) => {
      if (typeof at !== 'number') throw new Error(`${name} without time`);
      events.push([name, value]);
    });
  }
  return { emitter, events, names: () => events.splice(0).map(([name]) => name) };
}

/** Lets everything that waits on settled promises run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
