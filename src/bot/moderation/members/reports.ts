import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Voice } from './ports.ts';

/** News for the same person within this time become one message. */
const GATHER_MS = 20_000;
/** Pieces of news in one message; of the rest only the number is told. */
const MOST = 8;
const RETRY_MS = 10 * 60_000;

/** Actors that are no users. */
const NOBODY = new Set(['console', 'rule', 'the bot', 'core', 'unknown operator']);

export const isPerson = (actor: string): boolean => !NOBODY.has(actor) && !actor.startsWith('plugin ');

interface News {
  readonly text: string;
  readonly told: () => void;
}

/** Tells people how it ended what they had asked for; those who are not people stand for the owners. */
export class Reports {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #voice: Voice;
  readonly #waiting = new Map<string, News[]>();
  readonly #timers = new Map<string, Timer>();
  #closed = false;

  constructor(clock: Clock, log: Log, voice: Voice) {
    this.#clock = clock;
    this.#log = log;
    this.#voice = voice;
  }

  /** @param told called once it is on its way */
  add(to: string, text: string, told: () => void = () => {}): void {
    const waiting = this.#waiting.get(to);
    if (waiting === undefined) this.#waiting.set(to, [{ text, told }]);
    else waiting.push({ text, told });
    this.#schedule(to, GATHER_MS);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(to: string, ms: number): void {
    if (this.#closed || this.#timers.has(to)) return;
    this.#timers.set(
      to,
      this.#clock.setTimeout(() => {
        this.#timers.delete(to);
        void this.#send(to);
      }, ms),
    );
  }

  async #send(to: string): Promise<void> {
    const news = this.#waiting.get(to) ?? [];
    this.#waiting.delete(to);
    const left = news.length - MOST;
    const texts = news.slice(0, left === 1 ? MOST + 1 : MOST).map(({ text }) => text);
    const text = [...texts, ...(left > 1 ? [`and ${left} more (!pending)`] : [])].join('; ');
    try {
      if (!isPerson(to)) this.#voice.owners(`members ${text}`, `${text}.`);
      else if (!(await this.#voice.tell(to, `${text}.`)))
        this.#log.info('Somebody was not told about members', { user: to });
      for (const { told } of news) told();
    } catch (error) {
      this.#log.warn('Somebody could not be told about members', { user: to, error });
      this.#waiting.set(to, [...news, ...(this.#waiting.get(to) ?? [])]);
      this.#schedule(to, RETRY_MS);
    }
  }
}
