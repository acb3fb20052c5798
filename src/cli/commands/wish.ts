import { Option } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

const format = () => new Option('--format <format>').choices(['text', 'csv', 'json', 'nicotine']);

/** `seekeeper wish`: the wishlist of the running bot, in the words of its chat command. */
export const addWishCommand: AddCommand = (program, finish) => {
  const done = (worked: boolean) => finish(worked ? ExitCode.ok : ExitCode.failed);
  const wish = program
    .command('wish')
    .summary('the wishlist of the running bot: add, list, results and the rest of its chat command')
    .description(
      'Runs the command "wish" of the running bot as its owner, in the words of the chat: seekeeper wish add rare ep ext=flac for=al. ' +
        '"seekeeper wish help" lists them. Options stand before the words.',
    )
    .argument('[words...]', 'what would be typed behind "wish" in a chat')
    .addOption(configOption())
    .passThroughOptions()
    .action(async (words: readonly string[], { config }: { config: string }) => {
      const { runWish } = await import('../wish/run-wish.ts');
      done(await runWish(config, words));
    });
  wish
    .command('plan')
    .summary('when each wish has its turns, if nothing is found')
    .addOption(new Option('--days <days>', 'how far ahead, 1 to 30').default('3'))
    .addOption(configOption())
    .action(async ({ config, days }: { config: string; days: string }) => {
      const { runWish } = await import('../wish/run-wish.ts');
      done(await runWish(config, ['plan', days]));
    });
  wish
    .command('import')
    .summary('take over wishes from a file: shows what it would do first')
    .argument(
      '[file]',
      'text, CSV, JSON, or the wishlist.json or config of Nicotine+; - reads what is piped in',
    )
    .argument('[token]', 'behind "confirm": what the first run printed')
    .addOption(format())
    .option('--yes', 'add them at once', false)
    .addOption(configOption())
    .action(
      async (
        file: string | undefined,
        token: string | undefined,
        { config, format: name, yes }: { config: string; format?: string; yes: boolean },
      ) => {
        const { importWishes, runWish } = await import('../wish/run-wish.ts');
        if (file === undefined || file === 'confirm')
          done(
            await runWish(config, [
              'import',
              ...(file === undefined ? [] : [file]),
              ...(token === undefined ? [] : [token]),
            ]),
          );
        else done(await importWishes(config, file, { format: name, yes }));
      },
    );
  wish
    .command('export')
    .summary('print the wishes of everybody, for import')
    .addOption(format().default('text'))
    .addOption(configOption())
    .action(async ({ config, format: name }: { config: string; format: string }) => {
      const { runWish } = await import('../wish/run-wish.ts');
      done(await runWish(config, ['export', name]));
    });
};
