import type { Command } from 'commander';
import { type AddCommand, configOption } from '../options.ts';

export const addStartCommand: AddCommand = (program, finish) => {
  program
    .command('start')
    .summary('run the bot')
    .description(
      'Runs the bot of the config until SIGTERM or Ctrl-C, which lets it finish what it is saying. ' +
        'Without a config.yaml it says so and shows the demo.',
    )
    .addOption(configOption())
    .option('--dev', 'reload plugins as soon as their files or the config are saved', false)
    .action(async ({ config, dev }: { config: string; dev: boolean }, command: Command) => {
      const { runStart } = await import('../start/run-start.ts');
      // Only a config that nobody asked for by name may be missing.
      const named = command.getOptionValueSource('config') !== 'default';
      finish(await runStart({ path: config, demoWithoutConfig: !named, dev }));
    });
};
