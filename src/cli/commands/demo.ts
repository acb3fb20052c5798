import { InvalidArgumentError } from 'commander';
import { ExitCode } from '../exit-code.ts';
import type { AddCommand } from '../options.ts';

export const addDemoCommand: AddCommand = (program, finish) => {
  program
    .command('demo')
    .summary('see a bot at work in a room, without an account')
    .description(
      'Runs a network, a bot with the example plugins and people who talk, all in this process. In a terminal you are ' +
        'in the room too; elsewhere a fixed scenario of about twenty seconds is played and judged.',
    )
    .option('--replay <file>', 'play a recording of `seekeeper record` instead')
    .option('--speed <number>', 'how many times as fast', speedOption, 1)
    .action(async ({ replay, speed }: { replay?: string; speed: number }) => {
      if (replay !== undefined) {
        const { runReplay } = await import('../demo/run-replay.ts');
        finish((await runReplay(replay, speed)) ? ExitCode.ok : ExitCode.refused);
        return;
      }
      const { runDemo } = await import('../demo/run-demo.ts');
      finish((await runDemo()) ? ExitCode.ok : ExitCode.failed);
    });
};

function speedOption(value: string): number {
  const speed = Number(value);
  if (value.trim() !== '' && speed >= 0.1 && speed <= 1000) return speed;
  throw new InvalidArgumentError('It is a number from 0.1 to 1000.');
}
