import { InvalidArgumentError } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { type AddCommand, portOption } from '../options.ts';
import type { SandboxSettings } from '../sandbox/run-sandbox.ts';

export const addSandboxCommand: AddCommand = (program, finish) => {
  program
    .command('sandbox')
    .summary('run only the network, for a bot or a client to connect to')
    .description(
      'Runs a Soulseek server on this machine, with people who talk, for your own bot, for Nicotine+ or for any other ' +
        'client to log in to. Any name and password is accepted and registered. Everything is forgotten when it ends.',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one', portOption, 2242)
    .option('--host <address>', 'address to bind; anything but loopback lets others in', '127.0.0.1')
    .option(
      '--dialect <name>',
      'whose manners the server has: official or soulfind',
      dialectOption,
      'official',
    )
    .option('--people <number>', 'how many people chat', peopleOption, 3)
    .option('--room <name>', 'where they chat', 'lobby')
    .action(async (settings: SandboxSettings) => {
      const { runSandbox } = await import('../sandbox/run-sandbox.ts');
      finish((await runSandbox(settings)) ? ExitCode.ok : ExitCode.refused);
    });
};

function dialectOption(value: string): 'official' | 'soulfind' {
  if (value === 'official' || value === 'soulfind') return value;
  throw new InvalidArgumentError('It is official or soulfind.');
}

function peopleOption(value: string): number {
  const people = Number(value);
  if (/^\d+$/.test(value) && people <= 100) return people;
  throw new InvalidArgumentError('It is a whole number from 0 to 100.');
}
