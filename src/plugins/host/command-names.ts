import type { CommandSpec } from '../api/command.ts';
import { PluginError } from '../api/errors.ts';

/** Which instance has which command name, so that no two answer the same call. */
export class CommandNames {
  readonly #owners = new Map<string, { readonly instance: string; readonly command: string }>();

  get size(): number {
    return this.#owners.size;
  }

  /** Takes a command's name and aliases, all or none. @throws PluginError `command-clash`. */
  take(instance: string, spec: CommandSpec): void {
    const names = [spec.name, ...spec.aliases];
    for (const name of names) {
      const owner = this.#owners.get(name);
      if (owner === undefined) continue;
      const theirs = owner.command === name ? '' : ` (an alias of its "${owner.command}")`;
      throw new PluginError(
        'command-clash',
        `command "${spec.name}" of ${JSON.stringify(instance)} wants the name "${name}", which ${JSON.stringify(owner.instance)} has already${theirs}`,
      );
    }
    for (const name of names) this.#owners.set(name, { instance, command: spec.name });
  }

  release(spec: CommandSpec): void {
    for (const name of [spec.name, ...spec.aliases]) this.#owners.delete(name);
  }
}
