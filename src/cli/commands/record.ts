import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption, durationOption } from '../options.ts';

interface Settings {
  readonly config: string;
  readonly for?: number;
  readonly privateText: boolean;
}

export const addRecordCommand: AddCommand = (program, finish) => {
  program
    .command('record')
    .summary('record what happens around the running bot, for tests and the demo')
    .description(
      'Writes who said and did what in the rooms and in private, with every name replaced by another, also in texts. ' +
        'Of private messages only commands keep their text. `seekeeper demo --replay` and `t.replay` in tests play it.',
    )
    .argument('<file>', 'where to; it must not be there yet')
    .option('--for <duration>', 'how long, as 30m or 1h (default: until Ctrl-C)', durationOption)
    .option('--private-text', 'keep the text of private messages', false)
    .addOption(configOption())
    .action(async (file: string, { config, for: forMs, privateText }: Settings) => {
      const { runRecord } = await import('../record/run-record.ts');
      const worked = await runRecord({ config, file, privateText, ...(forMs !== undefined && { forMs }) });
      finish(worked ? ExitCode.ok : ExitCode.failed);
    });
};
