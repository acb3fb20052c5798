import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

const CHANGES = [
  ['retry', 'id', 'have a notice told again that was given up, or "all" of them'],
  ['drop', 'id', 'forget a notice that was given up, or "all" of them'],
  ['test', 'channel', 'send a test through a channel, and say what came of it'],
] as const;

/** `seekeeper notices`: what the running bot tells people, and what it could not. */
export const addNoticesCommand: AddCommand = (program, finish) => {
  const notices = program
    .command('notices')
    .summary('channels, what waits for them, and what was given up')
    .addOption(configOption())
    .option('--json', 'everything, as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { showNotices } = await import('../control/notices.ts');
      finish((await showNotices(config, json)) ? ExitCode.ok : ExitCode.failed);
    });
  for (const [act, what, summary] of CHANGES) {
    notices
      .command(act)
      .summary(summary)
      .argument(`<${what}>`)
      .addOption(configOption())
      .action(async (name: string, { config }: { config: string }) => {
        const { changeNotices } = await import('../control/notices.ts');
        finish((await changeNotices(config, { act, name })) ? ExitCode.ok : ExitCode.failed);
      });
  }
};
