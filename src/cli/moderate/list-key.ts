import { existsSync, writeFileSync } from 'node:fs';
import { makeKeys, publicOf } from '../../bot/moderation/lists/signature.ts';
import { readSecretKey } from './read-file.ts';

/** Makes the pair of keys of a publisher: the secret one goes into a new file, the public one is printed. */
export function listKey(file: string): boolean {
  if (existsSync(file)) {
    const secret = readSecretKey(file);
    if (secret === undefined) return false;
    process.stdout.write(`${file} exists; its public key is\n${publicOf(secret)}\n`);
    return true;
  }
  const keys = makeKeys();
  writeFileSync(file, `${keys.secret}\n`, { mode: 0o600, flag: 'wx' });
  process.stdout.write(
    `The secret key is in ${file}: keep it to yourself. Whoever subscribes to your list needs this public key:\n${keys.public}\n`,
  );
  return true;
}
