import { writeFileSync } from 'node:fs';
import {
  mergeNicotine,
  NicotineError,
  type NicotineLists,
  readNicotine,
} from '../../bot/moderation/lists/nicotine.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { askBot } from '../control/ask-bot.ts';
import { printable } from '../terminal/printable.ts';
import { backUp } from './back-up.ts';
import { readText } from './read-file.ts';

const DAY_MS = 86_400_000;

/** Makes the draft of a list out of the ban and ignore lists in Nicotine+'s config; it is to be looked through and signed. */
export function importNicotine(file: string, out: string | undefined): boolean {
  const lists = listsOf(file);
  if (lists === undefined) return false;
  const now = new RealClock().now();
  const iso = (time: number) => new Date(time).toISOString();
  const ignored = lists.ignored.filter((user) => !lists.banned.includes(user));
  const entries = [
    ...lists.banned.map((user) => ({ user, reason: 'on a ban list of Nicotine+', points: 3 })),
    ...ignored.map((user) => ({ user, reason: 'on an ignore list of Nicotine+', points: 1 })),
  ];
  const draft = {
    'seekeeper-list': 1,
    name: 'from Nicotine+',
    issued: iso(now),
    expires: iso(now + 30 * DAY_MS),
    entries,
  };
  const text = `${JSON.stringify(draft, undefined, 2)}\n`;
  if (out === undefined) process.stdout.write(text);
  else {
    if (!writeNew(out, text)) return false;
    process.stdout.write(
      `${out}: ${lists.banned.length} banned and ${ignored.length} ignored names. Look through it, then: seekeeper moderate list sign ${out} --key FILE\n`,
    );
  }
  return true;
}

/** Adds those whom the running bot keeps out to Nicotine+'s ban list. Nothing is written without `write`. */
export async function exportNicotine(config: string, file: string, write: boolean): Promise<boolean> {
  const text = readText(file);
  const lists = text === undefined ? undefined : listsOf(file);
  if (text === undefined || lists === undefined) return false;
  const answer = await askBot(config, 'moderation', { ask: 'banned' });
  if (answer === undefined) return false;
  const known = new Set(lists.banned);
  const added = [...new Set((answer.banned ?? []).map(({ user }) => user))].filter(
    (user) => !known.has(user),
  );
  for (const user of added) process.stdout.write(`+ ${printable(user)}\n`);
  if (added.length === 0) {
    process.stdout.write('Nothing to add: everybody whom the bot keeps out is on that list already.\n');
    return true;
  }
  if (!write) {
    process.stdout.write(
      `${added.length} names would be added to ${file}. With --write they are; close Nicotine+ first.\n`,
    );
    return true;
  }
  const backup = backUp(file);
  writeFileSync(file, mergeNicotine(text, { banned: added, ignored: [] }));
  process.stdout.write(`${added.length} names added to ${file}; what it was is in ${backup}\n`);
  return true;
}

/** @returns false when the file is there already or cannot be written, which has been said */
function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'EEXIST' ? 'exists already; name a new file' : `cannot be written: ${message}`;
    process.stderr.write(`seekeeper: ${file} ${problem}\n`);
    return false;
  }
}

function listsOf(file: string): NicotineLists | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return readNicotine(text);
  } catch (error) {
    if (!(error instanceof NicotineError)) throw error;
    process.stderr.write(`seekeeper: ${file}, ${error.message}\n`);
    return undefined;
  }
}
