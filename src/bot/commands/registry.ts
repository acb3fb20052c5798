import type { CommandSpec } from '../../plugins/api/command.ts';
import { RESERVED_ID } from '../../plugins/host/reserved-id.ts';

/** A command that somebody registered. */
export interface CommandEntry {
  /** The plugin's instance id, or {@link CORE} for the bot's own. */
  readonly instance: string;
  readonly spec: CommandSpec;
}

/** Who owns the commands that no plugin brings. No plugin instance can be called so. */
export const CORE = RESERVED_ID;

/** All commands by name and alias. Case does not matter: telephones begin a line with a capital. */
export class CommandRegistry {
  readonly #byName = new Map<string, CommandEntry>();
  readonly #entries = new Set<CommandEntry>();

  /** @throws Error naming both owners when the name or an alias is taken; nothing is registered then. */
  add(entry: CommandEntry): void {
    const names = namesOf(entry.spec);
    for (const name of names) {
      const taken = this.#byName.get(name);
      if (taken !== undefined) throw new Error(clash(name, entry, taken));
    }
    for (const name of names) this.#byName.set(name, entry);
    this.#entries.add(entry);
  }

  /** Takes a command away by its own name. @returns it, if this instance had it. */
  remove(instance: string, name: string): CommandEntry | undefined {
    const entry = this.#byName.get(name.toLowerCase());
    if (entry === undefined || entry.instance !== instance || entry.spec.name !== name) return undefined;
    for (const each of namesOf(entry.spec)) this.#byName.delete(each);
    this.#entries.delete(entry);
    return entry;
  }

  /** By name or alias. */
  find(name: string): CommandEntry | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Every command once, by name. */
  list(): readonly CommandEntry[] {
    return [...this.#entries].sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  }
}

function namesOf(spec: CommandSpec): Set<string> {
  return new Set([spec.name, ...spec.aliases].map((name) => name.toLowerCase()));
}

function clash(name: string, entry: CommandEntry, taken: CommandEntry): string {
  const which = taken.spec.name === name ? 'a command' : `an alias of "${taken.spec.name}"`;
  const whose = taken.instance === CORE ? 'of the bot itself' : `of plugin ${taken.instance}`;
  return `Command "${name}" of plugin ${entry.instance} clashes: it is already ${which} ${whose}`;
}
