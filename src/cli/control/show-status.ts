import { askBot } from './ask-bot.ts';
import { statusText } from './status-text.ts';

export async function showStatus(configPath: string, json: boolean): Promise<boolean> {
  const status = await askBot(configPath, 'status', undefined);
  if (status === undefined) return false;
  const lines = json ? [JSON.stringify(status, undefined, 2)] : statusText(status);
  process.stdout.write(`${lines.join('\n')}\n`);
  return true;
}
