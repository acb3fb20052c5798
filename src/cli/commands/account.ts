import { InvalidArgumentError } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption, durationOption } from '../options.ts';

interface WhyOptions {
  readonly config: string;
  readonly user?: string;
  readonly room?: string;
  readonly plugin?: string;
  readonly since?: number;
  readonly last?: number;
  readonly json: boolean;
}

/** What a running bot did not do, and what it keeps about people. */
export const addAccountCommands: AddCommand = (program, finish) => {
  program
    .command('why')
    .summary('why the running bot did not answer, send or act')
    .argument('[id]', 'one decision, such as w3f9k')
    .addOption(configOption())
    .option('--user <name>', 'only what concerned this user')
    .option('--room <name>', 'only in this room')
    .option('--plugin <id>', 'only of this plugin')
    .option('--since <time>', 'how far back, such as 1h', durationOption)
    .option('--last <n>', 'how many at most (default: 20)', count)
    .option('--json', 'as JSON', false)
    .action(async (id: string | undefined, { config, json, since, last, user, room, plugin }: WhyOptions) => {
      const { showWhy } = await import('../control/show-why.ts');
      const question = {
        ...(id !== undefined && { id: id.toLowerCase() }),
        ...(user !== undefined && { user }),
        ...(room !== undefined && { room }),
        ...(plugin !== undefined && { plugin }),
        ...(since !== undefined && { sinceMs: since }),
        ...(last !== undefined && { limit: last }),
      };
      finish(code(await showWhy(config, question, json)));
    });
  program
    .command('data')
    .summary('what the running bot and its plugins keep about a user')
    .argument('<user>', 'the exact name')
    .addOption(configOption())
    .option('--json', 'as JSON', false)
    .action(async (user: string, { config, json }: { config: string; json: boolean }) => {
      const { showData } = await import('../control/personal.ts');
      finish(code(await showData(config, user, json)));
    });
  program
    .command('forget')
    .summary('delete what the running bot and its plugins keep about a user')
    .argument('<user>', 'the exact name')
    .addOption(configOption())
    .action(async (user: string, { config }: { config: string }) => {
      const { forgetUser } = await import('../control/personal.ts');
      finish(code(await forgetUser(config, user)));
    });
};

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number');
  return number;
}

function code(worked: boolean): number {
  return worked ? ExitCode.ok : ExitCode.failed;
}
