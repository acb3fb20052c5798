import { writeFileSync } from 'node:fs';
import { ListError } from '../../bot/moderation/lists/list-document.ts';
import { signList } from '../../bot/moderation/lists/verified-list.ts';
import { readSecretKey, readText } from './read-file.ts';

/** Signs a draft of a list. @param out where to; absent: printed */
export function listSign(draft: string, keyFile: string, out: string | undefined): boolean {
  const text = readText(draft);
  const secret = readSecretKey(keyFile);
  if (text === undefined || secret === undefined) return false;
  try {
    const unsigned = Object.entries(JSON.parse(text) as object).filter(
      ([name]) => name !== 'key' && name !== 'signature',
    );
    return writeSigned(Object.fromEntries(unsigned) as never, secret, out);
  } catch (error) {
    if (!(error instanceof ListError || error instanceof SyntaxError)) throw error;
    process.stderr.write(`seekeeper: ${draft}: ${error.message}\n`);
    return false;
  }
}

/** @throws ListError `malformed` */
export function writeSigned(
  draft: Parameters<typeof signList>[0],
  secret: string,
  out: string | undefined,
): boolean {
  const signed = signList(draft, secret);
  if (out === undefined) process.stdout.write(signed);
  else {
    writeFileSync(out, signed);
    const { length } = draft.entries;
    process.stdout.write(
      `${out}: ${length} ${length === 1 ? 'name' : 'names'}, signed, until ${draft.expires}\n`,
    );
  }
  return true;
}
