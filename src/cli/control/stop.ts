import { askBot } from './ask-bot.ts';

export async function stop(configPath: string): Promise<boolean> {
  const answer = await askBot(configPath, 'stop', undefined);
  if (answer === undefined) return false;
  process.stdout.write('The bot is stopping.\n');
  return true;
}
