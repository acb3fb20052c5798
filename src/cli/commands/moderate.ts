import { type Command, InvalidArgumentError } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption, durationOption } from '../options.ts';

/** What a moderator does at the console: back-tests, watch lists, and lists of Nicotine+. */
export const addModerateCommands: AddCommand = (program, finish) => {
  const moderate = program.command('moderate').summary('watch lists, and what rules would have done');
  const done = (worked: boolean) => finish(worked ? ExitCode.ok : ExitCode.failed);
  moderate
    .command('test')
    .summary('what the rules would have done, over what the bot has written down')
    .description(
      'Runs the rules of the config over the journal of the bot, whether it runs or not: how often each would have acted, on ' +
        'whom, how many of them staff, with the lines. Nothing is done, and nothing is written.',
    )
    .option('--since <time>', 'how far back', durationOption, 7 * 86_400_000)
    .option('--rules <file>', 'a file with other plugins and moderation, instead of those of the config')
    .option('--lines <n>', 'lines to show of each rule', count, 10)
    .option('--json', 'everything, as JSON', false)
    .addOption(configOption())
    .action(
      async (options: { since: number; rules?: string; lines: number; json: boolean; config: string }) => {
        const { testRules } = await import('../moderate/test-rules.ts');
        done(await testRules(options));
      },
    );
  moderate
    .command('lists')
    .summary('the watch lists that the running bot subscribes to')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { showLists } = await import('../moderate/show-lists.ts');
      done(await showLists(config));
    });
  addListCommands(moderate.command('list').summary('read, sign and publish watch lists'), done);
  addNicotineCommands(moderate.command('nicotine').summary('ban and ignore lists of Nicotine+'), done);
};

type Done = (worked: boolean) => void;

function addListCommands(list: Command, done: Done): void {
  list
    .command('key')
    .summary('make the pair of keys of a publisher, or show the public one')
    .argument('<file>', 'where the secret key is, or is to be')
    .action(async (file: string) => {
      const { listKey } = await import('../moderate/list-key.ts');
      done(listKey(file));
    });
  list
    .command('preview')
    .summary('whom a list would concern, before subscribing to it')
    .argument('<from>', 'a file, or an https address')
    .requiredOption('--key <key>', "the publisher's public key")
    .option('--at-most <consequence>', 'the strongest consequence that may follow', 'warn')
    .option('--no-rooms', 'do not ask the running bot who is in its rooms')
    .addOption(configOption())
    .action(
      async (from: string, options: { key: string; atMost: string; rooms: boolean; config: string }) => {
        const { listPreview } = await import('../moderate/list-preview.ts');
        done(await listPreview(from, options));
      },
    );
  list
    .command('sign')
    .summary('sign the draft of a list')
    .argument('<draft>', 'the list, as JSON')
    .requiredOption('--key <file>', 'the secret key')
    .option('--out <file>', 'where to; without it, it is printed')
    .action(async (draft: string, { key, out }: { key: string; out?: string }) => {
      const { listSign } = await import('../moderate/list-sign.ts');
      done(listSign(draft, key, out));
    });
  list
    .command('publish')
    .summary('make a signed list of those whom the running bot bans')
    .requiredOption('--name <name>', 'the name of the list')
    .requiredOption('--key <file>', 'the secret key')
    .option('--out <file>', 'where to; without it, it is printed')
    .option('--room <room>', 'only of this room')
    .option('--days <n>', 'how long it holds', days, 30)
    .option('--points <n>', 'what each name weighs', points, 3)
    .addOption(configOption())
    .action(
      async (options: {
        name: string;
        key: string;
        out?: string;
        room?: string;
        days: number;
        points: number;
        config: string;
      }) => {
        const { listPublish } = await import('../moderate/list-publish.ts');
        done(await listPublish(options));
      },
    );
}

function addNicotineCommands(nicotine: Command, done: Done): void {
  nicotine
    .command('import')
    .summary("make the draft of a list out of Nicotine+'s ban and ignore lists")
    .argument('<file>', "Nicotine+'s config file")
    .option('--out <file>', 'where to, a new file; without it, it is printed')
    .action(async (file: string, { out }: { out?: string }) => {
      const { importNicotine } = await import('../moderate/nicotine-lists.ts');
      done(importNicotine(file, out));
    });
  nicotine
    .command('export')
    .summary("add those whom the running bot keeps out to Nicotine+'s ban list")
    .argument('<file>', "Nicotine+'s config file")
    .option('--write', 'write it; without it, only what would be added is shown', false)
    .addOption(configOption())
    .action(async (file: string, { write, config }: { write: boolean; config: string }) => {
      const { exportNicotine } = await import('../moderate/nicotine-lists.ts');
      done(await exportNicotine(config, file, write));
    });
}

function count(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number up to 9999.');
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 366) return value;
  throw new InvalidArgumentError('It is a whole number from 1 to 366.');
}

function points(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('It is a number above 0, at most 100.');
}
