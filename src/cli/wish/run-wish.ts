import { readFileSync } from 'node:fs';
import { askBot } from '../control/ask-bot.ts';
import { printable } from '../terminal/printable.ts';
import { chatLine } from './chat-line.ts';

/** Hundreds of wishes take a while; this is the longest silence, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;
/** What the bot takes of a file. */
const MAX_BYTES = 4_000_000;

/** Runs a part of the wishlist's command in the running bot, and prints what it says. @returns whether it ran */
export async function runWish(
  configPath: string,
  words: readonly string[],
  input?: string,
): Promise<boolean> {
  const print = (lines: readonly string[]) => {
    for (const line of lines) process.stdout.write(`${printable(line)}\n`);
  };
  const line = chatLine(words);
  const answer = await askBot(
    configPath,
    'command',
    { line, ...(input !== undefined && { input }) },
    { timeoutMs: PATIENCE_MS, onData: (data) => print(data as readonly string[]) },
  );
  if (answer === undefined) return false;
  if (!answer.ok && answer.lines[0]?.startsWith('I know no console command') === true) {
    process.stderr.write(
      'seekeeper: this bot has no wishlist: put "wishlist: {}" under "plugins" in its config\n',
    );
    return false;
  }
  print(answer.lines);
  return answer.ok;
}

/** Hands a file over to `wish import`. @param file `-` for what is piped in */
export async function importWishes(
  configPath: string,
  file: string,
  { format, yes }: { readonly format: string | undefined; readonly yes: boolean },
): Promise<boolean> {
  const input = textOf(file);
  if (input === undefined) return false;
  const words = ['import', ...(format === undefined ? [] : [format]), ...(yes ? ['yes'] : [])];
  return runWish(configPath, words, input);
}

/** Undefined: it cannot be used, and why has been said. */
function textOf(file: string): string | undefined {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    if (bytes.length <= MAX_BYTES) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    complain(file, `has ${bytes.length} bytes; ${MAX_BYTES} is the most`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    complain(
      file,
      error instanceof TypeError ? 'is not UTF-8: save it as UTF-8 first' : `cannot be read: ${why}`,
    );
  }
  return undefined;
}

function complain(file: string, why: string): void {
  process.stderr.write(`seekeeper: ${file === '-' ? 'what is piped in' : file} ${why}\n`);
}
