import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

export const addDoctorCommand: AddCommand = (program, finish) => {
  program
    .command('doctor')
    .summary('what is wrong, and what to do about it')
    .description(
      'Looks at the config, the store and this machine, and at the bot if it runs: why no answer, no results, no parent, ' +
        'no children; ports, bans, queues, limits, plugins. Changes nothing. Ends with 1 when there are problems.',
    )
    .addOption(configOption())
    .option('--json', 'as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts');
      finish((await runDoctor(config, json)) ? ExitCode.ok : ExitCode.failed);
    });
};
