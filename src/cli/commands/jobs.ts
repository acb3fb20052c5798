import { ExitCode } from '../exit-code.ts';
import { type AddCommand, configOption } from '../options.ts';

const CHANGES = [
  ['retry', 'run', 'try a run again that was given up'],
  ['discard', 'run', 'forget a run that was given up'],
  ['run', 'job', 'run a job now, given as PLUGIN/JOB, beside its calendar'],
] as const;

/** `seekeeper jobs`: what the running bot does by the clock. */
export const addJobsCommand: AddCommand = (program, finish) => {
  const jobs = program
    .command('jobs')
    .summary('what runs when, how it went, and what was given up')
    .addOption(configOption())
    .option('--json', 'everything, as JSON', false)
    .action(async ({ config, json }: { config: string; json: boolean }) => {
      const { showJobs } = await import('../control/jobs.ts');
      finish((await showJobs(config, json)) ? ExitCode.ok : ExitCode.failed);
    });
  for (const [act, what, summary] of CHANGES) {
    jobs
      .command(act)
      .summary(summary)
      .argument(`<${what}>`)
      .addOption(configOption())
      .action(async (name: string, { config }: { config: string }) => {
        const { changeJobs } = await import('../control/jobs.ts');
        finish((await changeJobs(config, { act, name })) ? ExitCode.ok : ExitCode.failed);
      });
  }
};
