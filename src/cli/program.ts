import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addCheckCommand } from './commands/check.ts';
import { addConsoleCommand } from './commands/console.ts';
import { addControlCommands } from './commands/control.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addInitCommand } from './commands/init.ts';
import { addJobsCommand } from './commands/jobs.ts';
import { addModerateCommands } from './commands/moderate.ts';
import { addNoticesCommand } from './commands/notices.ts';
import { addPluginCommands } from './commands/plugin.ts';
import { addRecordCommand } from './commands/record.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { addStartCommand } from './commands/start.ts';
import { addWishCommand } from './commands/wish.ts';
import { ExitCode } from './exit-code.ts';
import { RefusedError } from './refused-error.ts';
import { packageVersion } from './version.ts';

/**
 * Runs the `seekeeper` command. Subcommands load what they need only when they run, so that `--help` is quick.
 * @returns the exit code; see ExitCode.
 */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = ExitCode.ok;
  const finish = (result: number) => {
    code = result;
  };
  const program = new Command('seekeeper')
    .description('A chat bot framework for Soulseek rooms.')
    .version(packageVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(seekeeper --help lists the commands)')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride();
  addStartCommand(program, finish);
  addCheckCommand(program, finish);
  addInitCommand(program, finish);
  addDemoCommand(program, finish);
  addSandboxCommand(program, finish);
  addControlCommands(program, finish);
  addAccountCommands(program, finish);
  addJobsCommand(program, finish);
  addModerateCommands(program, finish);
  addNoticesCommand(program, finish);
  addPluginCommands(program, finish);
  addConsoleCommand(program, finish);
  addDoctorCommand(program, finish);
  addRecordCommand(program, finish);
  addWishCommand(program, finish);
  for (const command of withInner(program)) command.exitOverride().helpOption('-h, --help', 'print help');
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof RefusedError) return ExitCode.refused;
    // Commander has printed its message already; help and version end this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.refused;
    throw error;
  }
  return code;
}

/** Every command, those inside of others included. */
function withInner(program: Command): readonly Command[] {
  return program.commands.flatMap((command) => [command, ...withInner(command)]);
}
