import { reloadLines, reloadWorked } from '../../bot/plugins/reload-report.ts';
import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

/** Every plugin may take its time; this is the longest silence, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;

export async function reload(configPath: string, id: string | undefined): Promise<boolean> {
  const report = await askBot(configPath, 'reload', id === undefined ? undefined : { id }, {
    timeoutMs: PATIENCE_MS,
  });
  if (report === undefined) return false;
  for (const line of reloadLines(report)) process.stdout.write(`${printable(line)}\n`);
  return reloadWorked(report);
}
