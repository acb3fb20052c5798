import { askBot } from './ask-bot.ts';
import { sessionText } from './status-text.ts';

export async function retry(configPath: string): Promise<boolean> {
  const answer = await askBot(configPath, 'retry', undefined);
  if (answer === undefined) return false;
  process.stdout.write(`${sessionText(answer.session)}\n`);
  return true;
}
