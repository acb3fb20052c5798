import type { Random } from '../../src/platform/random.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Something that somebody does. */
export type Act =
  | { readonly do: 'join'; readonly room: string }
  | { readonly do: 'leave'; readonly room: string }
  | { readonly do: 'say'; readonly room: string; readonly text: string }
  | { readonly do: 'logout' }
  /** By an operator of a private room. */
  | { readonly do: 'remove' | 'add'; readonly room: string; readonly user: string };

export interface Scheduled {
  /** Milliseconds since the beginning of the story. */
  readonly at: number;
  readonly user: string;
  readonly act: Act;
}

/** A story, and what a just moderator would say of it. */
export class Story {
  readonly random: Random;
  readonly #acts: Scheduled[] = [];
  /** Who did what a rule is against, by room: `rule room user`. */
  readonly #guilt = new Set<string>();
  /** People who must never be acted on although they look a little like it. */
  readonly innocent = new Set<string>();

  constructor(random: Random) {
    this.random = random;
  }

  act(at: number, user: string, act: Act): void {
    this.#acts.push({ at: Math.round(at), user, act });
  }

  say(at: number, user: string, room: string, text: string): void {
    this.act(at, user, { do: 'say', room, text });
  }

  /** Somebody did what this rule is against. */
  blame(rule: string, room: string, user: string): void {
    this.#guilt.add(JSON.stringify([rule, room, user]));
  }

  guilty(rule: string, room: string, user: string): boolean {
    return this.#guilt.has(JSON.stringify([rule, room, user]));
  }

  /** Whether this person did anything wrong in that room. */
  guiltyOfAnything(room: string, user: string): boolean {
    return this.guilt.some((each) => each.room === room && each.user === user);
  }

  get guilt(): readonly { readonly rule: string; readonly room: string; readonly user: string }[] {
    return [...this.#guilt].map((key) => {
      const [rule, room, user] = JSON.parse(key) as [string, string, string];
      return { rule, room, user };
    });
  }

  /** In order of time; what was written down first comes first. */
  get acts(): readonly Scheduled[] {
    return [...this.#acts].sort((a, b) => a.at - b.at);
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.float() * list.length)]!;
  }

  /** A number of [least, most). */
  between(least: number, most: number): number {
    return least + this.random.float() * (most - least);
  }
}
