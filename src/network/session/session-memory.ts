import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { StatePort } from '../ports.ts';
import type { SessionState } from './state.ts';

const NAME = 'session';

/** Attempts this long ago say nothing about the next one any more, milliseconds. */
const FORGET_MS = 10 * 60_000;

type Evidence = Extract<SessionState, { name: 'banned' }>['evidence'];

export interface Ban {
  /** Milliseconds left. */
  readonly left: number;
  readonly evidence: Evidence;
  readonly text: string;
}

interface Saved {
  readonly version: 1;
  readonly savedAt: number;
  readonly ban?: Ban;
  /** Logins tried since the last session that lasted, and milliseconds since the latest. */
  readonly attempts: number;
  readonly age: number;
  /** Connections in a row that ended before the login reply. */
  readonly closedEarly: number;
}

/**
 * What a restart must not forget of bans and attempts, or a crash loop would earn a ban. Durations are written, not
 * times; a wall clock that went backwards means that no time has passed.
 */
export class SessionMemory {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #state: StatePort;
  #ban: { readonly until: number; readonly evidence: Evidence; readonly text: string } | undefined;
  #attempts = 0;
  #attemptAt = Number.NEGATIVE_INFINITY;
  closedEarly = 0;

  constructor(options: { clock: Clock; log: Log; state: StatePort }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#state = options.state;
  }

  /** Rejects when the state cannot be read. */
  async load(): Promise<void> {
    const text = await this.#state.load(NAME);
    if (text === undefined) return;
    const now = this.#clock.monotonic();
    const saved = parse(text);
    if (!saved) {
      this.#log.warn('The saved state of the session is damaged: it counts as a login tried just now');
      this.#attempts = 1;
      this.#attemptAt = now;
      return;
    }
    const from = now - Math.max(0, this.#clock.now() - saved.savedAt);
    const { ban } = saved;
    if (ban) this.#ban = { until: from + ban.left, evidence: ban.evidence, text: ban.text };
    this.#attempts = saved.attempts;
    this.#attemptAt = from - saved.age;
    this.closedEarly = saved.closedEarly;
  }

  /** The ban that still holds. */
  get ban(): Ban | undefined {
    const left = this.#ban ? this.#ban.until - this.#clock.monotonic() : 0;
    return this.#ban && left > 0 ? { left, evidence: this.#ban.evidence, text: this.#ban.text } : undefined;
  }

  set ban(ban: Ban | undefined) {
    this.#ban = ban && { until: this.#clock.monotonic() + ban.left, evidence: ban.evidence, text: ban.text };
  }

  /** Milliseconds since the latest attempt; infinite when there was none. */
  get sinceAttempt(): number {
    return this.#clock.monotonic() - this.#attemptAt;
  }

  /** Logins tried since the last session that lasted. */
  get attempts(): number {
    return this.sinceAttempt >= FORGET_MS ? 0 : this.#attempts;
  }

  /** A login is about to be tried. */
  addAttempt(): void {
    this.#attempts = this.attempts + 1;
    this.#attemptAt = this.#clock.monotonic();
  }

  /** The attempt did not reach the server. */
  takeBackAttempt(): void {
    this.#attempts = Math.max(0, this.#attempts - 1);
  }

  /** A session has lasted: the attempts before it no longer count. */
  forgive(): void {
    this.#attempts = 0;
    this.closedEarly = 0;
  }

  /** Resolves to false when it could not be saved; that is logged. */
  async save(): Promise<boolean> {
    const { ban, attempts, closedEarly, sinceAttempt } = this;
    const saved: Saved = {
      version: 1,
      savedAt: this.#clock.now(),
      ...(ban && { ban }),
      attempts,
      age: Number.isFinite(sinceAttempt) ? sinceAttempt : FORGET_MS,
      closedEarly,
    };
    try {
      await this.#state.save(NAME, JSON.stringify(saved));
      return true;
    } catch (error) {
      this.#log.error('The state of the session cannot be saved', {
        error: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  }
}

function parse(text: string): Saved | undefined {
  try {
    const saved = JSON.parse(text) as Partial<Saved> | null;
    const numbers = [saved?.savedAt, saved?.attempts, saved?.age, saved?.closedEarly, saved?.ban?.left ?? 0];
    const sound =
      saved?.version === 1 &&
      numbers.every((number) => typeof number === 'number' && Number.isFinite(number));
    return sound ? (saved as Saved) : undefined;
  } catch {
    return undefined;
  }
}
