import type { NoticesReport, NoticesRequest } from '../../bot/notify/notices-control.ts';
import { formatDuration } from '../../plugins/api/duration.ts';
import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

/** A test may wait for what is under way, and then as long as a channel may take; milliseconds. */
const TEST_TIMEOUT_MS = 5 * 60_000;

/** Shows how notices fare. */
export async function showNotices(configPath: string, json: boolean): Promise<boolean> {
  const answer = await askBot(configPath, 'notices', { act: 'list' });
  if (answer === undefined || !('report' in answer)) return false;
  const { report } = answer;
  const lines = json ? [JSON.stringify(report, undefined, 2)] : noticesText(report);
  process.stdout.write(`${lines.join('\n')}\n`);
  return true;
}

/** How notices fare, a line for each channel and for everything that was given up. */
export function noticesText({ at, channels, others, dead, deadCount }: NoticesReport): string[] {
  const count = (waiting: number, given: number) =>
    `${waiting} ${waiting === 1 ? 'waits' : 'wait'}${given === 0 ? '' : `, ${given} given up`}`;
  return [
    ...channels.map(
      ({ name, kind, waiting, dead: given, problem }) =>
        `${name} (${kind}): ${count(waiting, given)}${problem === undefined ? '' : `; ${problem}`}`,
    ),
    ...(channels.length === 0 ? ['There are no channels in the config.'] : []),
    ...others.map(({ target, waiting, dead: given }) => `${target}: ${count(waiting, given)}`),
    ...(deadCount > dead.reduce((sum, one) => sum + one.count, 0)
      ? [`${deadCount} were given up, the newest are`]
      : []),
    ...dead.map(({ id, target, title, plugin, madeAt, problem }) => {
      const ago = formatDuration(Math.max(1_000, Math.round((at - madeAt) / 1_000) * 1_000));
      return `given up: "${title}" of ${plugin} to ${target}, ${ago} ago: ${problem} [${id}]`;
    }),
  ].map(printable);
}

/** Does something about what was given up, or tests a channel, and says what became of it. */
export async function changeNotices(
  configPath: string,
  request: Exclude<NoticesRequest, { act: 'list' }>,
): Promise<boolean> {
  const options = request.act === 'test' ? { timeoutMs: TEST_TIMEOUT_MS } : {};
  const answer = await askBot(configPath, 'notices', request, options);
  if (answer === undefined || !('text' in answer)) return false;
  (answer.ok ? process.stdout : process.stderr).write(`${printable(answer.text)}\n`);
  return answer.ok;
}
