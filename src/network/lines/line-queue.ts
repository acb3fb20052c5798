import type { Clock } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import { encodeServerRequest } from '../../protocol/index.ts';
import type { ClientEvents } from '../events.ts';
import type { Governor } from '../governor/governor.ts';
import type { DropCode, SendOutcome, Traffic } from '../governor/traffic.ts';
import type { LinePriority, LineState, Outbox, OutboxLine } from '../ports.ts';
import { Echoes } from './echoes.ts';
import { LINE_LIFE_MS } from './line-life.ts';
import { MAX_PARTS, toParts, toPartsFor } from './parts.ts';
import { groupOf, type Receipt, Receipts } from './receipts.ts';
import { DEFAULT_LINE_BYTES, MAX_LINE_BYTES, MIN_LINE_BYTES } from './split.ts';

/** A text on its way to a room or a user. */
export interface LineRequest {
  readonly kind: 'room' | 'private';
  /** Room name or user name, exact. */
  readonly to: string;
  /** Any length and any number of lines up to 20 after splitting. */
  readonly text: string;
}

export interface LineOptions {
  /** @default 'ordinary' */
  readonly priority?: LinePriority;
  /** Not sent after this host time, milliseconds since the epoch. @default by kind and priority, see LINE_LIFE_MS */
  readonly expiresAt?: number;
  /** Who asks: a plugin's instance id, or `core`. @default 'core' */
  readonly origin?: string;
  /** Whom it answers: where the text was said already, it is sent with `name: ` before each line instead of dropped. */
  readonly addressee?: string;
}

/** The answer of {@link LineQueue.queue}. `queued`: it rests durably and will be tried. */
export type QueuedLine =
  | { readonly id: string; readonly state: 'queued' }
  | { readonly id: string; readonly state: 'dropped'; readonly code: DropCode; readonly detail: string };

export interface LineQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly outbox: Outbox;
  readonly governor: Governor;
  readonly emitter: Emitter<ClientEvents>;
  /** Whether lines may be said there now; call {@link LineQueue.roomsChanged} when that changes. */
  readonly isJoined: (room: string) => boolean;
  /** Bytes of UTF-8 per line, 32 to 2048. @default 500 */
  readonly maxBytes?: number;
}

/**
 * Outgoing lines of rooms and private chat. A line is on disk before `queue` resolves, and recorded as being sent
 * before it is written, so that a crash neither loses nor repeats it: what was being written is `unknown` afterwards.
 */
