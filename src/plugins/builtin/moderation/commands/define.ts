import type { Args, CommandContext, CommandDefinition, Role } from '../../../api/index.ts';
import { answered, type Call, type Moderation, mayModerate, Refusal, type Who } from './rooms.ts';

type Answer = string | readonly string[] | undefined;

/** A command without what all of them have in common. */
export type Plain<A extends Args> = Omit<CommandDefinition<A>, 'run' | 'allow'> & {
  run(call: CommandContext<A>): Promise<Answer>;
};

/** Adds a command for staff: it is refused with a reason, never bare. */
export function staffCommand<const A extends Args>(bot: Moderation, definition: Plain<A>): void {
  const allow: readonly Role[] = bot.config.operators
    ? ['mod', 'owner', 'room.owner', 'room.operator']
    : ['mod', 'owner'];
  bot.command<A>({
    cli: true,
    ...definition,
    allow,
    run: (call: CommandContext<A>) => answered(() => definition.run(call), call.refundCooldown),
  });
}

/** Adds a command for everybody. */
export function openCommand<const A extends Args>(bot: Moderation, definition: Plain<A>): void {
  bot.command<A>({
    ...definition,
    run: (call: CommandContext<A>) => answered(() => definition.run(call), call.refundCooldown),
  });
}

/** @throws Refusal when somebody does not moderate that room. */
export async function require(bot: Moderation, who: Who, room: string): Promise<void> {
  if (!(await mayModerate(bot, who, room))) throw new Refusal(`You do not moderate ${room}.`);
}

/** Lines about people are for whoever asked: what was asked for in a room comes in private. */
export async function discreetly(bot: Moderation, call: Call, lines: readonly string[]): Promise<Answer> {
  if (call.source !== 'room') return lines;
  await bot.pm(call.user, lines, { priority: 'reply' });
  return `${call.user}: I have written to you.`;
}

/** Names in one line, and how many more there are. */
export function someOf(names: readonly string[], most = 40): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ');
}
