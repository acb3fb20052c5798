import { forgottenLines, reportLines } from '../../bot/personal/personal-texts.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

/** Looking through everything takes its time with many plugins; the longest silence, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Prints what the running bot keeps about somebody. */
export async function showData(configPath: string, user: string, json: boolean): Promise<boolean> {
  const report = await askBot(configPath, 'data', { user }, { timeoutMs: PATIENCE_MS });
  if (report === undefined) return false;
  print(
    json
      ? [JSON.stringify(report, undefined, 2)]
      : reportLines(report, new RealClock().now(), true).map(printable),
  );
  return true;
}

/** Deletes what the running bot keeps about somebody. */
export async function forgetUser(configPath: string, user: string): Promise<boolean> {
  const report = await askBot(configPath, 'forget', { user }, { timeoutMs: PATIENCE_MS });
  if (report === undefined) return false;
  print(forgottenLines(report).map(printable));
  return report.plugins.every(({ problems }) => problems.length === 0);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
