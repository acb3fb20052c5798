import type { StoredWish } from '../store/wish-rows.ts';
import type { Experience } from '../store/wishes.ts';

/** Whom plugins ignore, and how downloads went: in memory what the store has. */
export class KnownPeople {
  readonly #ignored = new Map<string, Set<string>>();
  #experience = new Map<string, Map<string, Experience>>();

  load(
    ignored: readonly { readonly instance: string; readonly user: string }[],
    experience: Map<string, Map<string, Experience>>,
  ): void {
    for (const { instance, user } of ignored) this.ignore(instance, user);
    this.#experience = experience;
  }

  isIgnored(instance: string, user: string): boolean {
    return this.#ignored.get(instance)?.has(user) ?? false;
  }

  ignore(instance: string, user: string): void {
    const own = this.#ignored.get(instance) ?? new Set<string>();
    this.#ignored.set(instance, own.add(user));
  }

  /** @returns whether it was ignored. */
  unignore(instance: string, user: string): boolean {
    return this.#ignored.get(instance)?.delete(user) ?? false;
  }

  ignored(instance: string): readonly string[] {
    return [...(this.#ignored.get(instance) ?? [])].sort();
  }

  /** Plugins that ignore somebody. */
  ignoredBy(user: string): readonly string[] {
    return [...this.#ignored].flatMap(([instance, users]) => (users.has(user) ? [instance] : []));
  }

  experience(instance: string, user: string): Experience | undefined {
    return this.#experience.get(instance)?.get(user);
  }

  /** @returns all experiences with somebody, by plugin. */
  experiences(user: string): readonly (readonly [string, Experience])[] {
    return [...this.#experience].flatMap(([instance, users]) => {
      const own = users.get(user);
      return own === undefined ? [] : [[instance, own] as const];
    });
  }

  learn(instance: string, user: string, experience: Experience): void {
    const own = this.#experience.get(instance) ?? new Map<string, Experience>();
    this.#experience.set(instance, own.set(user, experience));
  }

  forgetExperience(user: string): void {
    for (const users of this.#experience.values()) users.delete(user);
  }
}

/** Takes a user's paths out of the examples of what was dropped. @returns how many there were. */
export function withoutExamples({ doc }: StoredWish, user: string): number {
  let removed = 0;
  for (const tally of [doc.last, doc.total]) {
    for (const { examples } of tally.dropped.values()) {
      for (let i = examples.length - 1; i >= 0; i--) {
        if (examples[i]!.user !== user) continue;
        examples.splice(i, 1);
        removed++;
      }
    }
  }
  return removed;
}
