import type { Clock, Timer } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { ClientEvents } from '../events.ts';
import type { LineOptions, LineQueue, QueuedLine } from '../lines/line-queue.ts';
import type { Inbox, InboxEntry, InboxVerdict } from '../ports.ts';
import { parseNotice } from '../rooms/notice-parser.ts';
import type { ServerLink } from '../server-link.ts';

export interface MessagesOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly emitter: Emitter<ClientEvents>;
  /** Where private messages rest before they are acknowledged. */
  readonly inbox: Inbox;
  /** The queue of outgoing lines. */
  readonly lines: Pick<LineQueue, 'queue'>;
  /** Called at once, before anything is stored, when the server says live that it banned us: the connection ends next. */
  readonly onBan: (minutes: number, text: string) => void;
  /** How many messages may wait for the inbox before the oldest are let go. @default 2000 */
  readonly maxWaiting?: number;
}

/** How private messages fare on their way into the inbox. */
export interface IntakeState {
  /** The inbox refuses to store; nothing is acknowledged meanwhile. */
  readonly blocked: boolean;
  /** Arrived, but not stored yet. */
  readonly waiting: number;
  /** Let go because too many waited. The server has them still and sends them at the next login. */
  readonly letGo: number;
}

interface Waiting {
  readonly entry: InboxEntry;
  /** The login that it arrived under: ids are acknowledged only within it. */
  readonly session: number;
}

/** Most messages that are given to the inbox at a time. */
const BATCH = 100;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/**
 * Private messages. Incoming ones are stored, then acknowledged, then told, in the order in which they came:
 * what the process did not store the server keeps.
 */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  /** How many at the head of the list the inbox has in hand. */
  #inHand = 0;
  #session = 0;
  #letGo = 0;
  #blockedBecause: string | undefined = undefined;
  #retryMs = FIRST_RETRY_MS;
  #retry: Timer | undefined = undefined;
  #closed = false;

  constructor(options: MessagesOptions) {
    this.#options = options;
    this.#maxWaiting = Math.max(1, options.maxWaiting ?? 2_000);
    options.link.on('MessageUser', (message) => this.#received(message));
    options.link.onLost(() => (this.#session += 1));
  }

  /**
   * Queues a private text; long ones are split. Resolves when it rests durably; rejects when the outbox cannot
   * store it. Whether it arrives the protocol never tells.
   */
  send(user: string, text: string, options?: LineOptions): Promise<QueuedLine> {
    return this.#options.lines.queue({ kind: 'private', to: user, text }, options);
  }

  /**
   * The same text to several users, each counted and paced like a private line of its own, `bulk` unless said
   * otherwise. The protocol's message for this (149) is not used: it reaches only users who are online (on the
   * official server only those who watch us) and saves the server's flood limits nothing.
   */
  sendMany(users: readonly string[], text: string, options?: LineOptions): Promise<readonly QueuedLine[]> {
    const each: LineOptions = { priority: 'bulk', ...options };
    return Promise.all([...new Set(users)].map((user) => this.send(user, text, each)));
  }

  get intake(): IntakeState {
    return { blocked: this.#blockedBecause !== undefined, waiting: this.#waiting.length, letGo: this.#letGo };
  }

  /** Gives the inbox nothing more. What waits was not acknowledged and comes again. */
  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
  }

  #received(message: ServerResponseOf<'MessageUser'>): void {
    const { id, timestamp, username: user, message: text } = message;
    if (this.#closed) return;
    const replayed = message.isNew === false;
    if (user === 'server' && !replayed) {
      const notice = parseNotice(text);
      if (notice.kind === 'banned') this.#options.onBan(notice.minutes, text);
    }
    const entry: InboxEntry = { id, timestamp, user, text, replayed, at: this.#options.clock.now() };
    this.#waiting.push({ entry, session: this.#session });
    this.#bound();
    this.#pump();
  }

  /** Lets the oldest go that the inbox does not have in hand. */
  #bound(): void {
    const excess = this.#waiting.length - this.#maxWaiting;
    const free = Math.min(excess, this.#waiting.length - this.#inHand);
    if (free <= 0) return;
    this.#waiting.splice(this.#inHand, free);
    if (this.#letGo === 0)
      this.#options.log.warn('Private messages were let go; they come again at the next login');
    this.#letGo += free;
  }

  #pump(): void {
    if (this.#inHand > 0 || this.#waiting.length === 0 || this.#retry || this.#closed) return;
    const batch = this.#waiting.slice(0, BATCH);
    this.#inHand = batch.length;
    void this.#store(batch).then(
      (verdicts) => this.#stored(batch, verdicts),
      (error: unknown) => this.#refused(error),
    );
  }

  async #store(batch: readonly Waiting[]): Promise<readonly InboxVerdict[]> {
    const verdicts = await this.#options.inbox.accept(batch.map(({ entry }) => entry));
    if (verdicts.length === batch.length) return verdicts;
    throw new Error(`the inbox gave ${verdicts.length} verdicts on ${batch.length} messages`);
  }

  #stored(batch: readonly Waiting[], verdicts: readonly InboxVerdict[]): void {
    this.#waiting.splice(0, batch.length);
    this.#inHand = 0;
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#blockedBecause !== undefined) this.#unblock();
    batch.forEach(({ entry, session }, i) => {
      // After a reconnect the server sends it again, and the inbox knows it by then.
      if (session === this.#session) {
        void this.#options.link.send({ type: 'MessageAcked', id: entry.id }, { kind: 'ack' });
      }
      const verdict = verdicts[i]!;
      if (verdict.verdict === 'new') this.#tell(entry, verdict.key);
    });
    this.#pump();
  }

  #tell(entry: InboxEntry, key: string): void {
    const { emitter, clock } = this.#options;
    const { id, user, text, timestamp, replayed } = entry;
    if (user === 'server') emitter.emit('notice', { key, notice: parseNotice(text), at: clock.now() });
    else
      emitter.emit('private.message', {
        key,
        id,
        user,
        text,
        sentAt: timestamp * 1000,
        replayed,
        at: entry.at,
      });
  }

  #refused(error: unknown): void {
    const { clock, log } = this.#options;
    this.#inHand = 0;
    if (this.#closed) return;
    const reason = error instanceof Error ? error.message : String(error);
    // Said once per outage and reason: a full disk stays full for hours.
    const isNews = this.#blockedBecause !== reason;
    this.#blockedBecause = reason;
    if (isNews) {
      log.error('Private messages cannot be stored, so they are not acknowledged', { reason });
      this.#report(true, reason);
    }
    this.#retry = clock.setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #unblock(): void {
    this.#blockedBecause = undefined;
    const letGo = this.#letGo;
    const reason =
      letGo === 0 ? 'stored again' : `stored again; ${letGo} were let go and come again at the next login`;
    this.#letGo = 0;
    this.#report(false, reason);
  }

  #report(blocked: boolean, reason: string): void {
    const { emitter, clock } = this.#options;
    emitter.emit('messages.blocked', { blocked, reason, waiting: this.#waiting.length, at: clock.now() });
  }
}
