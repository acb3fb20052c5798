import type { Clock } from '../../platform/clock.ts';
import type { CoreCommand } from '../commands/core-command.ts';
import { forgetMeCommand, myDataCommand } from '../personal/personal-commands.ts';
import { whyCommand } from '../why/why-command.ts';
import type { Accounts } from './accounts.ts';

/** The bot's own commands about what it owes people an account of. */
export function accountCommands(
  accounts: Pick<Accounts, 'decisions' | 'personal'>,
  clock: Clock,
): readonly CoreCommand[] {
  return [
    whyCommand(accounts.decisions, clock),
    myDataCommand(accounts.personal, clock),
    forgetMeCommand(accounts.personal, clock),
  ];
}
