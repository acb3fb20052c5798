import type { JobsRequest } from '../../bot/scheduler/jobs-control.ts';
import type { JobsReport } from '../../bot/scheduler/jobs-report.ts';
import { deadLine, jobLine } from '../../bot/scheduler/jobs-text.ts';
import { Zone } from '../../bot/scheduler/zone.ts';
import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

/** Shows what runs when. */
export async function showJobs(configPath: string, json: boolean): Promise<boolean> {
  const answer = await askBot(configPath, 'jobs', { act: 'list' });
  if (answer === undefined || !('report' in answer)) return false;
  const { report } = answer;
  const lines = json ? [JSON.stringify(report, undefined, 2)] : jobsText(report);
  process.stdout.write(`${lines.join('\n')}\n`);
  return true;
}

/** What runs when, and what was given up, a line each. */
export function jobsText(report: JobsReport): string[] {
  const { jobs, dead, deadCount } = report;
  return [
    ...jobs.map((job) => jobLine(job, report)),
    ...(jobs.length === 0 ? ['No plugin runs anything by the clock.'] : []),
    ...(deadCount > dead.length ? [`${deadCount} were given up, the newest are`] : []),
    ...dead.map((letter) => deadLine(letter, Zone.of(report.timezone))),
  ].map(printable);
}

/** Does something about a run or a job, and says what became of it. */
export async function changeJobs(
  configPath: string,
  request: Exclude<JobsRequest, { act: 'list' }>,
): Promise<boolean> {
  const answer = await askBot(configPath, 'jobs', request);
  if (answer === undefined || !('text' in answer)) return false;
  (answer.ok ? process.stdout : process.stderr).write(`${printable(answer.text)}\n`);
  return answer.ok;
}
