import { readFileSync } from 'node:fs';
import { publicOf } from '../../bot/moderation/lists/signature.ts';

/** The text of a file. Undefined: it cannot be read, and why has been said. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    process.stderr.write(`seekeeper: ${file} cannot be read: ${(error as Error).message}\n`);
    return undefined;
  }
}

/** A publisher's secret key. Undefined: it is none, and that has been said. */
export function readSecretKey(file: string): string | undefined {
  const text = readText(file)?.trim();
  if (text === undefined) return undefined;
  try {
    publicOf(text);
    return text;
  } catch (error) {
    process.stderr.write(`seekeeper: ${file}: ${(error as Error).message}\n`);
    return undefined;
  }
}
