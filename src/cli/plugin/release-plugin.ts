import { askBot } from '../control/ask-bot.ts';
import { printable } from '../terminal/printable.ts';

/** Starting a plugin takes its setup's time; the longest silence, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Lets the running bot start a plugin again that is in quarantine, or that waits for its next attempt. */
export async function releasePlugin(configPath: string, id: string): Promise<boolean> {
  const info = await askBot(configPath, 'plugin.release', { id }, { timeoutMs: PATIENCE_MS });
  if (info === undefined) return false;
  process.stdout.write(`${printable(`${info.id}: ${info.state}`)}\n`);
  return info.state === 'running';
}
