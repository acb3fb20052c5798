import type { CommandSpec } from '../../plugins/api/command.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import { helpFor, helpList, ROOM_HELP_LINES } from './help.ts';
import { isAllowed, rolesText } from './permission.ts';
import type { CommandRegistry } from './registry.ts';

/** The bot's own command, generated from all others. */
export const HELP: CommandSpec = {
  name: 'help',
  aliases: ['commands'],
  in: 'any',
  cli: false,
  summary: 'What I can do, or how one command works',
  args: [{ name: 'command', kind: 'optional', of: { kind: 'word' } }],
  allow: [],
  cooldown: {},
  examples: ['help help'],
  onReplay: 'ignore',
  hidden: false,
};

export interface HelpAnswer {
  readonly lines: readonly string[];
  /** Too long for a room. */
  readonly private: boolean;
}

/** Writes the answers of `!help`. */
export class HelpCommand {
  readonly #registry: CommandRegistry;

  constructor(registry: CommandRegistry) {
    this.#registry = registry;
  }

  /** @param topic the name of a command, with or without prefix; undefined: list them. */
  answer(
    topic: string | undefined,
    roles: ReadonlySet<Role>,
    room: RoomRef | undefined,
    prefix: string,
  ): HelpAnswer {
    const lines =
      topic === undefined ? helpList(this.visible(roles, room), prefix) : this.#about(topic, roles, prefix);
    return { lines, private: room !== undefined && lines.length > ROOM_HELP_LINES };
  }

  /** What somebody with these roles could run here. */
  visible(roles: ReadonlySet<Role>, room: RoomRef | undefined): readonly CommandSpec[] {
    const wrongPlace = room === undefined ? 'room' : 'private';
    return this.#registry
      .list()
      .map(({ spec }) => spec)
      .filter(
        (spec) => !spec.hidden && spec.in !== 'cli' && spec.in !== wrongPlace && isAllowed(roles, spec.allow),
      );
  }

  #about(topic: string, roles: ReadonlySet<Role>, prefix: string): string[] {
    const name = topic.startsWith(prefix) ? topic.slice(prefix.length) : topic;
    const spec = this.#registry.find(name)?.spec;
    if (spec === undefined || spec.in === 'cli')
      return [`There is no such command; ${prefix}${HELP.name} lists them`];
    if (!isAllowed(roles, spec.allow)) return [`You need ${rolesText(spec.allow)} for ${prefix}${spec.name}`];
    return helpFor(spec, prefix);
  }
}
