import type { Random } from '../../platform/random.ts';
import type { WireText } from './messages.ts';

/** One private message, kept until its receiver acknowledges it. */
export interface StoredMessage {
  /** Arbitrary, not ordered, and free again once acknowledged. */
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly text: WireText;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** When it was put on the receiver's connection; several times if it was not acknowledged. */
  readonly deliveredAt: number[];
  ackedAt?: number;
}

/** Acknowledged messages that are remembered for tests to look at. */
const MAX_HISTORY = 10_000;

/** The private messages of all users. */
export class Mailbox {
  readonly #random: Random;
  readonly #waiting = new Map<string, Map<number, StoredMessage>>();
  readonly #history: StoredMessage[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  store(from: string, to: string, text: WireText, now: number): StoredMessage {
    const waiting = this.#waitingFor(to);
    let id = this.newId();
    while (waiting.has(id)) id = this.newId();
    const message: StoredMessage = { id, from, to, text, sentAt: now, deliveredAt: [] };
    waiting.set(id, message);
    this.#history.push(message);
    this.#prune();
    return message;
  }

  /** Any number; real ones are neither ordered nor small. */
  newId(): number {
    return this.#random.u32();
  }

  /** True when a message was waiting under this id. */
  acknowledge(user: string, id: number, now: number): boolean {
    const waiting = this.#waiting.get(user);
    const message = waiting?.get(id);
    if (!message) return false;
    message.ackedAt = now;
    waiting!.delete(id);
    return true;
  }

  /** Not acknowledged, the oldest first. */
  waitingFor(user: string): readonly StoredMessage[] {
    return [...(this.#waiting.get(user)?.values() ?? [])];
  }

  /** Every message that is waiting, and the latest of those that are not. */
  history(): readonly StoredMessage[] {
    return this.#history;
  }

  #waitingFor(user: string): Map<number, StoredMessage> {
    const waiting = this.#waiting.get(user) ?? new Map<number, StoredMessage>();
    this.#waiting.set(user, waiting);
    return waiting;
  }

  #prune(): void {
    if (this.#history.length <= 2 * MAX_HISTORY) return;
    const acked = this.#history.filter((message) => message.ackedAt !== undefined);
    const forget = new Set(acked.slice(0, Math.max(0, acked.length - MAX_HISTORY)));
    const kept = this.#history.filter((message) => !forget.has(message));
    this.#history.splice(0, this.#history.length, ...kept);
  }
}
