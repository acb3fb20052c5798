import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

export const addCheckCommand: AddCommand = (program, finish) => {
  program
    .command('check')
    .summary('check the config and every plugin, start nothing')
    .description(
      'Reads the config, loads every plugin without starting it and checks its part of the config. ' +
        'Prints everything that is wrong with file, line and column. Connects to nothing.',
    )
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { runCheck } = await import('../check/run-check.ts');
      finish((await runCheck(config)) ? ExitCode.ok : ExitCode.refused);
    });
};
