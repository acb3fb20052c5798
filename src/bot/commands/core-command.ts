import type { CommandSpec } from '../../plugins/api/command.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { CommandLine } from './command-ports.ts';

/** Who called a command of the bot itself, and with what. */
export interface CoreCall extends Omit<CommandLine, 'text'> {
  readonly args: Readonly<Record<string, unknown>>;
  readonly roles: ReadonlySet<Role>;
}

export interface CoreAnswer {
  readonly lines: readonly string[];
  /** To the person alone, wherever it was typed. */
  readonly private?: boolean;
}

/** A command of the bot itself: what plugins cannot do, because it is about all of them. */
export interface CoreCommand {
  readonly spec: CommandSpec;
  /** May reject; the person hears that it failed. */
  run(call: CoreCall): Promise<CoreAnswer>;
}

/** A spec with the usual values filled in. */
export function coreSpec(spec: Pick<CommandSpec, 'name' | 'summary'> & Partial<CommandSpec>): CommandSpec {
  return {
    aliases: [],
    in: 'any',
    cli: false,
    args: [],
    allow: [],
    cooldown: {},
    examples: [],
    onReplay: 'ignore',
    hidden: false,
    ...spec,
  };
}
