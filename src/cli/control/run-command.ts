import { printable } from '../terminal/printable.ts';
import { askBot } from './ask-bot.ts';

/** A plugin's command may take its time; this is the longest silence, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/** Runs a plugin's command in the running bot and prints what it says as it comes. @param input a text to hand over */
export async function runCommand(
  configPath: string,
  words: readonly string[],
  input?: string,
): Promise<boolean> {
  const print = (lines: readonly string[]) => {
    for (const line of lines) process.stdout.write(`${printable(line)}\n`);
  };
  const line = words.map(quoted).join(' ');
  const answer = await askBot(
    configPath,
    'command',
    { line, ...(input !== undefined && { input }) },
    {
      timeoutMs: PATIENCE_MS,
      onData: (data) => print(data as readonly string[]),
    },
  );
  if (answer === undefined) return false;
  print(answer.lines);
  return answer.ok;
}

/** The shell has taken one round of quotes away; the bot splits the line again. */
function quoted(word: string): string {
  if (word !== '' && !/[\s"“”„«»]/u.test(word)) return word;
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
