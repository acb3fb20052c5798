import { PluginError } from '../api/errors.ts';
import type { ReplyTarget } from './services.ts';

/** What a token stands for. */
export interface ReplyRight {
  readonly target: ReplyTarget;
  /** The plugin was called by a person: it may answer without `room.say`. */
  readonly called: boolean;
}

interface Entry extends ReplyRight {
  readonly expiresAt: number;
  left: number;
}

/** Tokens that one instance holds at most; beyond, the oldest ends early. */
const MAX_TOKENS = 4_000;

/**
 * Rights to answer. A plugin gets a token with an event and gives it back with its answer, so that it can answer only
 * where something came from, only for a while, and only so often.
 */
export class ReplyTokens {
  /** All live equally long, so the oldest comes first. */
  readonly #entries = new Map<string, Entry>();
  readonly #lifeMs: number;
  readonly #uses: number;
  #issued = 0;

  /** @param lifeMs how long a token lives, by the monotonic clock. @param uses how many answers it is good for. */
  constructor(lifeMs: number, uses: number) {
    this.#lifeMs = lifeMs;
    this.#uses = uses;
  }

  get size(): number {
    return this.#entries.size;
  }

  issue(right: ReplyRight, now: number): string {
    for (const [token, entry] of this.#entries) {
      if (entry.expiresAt > now && this.#entries.size < MAX_TOKENS) break;
      this.#entries.delete(token);
    }
    const token = `r${++this.#issued}`;
    this.#entries.set(token, { ...right, expiresAt: now + this.#lifeMs, left: this.#uses });
    return token;
  }

  /** @throws PluginError `reply-over`. */
  look(token: unknown, now: number): ReplyRight {
    return this.#live(token, now);
  }

  /** Whether this person called the plugin, or wrote to it, in that place, and may still be answered. */
  called(place: { readonly user: string; readonly room?: string }, now: number): boolean {
    for (const { target, called, expiresAt } of this.#entries.values()) {
      if (!called || expiresAt <= now || target.kind === 'cli' || target.user !== place.user) continue;
      if ((target.kind === 'room' ? target.room : undefined) === place.room) return true;
    }
    return false;
  }

  /** Uses a token once. @throws PluginError `reply-over`. */
  spend(token: unknown, now: number): void {
    this.#live(token, now).left--;
  }

  clear(): void {
    this.#entries.clear();
  }

  #live(token: unknown, now: number): Entry {
    const entry = typeof token === 'string' ? this.#entries.get(token) : undefined;
    if (entry === undefined || entry.expiresAt <= now) {
      throw new PluginError('reply-over', 'This can no longer be answered: too much time has passed');
    }
    if (entry.left <= 0) {
      throw new PluginError('reply-over', `This has been answered ${this.#uses} times; more is not allowed`);
    }
    return entry;
  }
}
