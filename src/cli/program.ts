import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './commands/check.ts';
import { addControlCommands } from './commands/control.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addInitCommand } from './commands/init.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { addStartCommand } from './commands/start.ts';
import { ExitCode } from './exit-code.ts';
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
  for (const command of program.commands) command.exitOverride().helpOption('-h, --help', 'print help');
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has printed its message already; help and version end this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.refused;
    throw error;
  }
  return code;
}
