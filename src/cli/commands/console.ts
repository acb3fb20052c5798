import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

export const addConsoleCommand: AddCommand = (program, finish) => {
  program
    .command('console')
    .summary('attach to the running bot: watch, ask, try lines out')
    .description(
      'Shows what the bot hears, says and decides while it happens, and takes commands; `help` there lists them. ' +
        'With input from a pipe it runs each line, prints the answers and ends; 1 when one of them failed.',
    )
    .addOption(configOption())
    .option('--private-text', 'show the text of private messages too', false)
    .action(async ({ config, privateText }: { config: string; privateText: boolean }) => {
      const { runConsole } = await import('../console/run-console.ts');
      finish((await runConsole(config, { privateText })) ? ExitCode.ok : ExitCode.failed);
    });
};
