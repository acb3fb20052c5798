import { readFileSync } from 'node:fs';
import { MAX_INPUT } from '../../bot/control/frames.ts';
import { RefusedError } from '../refused-error.ts';

const STDIN = 0;

/**
 * What is handed over with a command.
 * @param file `-` is what is piped in
 * @throws RefusedError when it cannot be read or is too long, which has been said
 */
export function readInput(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = read(file);
  if (text.length > MAX_INPUT) throw refusal(`${file} is longer than ${MAX_INPUT} characters`);
  return text;
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (error) {
    throw refusal(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function refusal(message: string): RefusedError {
  process.stderr.write(`seekeeper: ${message}\n`);
  return new RefusedError();
}
