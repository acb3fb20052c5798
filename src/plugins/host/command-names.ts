import type { CommandSpec } from '../api/command.ts';
import { PluginError } from '../api/errors.ts';

interface Claim {
  readonly instance: string;
  /** Which version of the instance. */
  readonly holder: object;
  readonly command: string;
}

/** Which instance has which command name, so that no two answer the same call. */
export class CommandNames {
  /** Two claims on a name are two versions of one instance, during a reload. */
  readonly #claims = new Map<string, readonly Claim[]>();

  get size(): number {
    return this.#claims.size;
  }

  /**
   * Takes a command's name and aliases, all or none. Another version of the same instance may have them too.
   * @param holder the version: any object of its own
   * @throws PluginError `command-clash`.
   */
  take(instance: string, holder: object, spec: CommandSpec): void {
    const names = [spec.name, ...spec.aliases];
    for (const name of names) {
      const owner = this.#claims
        .get(name)
        ?.find((claim) => claim.instance !== instance || claim.holder === holder);
      if (owner === undefined) continue;
      const theirs = owner.command === name ? '' : ` (an alias of its "${owner.command}")`;
      throw new PluginError(
        'command-clash',
        `command "${spec.name}" of ${JSON.stringify(instance)} wants the name "${name}", which ${JSON.stringify(owner.instance)} has already${theirs}`,
      );
    }
    for (const name of names)
      this.#claims.set(name, [...(this.#claims.get(name) ?? []), { instance, holder, command: spec.name }]);
  }

  release(holder: object, spec: CommandSpec): void {
    for (const name of [spec.name, ...spec.aliases]) {
      const left = (this.#claims.get(name) ?? []).filter((claim) => claim.holder !== holder);
      if (left.length === 0) this.#claims.delete(name);
      else this.#claims.set(name, left);
    }
  }
}
