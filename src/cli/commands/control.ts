import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

/** Commands that concern a running bot; they reach it through the control socket beside its store. */
export const addControlCommands: AddCommand = (program, finish) => {
  program
    .command('status')
    .summary('how the running bot fares')
    .addOption(configOption())
    .option('--json', 'everything, as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { showStatus } = await import('../control/show-status.ts');
      finish(code(await showStatus(config, json)));
    });
  program
    .command('run')
    .summary('run a command that a plugin offers here')
    .argument('<command...>', 'the command and its arguments')
    .addOption(configOption())
    .passThroughOptions()
    .action(async (words: readonly string[], { config }: { config: string }) => {
      const { runCommand } = await import('../control/run-command.ts');
      finish(code(await runCommand(config, words)));
    });
  program
    .command('retry')
    .summary('let the running bot log in again now, after a ban, a refusal or a login elsewhere')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { retry } = await import('../control/retry.ts');
      finish(code(await retry(config)));
    });
  program
    .command('stop')
    .summary('stop the running bot, letting it finish what it is saying')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { stop } = await import('../control/stop.ts');
      finish(code(await stop(config)));
    });
};

function code(worked: boolean): number {
  return worked ? ExitCode.ok : ExitCode.failed;
}
