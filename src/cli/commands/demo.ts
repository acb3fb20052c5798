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
    .action(async () => {
      const { runDemo } = await import('../demo/run-demo.ts');
      finish((await runDemo()) ? ExitCode.ok : ExitCode.failed);
    });
};
