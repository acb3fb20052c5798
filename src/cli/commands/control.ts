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
    .command('metrics')
    .summary('what plugins have counted since the bot was started')
    .addOption(configOption())
    .option('--json', 'as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { showMetrics } = await import('../control/show-metrics.ts');
      finish(code(await showMetrics(config, json)));
    });
  program
    .command('run')
    .summary('run a command that a plugin offers here')
    .description('Runs a command that a plugin offers at the console. Options stand before the command.')
    .argument('<command...>', 'the command and its arguments')
    .addOption(configOption())
    .option('--input <file>', 'a file to hand over with it; - is what is piped in')
    .passThroughOptions()
    .action(async (words: readonly string[], { config, input }: { config: string; input?: string }) => {
      const { runCommand } = await import('../control/run-command.ts');
      const { readInput } = await import('../control/read-input.ts');
      finish(code(await runCommand(config, words, readInput(input))));
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
    .command('reload')
    .summary('let the running bot read its config and its plugins again')
    .description(
      'Loads new plugins, unloads those that the config no longer names and reloads those whose files or settings have changed. ' +
        'A new version that fails is not taken: the old one stays. With an id, that plugin is reloaded whether it has changed or not.',
    )
    .argument('[id]', 'the id of a plugin')
    .addOption(configOption())
    .action(async (id: string | undefined, { config }: { config: string }) => {
      const { reload } = await import('../control/reload.ts');
      finish(code(await reload(config, id)));
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
