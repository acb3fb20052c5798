import type { Clock } from '../../platform/clock.ts';

/** How long a command rests after it ran, in milliseconds; absent or 0: not at all. */
export interface CooldownSpec {
  /** Per user, over all rooms and private messages. */
  readonly user?: number;
  /** Per room, whoever asks. */
  readonly room?: number;
  /** For everybody, everywhere. */
  readonly global?: number;
}

/** Whose use of which command is weighed. */
export interface CooldownUse {
  /** Identifies the command for ever: aliases share it, instances of a plugin do not. */
  readonly command: string;
  readonly user: string;
  /** Absent in private. */
  readonly room?: string;
}

/** A use that was charged. */
export interface Charge {
  /** Gives the charge back, unless a later use was charged meanwhile. A second call does nothing. */
  refund(): void;
}

/**
 * Remembers when commands were last used. In memory only: a restart takes longer than a reasonable cooldown, and what
 * must not become more generous by a restart (what is sent) is the governor's, which keeps its state on disk.
 */
export class Cooldowns {
  readonly #clock: Clock;
  /** Key → until when (monotonic) it is closed. */
  readonly #until = new Map<string, number>();
  #sweepAt = 1024;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until the command may be used again; 0 when it may now. */
  remaining(use: CooldownUse, spec: CooldownSpec): number {
    const now = this.#clock.monotonic();
    const ends = keys(use, spec).map(({ key }) => (this.#until.get(key) ?? 0) - now);
    return Math.max(0, ...ends);
  }

  /** Notes a use. It overwrites what is left of an earlier one. */
  charge(use: CooldownUse, spec: CooldownSpec): Charge {
    const now = this.#clock.monotonic();
    const undo = keys(use, spec).map(({ key, ms }) => {
      const before = this.#until.get(key);
      const until = now + ms;
      this.#until.set(key, until);
      return () => {
        if (this.#until.get(key) !== until) return;
        if (before === undefined) this.#until.delete(key);
        else this.#until.set(key, before);
      };
    });
    this.#sweep(now);
    return {
      refund: () => {
        for (const one of undo.splice(0)) one();
      },
    };
  }

  /** Forgets a command, for instance since its plugin was unloaded. */
  forget(command: string): void {
    const prefix = keyPrefix(command);
    for (const key of this.#until.keys()) if (key.startsWith(prefix)) this.#until.delete(key);
  }

  /** Amortised: the map is gone through when it has doubled since the last time. */
  #sweep(now: number): void {
    if (this.#until.size < this.#sweepAt) return;
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
    this.#sweepAt = Math.max(1024, this.#until.size * 2);
  }
}

function keys(use: CooldownUse, spec: CooldownSpec): { key: string; ms: number }[] {
  const prefix = keyPrefix(use.command);
  const all = [
    { key: `${prefix}u${use.user}`, ms: spec.user ?? 0 },
    { key: `${prefix}r${use.room ?? ''}`, ms: use.room === undefined ? 0 : (spec.room ?? 0) },
    { key: `${prefix}g`, ms: spec.global ?? 0 },
  ];
  return all.filter(({ ms }) => ms > 0);
}

function keyPrefix(command: string): string {
  return `${command}\n`;
}
