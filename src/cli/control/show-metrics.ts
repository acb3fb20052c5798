import { askBot } from './ask-bot.ts';
import { metricsText } from './metrics-text.ts';

export async function showMetrics(configPath: string, json: boolean): Promise<boolean> {
  const snapshot = await askBot(configPath, 'metrics', undefined);
  if (snapshot === undefined) return false;
  const lines = json ? [JSON.stringify(snapshot, undefined, 2)] : metricsText(snapshot);
  process.stdout.write(`${lines.join('\n')}\n`);
  return true;
}