export class LineQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #outbox: Outbox;
  readonly #governor: Governor;
  readonly #isJoined: (room: string) => boolean;
  readonly #maxBytes: number;
  readonly #receipts: Receipts;
  readonly #echoes: Echoes;
  /** Lines in the hands of the governor. */
  readonly #waiting = new Set<string>();
  #idle: Deferred<void> | undefined;
  #appending: Promise<unknown> = Promise.resolve();
  #marking: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Throws a RangeError when `maxBytes` is out of range. */
  constructor(options: LineQueueOptions) {
    const maxBytes = options.maxBytes ?? DEFAULT_LINE_BYTES;
    if (!(Number.isInteger(maxBytes) && maxBytes >= MIN_LINE_BYTES && maxBytes <= MAX_LINE_BYTES)) {
      throw new RangeError(
        `bytes per line must be ${MIN_LINE_BYTES} to ${MAX_LINE_BYTES}, not ${String(maxBytes)}`,
      );
    }
    this.#clock = options.clock;
    this.#random = options.random;
    this.#log = options.log;
    this.#outbox = options.outbox;
    this.#governor = options.governor;
    this.#isJoined = options.isJoined;
    this.#maxBytes = maxBytes;
    this.#receipts = new Receipts(({ id, state, detail }) => {
      options.emitter.emit('line', {
        id,
        state,
        ...(detail !== undefined && { detail }),
        at: this.#clock.now(),
      });
    });
    this.#echoes = new Echoes(options.clock, {
      seen: (id) => this.#settle(id, 'seen'),
      missed: (id, why) => this.#receipts.set(id, 'sent', true, why),
    });
  }

  /** Takes up lines that an earlier run left. Call once, before the session starts. Rejects when the outbox does. */
  recover(): Promise<void> {
    // In turn with what is being queued: the outbox has those lines too, and they must not be taken up as well.
    const recovered = this.#appending.then(() => this.#recover());
    this.#appending = recovered.catch(() => {});
    return recovered;
  }

  async #recover(): Promise<void> {
    const stored = await this.#outbox.recover();
    const lines = stored.filter(({ id }) => this.#receipts.get(groupOf(id)) === undefined);
    for (const line of lines) this.#receipts.open(groupOf(line.id), line, [line.id]);
    for (const line of lines) this.#submit(line, true);
  }

  /**
   * Queues a text. Resolves once it is durable, or `dropped` at once with the reason (a repetition, nothing in it,
   * too long, too many waiting). Rejects when the outbox cannot store it; nothing is sent then.
   */
  queue(request: LineRequest, options: LineOptions = {}): Promise<QueuedLine> {
    const closed = this.#closed;
    // One after the other, so that lines leave in the order in which they were asked for.
    const queued = this.#appending.then(() => this.#queue(request, options, closed));
    this.#appending = queued.catch(() => {});
    return queued;
  }

  /** What became of a text, by the id that `queue` gave. Undefined once forgotten: the latest 1,000 finished ones are kept. */
  receipt(id: string): Receipt | undefined {
    return this.#receipts.get(id);
  }

  /** The receipt now and at each change until it is final. */
  follow(id: string): AsyncGenerator<Receipt, void, undefined> {
    return this.#receipts.follow(id);
  }

  /** Lines that wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Our own line came back from a room. */
  echoed(room: string, text: string): void {
    this.#echoes.came(room, text);
  }

  /** We entered or left a room. */
  roomsChanged(): void {
    this.#governor.wake();
  }

  /** The session ended. */
  lost(): void {
    this.#echoes.lost('the connection was lost before it came back from the room');
  }

  /** From now on `queue` answers `dropped` (`shutdown`). */
  close(): void {
    this.#closed = true;
  }

  /** Waits until no line waits any more, at most `timeoutMs`. Resolves to the number of lines left, which stay in the outbox. */
  async drain(timeoutMs: number): Promise<number> {
    await this.#appending;
    if (this.#waiting.size > 0) {
      this.#idle ??= deferred();
      const idle = this.#idle;
      const timer = this.#clock.setTimeout(() => idle.resolve(), timeoutMs);
      await idle.promise;
      timer.cancel();
      this.#idle = undefined;
    }
    await this.#marking;
    return this.#waiting.size;
  }

  async #queue(request: LineRequest, options: LineOptions, closed: boolean): Promise<QueuedLine> {
    const id = Buffer.from(this.#random.bytes(9)).toString('hex');
    const { kind, to } = request;
    const origin = options.origin ?? 'core';
    const priority = options.priority ?? 'ordinary';
    let texts = toParts(request.text, this.#maxBytes);
    let refused = closed ? CLOSED : this.#refuse(request, texts, origin);
    if (refused?.code === 'duplicate' && options.addressee !== undefined) {
      const addressed = toPartsFor(options.addressee, request.text, this.#maxBytes);
      if (addressed.length > 0) {
        texts = addressed;
        refused = this.#refuse(request, texts, origin);
      }
    }
    if (refused) {
      this.#receipts.open(id, request, [id]);
      this.#receipts.set(id, 'dropped', true, refused.detail);
      return { id, state: 'dropped', ...refused };
    }
    const now = this.#clock.now();
    const lines = texts.map(
      (text, index): OutboxLine => ({
        id: texts.length === 1 ? id : `${id}.${index + 1}`,
        kind,
        to,
        text,
        priority,
        queuedAt: now,
        expiresAt: options.expiresAt ?? now + LINE_LIFE_MS[kind][priority],
        origin,
      }),
    );
    await this.#append(lines);
    this.#receipts.open(
      id,
      request,
      lines.map((line) => line.id),
    );
    for (const line of lines) this.#submit(line, false);
    return { id, state: 'queued' };
  }

  #refuse(
    request: LineRequest,
    texts: readonly string[],
    origin: string,
  ): { code: DropCode; detail: string } | undefined {
    if (texts.length === 0) return { code: 'empty', detail: 'there is nothing in it to send' };
    if (request.to === '') return { code: 'empty', detail: 'it is addressed to nobody' };
    if (texts.length > MAX_PARTS) {
      return { code: 'too-long', detail: `it would take ${texts.length} lines; ${MAX_PARTS} is the most` };
    }
    const repeats = texts.map((text) => this.#governor.repeats(trafficOf(request, text)));
    if (repeats[0] !== undefined && repeats.every((repeat) => repeat !== undefined)) {
      return { code: 'duplicate', detail: repeats[0] };
    }
    const full = this.#governor.fullFor(trafficOf(request, '').kind, origin);
    return full === undefined ? undefined : { code: 'queue-full', detail: full };
  }

  /** All or, as far as the outbox still answers, none. */
  async #append(lines: readonly OutboxLine[]): Promise<void> {
    const done: OutboxLine[] = [];
    try {
      for (const line of lines) {
        await this.#outbox.append(line);
        done.push(line);
      }
    } catch (error) {
      for (const line of done)
        void this.#mark(line.id, 'dropped', 'the rest of its text could not be stored').catch(() => {});
      throw error;
    }
  }

  #submit(line: OutboxLine, recovered: boolean): void {
    this.#waiting.add(line.id);
    const encode = () =>
      line.kind === 'room'
        ? encodeServerRequest({ type: 'SayChatroom', room: line.to, message: line.text })
        : encodeServerRequest({ type: 'MessageUser', username: line.to, message: line.text });
    const outcome = this.#governor.submit(encode, trafficOf(line, line.text), {
      priority: line.priority,
      origin: line.origin,
      ...(line.expiresAt !== undefined && { expiresAt: line.expiresAt }),
      durable: true,
      recovered,
      ...(line.kind === 'room' && { gate: () => this.#isJoined(line.to) }),
      prepare: async () => {
        await this.#mark(line.id, 'sending');
        this.#receipts.set(line.id, 'sending', false);
      },
      unprepare: () => this.#settle(line.id, 'queued'),
    });
    void outcome.then((result) => this.#done(line, result));
  }

  #done(line: OutboxLine, outcome: SendOutcome): void {
    // It stays in the outbox for the next run.
    if (outcome.state === 'dropped' && outcome.code === 'shutdown') return;
    this.#waiting.delete(line.id);
    if (outcome.state !== 'sent') this.#settle(line.id, outcome.state, outcome.reason);
    else {
      if (line.kind === 'room') this.#echoes.expect(line.id, line.to, line.text);
      this.#settle(line.id, 'sent', undefined, line.kind === 'private');
    }
    if (this.#waiting.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  #settle(
    id: string,
    state: LineState,
    detail?: string,
    final = state !== 'sent' && state !== 'queued',
  ): void {
    this.#receipts.set(id, state, final, detail);
    this.#mark(id, state, detail).catch((error: unknown) => {
      this.#log.warn('What became of a line could not be stored', {
        id,
        state,
        error: error instanceof Error ? error.message : String(error),
      });
    });
  }

  /** In order, so that an older state never overwrites a newer one. */
  #mark(id: string, state: LineState, detail?: string): Promise<void> {
    const marked = this.#marking.then(() => this.#outbox.mark(id, state, detail));
    this.#marking = marked.catch(() => {});
    return marked;
  }
}

const CLOSED = { code: 'shutdown', detail: 'the client is stopping' } as const;

const trafficOf = (
  line: { readonly kind: 'room' | 'private'; readonly to: string },
  text: string,
): Traffic =>
  line.kind === 'room'
    ? { kind: 'room-line', room: line.to, text }
    : { kind: 'private-line', user: line.to, text };
