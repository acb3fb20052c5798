import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { KeyedQueue } from './keyed-queue.ts';

/** A private message that waits to be handled. */
export interface InboxMessage {
  /** Identifies it for ever. */
  readonly key: string;
  readonly user: string;
  readonly text: string;
  /** By the server's clock, milliseconds since the epoch. */
  readonly sentAt: number;
  readonly replayed: boolean;
  /** When it arrived, milliseconds since the epoch. */
  readonly at: number;
}

/** What the pump needs of the store. */
export interface PumpInbox {
  /** Durable once resolved. */
  begin(key: string): Promise<{ readonly redelivered: boolean }>;
  done(key: string): Promise<void>;
  /** In order of arrival. */
  pending(): Promise<
    readonly {
      readonly key: string;
      readonly user: string;
      readonly text: string;
      /** Seconds. */
      readonly timestamp: number;
      readonly replayed: boolean;
      readonly at: number;
    }[]
  >;
}

export interface InboxPumpOptions {
  readonly inbox: PumpInbox;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Hands a message to everybody. `started` resolves when the next message of this user may begin; `handled` when all
   * is done, with false when some of it was cut off, so that the message has to come again after a restart.
   */
  readonly deliver: (
    message: InboxMessage,
    redelivered: boolean,
  ) => { readonly started: Promise<void>; readonly handled: Promise<boolean> };
}

/** The server writes under this name; nobody else can have it. */
const SERVER = 'server';

/**
 * When a message that was cut off comes again, because its plugin went away while it dealt with it. A plugin that fails at
 * the same message every time is in quarantine before the last of them; what is left then waits for the next start.
 */
const AGAIN_MS = [60_000, 5 * 60_000, 30 * 60_000] as const;

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/**
 * Takes private messages from the store to their handlers: at least once each, in order per user, and noted as begun
 * before a handler sees them, so that a second time is always known for one.
 */
export class InboxPump {
  readonly #options: InboxPumpOptions;
  readonly #lanes = new KeyedQueue();
  readonly #naps = new Map<Timer, () => void>();
  readonly #handling = new Set<Promise<void>>();
  /** Messages that come again. */
  readonly #again = new Set<Timer>();
  /** How often a message came again in this run, by its key. */
  readonly #times = new Map<string, number>();
  #open: () => void = () => {};
  #opened: Promise<void>;
  #stopped = false;

  constructor(options: InboxPumpOptions) {
    this.#options = options;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Messages that wait or are being handled. */
  get size(): number {
    return this.#lanes.size + this.#handling.size;
  }

  /**
   * Lines up what an earlier run left. Nothing is handled before {@link open}. Notices of the server are let go: what
   * they were about is long over.
   * @returns how many there are.
   */
  async load(): Promise<number> {
    const pending = await this.#options.inbox.pending();
    const messages = pending.filter(({ user }) => user !== SERVER);
    for (const { key, user } of pending) if (user === SERVER) this.dismiss(key);
    for (const { timestamp, ...item } of messages) this.receive({ ...item, sentAt: timestamp * 1000 });
    return messages.length;
  }

  /** Notes as done what is in the store and nobody handles as a message: a notice of the server. */
  dismiss(key: string): void {
    const noted = this.#persist('A notice cannot be noted as done', () => this.#options.inbox.done(key)).then(
      () => {},
    );
    this.#handling.add(noted);
    void noted.then(() => this.#handling.delete(noted));
  }

  /** Resolves when no message waits or is being handled. */
  async idle(): Promise<void> {
    while (this.size > 0) await Promise.all([this.#lanes.idle(), ...this.#handling]);
  }

  /** Lets messages through. */
  open(): void {
    this.#open();
  }

  /** Takes a message that is in the store. */
  receive(message: InboxMessage): void {
    void this.#lanes.run(message.user, async () => {
      await this.#opened;
      const delivery = await this.#persist('A private message waits: it cannot be noted as begun', () =>
        this.#options.inbox.begin(message.key),
      );
      if (delivery === undefined) return;
      const { started, handled } = this.#options.deliver(message, delivery.redelivered);
      const finished = handled.then((whole) => this.#finish(message, whole));
      this.#handling.add(finished);
      void finished.then(() => this.#handling.delete(finished));
      await started;
    });
  }

  /** Begins no more messages; what waits stays in the store. */
  stop(): void {
    this.#stopped = true;
    this.#open();
    for (const [timer, wake] of this.#naps) {
      timer.cancel();
      wake();
    }
    this.#naps.clear();
    for (const timer of this.#again) timer.cancel();
    this.#again.clear();
  }

  async #finish(message: InboxMessage, whole: boolean): Promise<void> {
    if (!whole) {
      this.#comeAgain(message);
      return;
    }
    this.#times.delete(message.key);
    await this.#persist(
      'A private message cannot be noted as done',
      () => this.#options.inbox.done(message.key),
      true,
    );
  }

  #comeAgain(message: InboxMessage): void {
    const times = this.#times.get(message.key) ?? 0;
    const wait = AGAIN_MS[times];
    if (this.#stopped || wait === undefined) {
      this.#times.delete(message.key);
      return;
    }
    this.#times.set(message.key, times + 1);
    const timer = this.#options.clock.setTimeout(() => {
      this.#again.delete(timer);
      this.receive(message);
    }, wait);
    this.#again.add(timer);
  }

  /** Tries until the store does it. @returns undefined when stopped before. */
  async #persist<T>(complaint: string, attempt: () => Promise<T>, last = false): Promise<T | undefined> {
    for (let wait = FIRST_RETRY_MS; last || !this.#stopped; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        return await attempt();
      } catch (error) {
        if (wait === FIRST_RETRY_MS) this.#options.log.error(complaint, { error });
        if (this.#stopped) return undefined;
        await this.#nap(wait);
      }
    }
    return undefined;
  }

  #nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.setTimeout(() => {
        this.#naps.delete(timer);
        resolve();
      }, ms);
      this.#naps.set(timer, resolve);
    });
  }
}
