import { InvalidArgumentError } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { type ExampleName, examples } from '../init/answers.ts';
import type { InitFlags } from '../init/run-init.ts';
import { type AddCommand, collect } from '../options.ts';

export const addInitCommand: AddCommand = (program, finish) => {
  program
    .command('init')
    .summary('write a config, asking what it needs to know')
    .description(
      'Asks for an account, rooms and owners, and writes config.yaml, the plugins beside it. ' +
        'With --yes it asks nothing and takes the options. A password is never an option: others could see it in ps.',
    )
    .option('-c, --config <file>', 'the config to write', 'config.yaml')
    .option('-y, --yes', 'ask nothing', false)
    .option('--force', 'replace an existing config', false)
    .option('--user <name>', "the bot's account")
    .option('--password-env <name>', 'the environment variable that will hold the password')
    .option('--password-file <file>', 'the file that holds the password, nothing else in it')
    .option('--server <host:port>', 'the server (default: server.slsknet.org:2242)', serverOption)
    .option('--room <name>', 'a room to join; may be repeated', collect, [])
    .option(
      '--owner <name>',
      'your own user name: commands for owners are yours; may be repeated',
      collect,
      [],
    )
    .option(
      '--plugin <name>',
      `an example plugin to begin with: ${Object.keys(examples).join(', ')}; may be repeated`,
      pluginOption,
      [],
    )
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('../init/run-init.ts');
      finish((await runInit(flags)) ? ExitCode.ok : ExitCode.refused);
    });
};

function serverOption(value: string): { host: string; port: number } {
  const [, host, port] = /^([^\s:/]+)(?::(\d{1,5}))?$/.exec(value) ?? [];
  if (host === undefined || Number(port ?? 2242) > 65_535)
    throw new InvalidArgumentError('It is a host, or host:port.');
  return { host, port: Number(port ?? 2242) };
}

function pluginOption(value: string, before: readonly ExampleName[]): readonly ExampleName[] {
  if (!Object.hasOwn(examples, value))
    throw new InvalidArgumentError(`There are: ${Object.keys(examples).join(', ')}.`);
  return [...new Set([...before, value as ExampleName])];
}
