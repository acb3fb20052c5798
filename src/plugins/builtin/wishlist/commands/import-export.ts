import { FORMATS, type Format, readWishes, writeWishes } from '../formats/formats.ts';
import { type BadRow, FormatError, type Imported, type WishRow } from '../formats/wish-row.ts';
import { readLine } from '../options/read-options.ts';
import { WordsError } from '../options/words.ts';
import { writeLine } from '../options/write-options.ts';
import { counted } from '../telling/words-for-people.ts';
import { addWish, checkedOptions, checkedProblems, checkPlace, type Place, placeOf } from './adding.ts';
import { type Call, type Desk, type Part, Refusal, usage } from './call.ts';
import { givenOf } from './wish-text.ts';

/** Lines of the good and of the bad that somebody sees in private; the console shows all. */
const SHOWN = 5;
/** As many as the engine takes of one plugin. */
const MAX_ROWS = 2_000;
/** Lines in one value of the store, which has its limit. */
const CHUNK = 500;
const TTL = '1h';

const isFormat = (word: string): word is Format => FORMATS.some((format) => format === word);

export const importWishes: Part = {
  name: 'import',
  usage: `[${FORMATS.join(' | ')}] [WISH | WISH …], then: confirm TOKEN`,
  what: 'takes over many wishes: shows what it would do, and does it when confirmed',
  async run(desk, call) {
    const [first = '', second = ''] = call.rest.split(/\s+/u);
    if (call.input === undefined && first.toLowerCase() === 'confirm') return confirm(desk, call, second);
    const yes = call.input !== undefined && /(?:^|\s)yes$/u.test(call.rest);
    const rest = yes ? call.rest.replace(/\s*yes$/u, '') : call.rest;
    const format = isFormat(first.toLowerCase()) ? (first.toLowerCase() as Format) : undefined;
    const typed = format === undefined ? rest : rest.slice(first.length).trim();
    // In a chat there is one line only.
    const text = call.input ?? typed.split(/\s\|\s/u).join('\n');
    if (text.trim() === '') throw usage(importWishes);
    if (call.input !== undefined && typed !== '')
      throw new Refusal(`There is no format "${typed}"; there are ${FORMATS.join(', ')}.`);
    const found = read(text, format);
    if (found.good.length > MAX_ROWS)
      throw new Refusal(`These are ${found.good.length} wishes; ${MAX_ROWS} is the most.`);
    return yes ? take(desk, call, found.good, found.bad) : dryRun(desk, call, found);
  },
};

function read(text: string, format: Format | undefined): Imported & { readonly format: Format } {
  try {
    return readWishes(text, format);
  } catch (error) {
    if (error instanceof FormatError) throw new Refusal(`Nothing of it can be read: ${error.message}.`);
    throw error;
  }
}

async function dryRun(
  desk: Desk,
  call: Call,
  found: Imported & { readonly format: Format },
): Promise<readonly string[]> {
  const { bot } = desk;
  const { caller, console } = call;
  const { notes, format } = found;
  const { good, bad } = await sorted(desk, call, found);
  const most = console ? Infinity : SHOWN;
  const lines = good.map(({ query, given }) => writeLine(query, given));
  const head = [
    `Read as ${format}: ${counted(good.length, 'wish', 'wishes')}, ${counted(bad.length, 'line', 'lines')} that cannot be taken. Nothing is written yet.`,
    ...cut(
      lines.map((line, index) => `line ${good[index]!.line}: ${line}`),
      most,
    ),
    ...cut(bad.map(badLine), most),
    ...cut(
      notes.map((note) => `note, ${note}`),
      most,
    ),
  ];
  if (good.length === 0) return head;
  const token = Math.floor(bot.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  const key = `import/${caller.user ?? ''}/${token}`;
  for (let at = 0; at < lines.length; at += CHUNK)
    await bot.store.set(`${key}/${String(at).padStart(6, '0')}`, lines.slice(at, at + CHUNK), { ttl: TTL });
  return [
    ...head,
    `"wish import confirm ${token}" adds ${good.length === 1 ? 'it' : 'them'}, within an hour.`,
  ];
}

/** What could be added now, and what not: as it will be judged when it is confirmed. */
async function sorted(
  desk: Desk,
  call: Call,
  { good, bad }: Imported,
): Promise<Pick<Imported, 'good' | 'bad'>> {
  const taken: Place[] = (await desk.bot.wishlist.list()).map(placeOf);
  const kept: WishRow[] = [];
  const refused: BadRow[] = [];
  for (const row of good) {
    try {
      const { options } = await checkedOptions(desk, call, row);
      await checkPlace(desk, call, options, taken);
      await checkedProblems(desk, options);
      taken.push({ name: `line ${row.line}`, options, over: false });
      kept.push(row);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof WordsError)) throw error;
      refused.push({
        line: row.line,
        text: writeLine(row.query, row.given),
        problem: error.message.replace(/\.$/u, ''),
      });
    }
  }
  return { good: kept, bad: [...bad, ...refused].sort((a, b) => a.line - b.line) };
}

const badLine = ({ line, text, problem }: BadRow): string => `line ${line} is left out: ${problem} — ${text}`;

function cut(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

async function confirm(desk: Desk, call: Call, token: string): Promise<readonly string[]> {
  const { store } = desk.bot;
  const prefix = `import/${call.caller.user ?? ''}/${token.toLowerCase()}/`;
  const chunks = token === '' ? [] : await store.entries<readonly string[]>(prefix);
  if (chunks.length === 0)
    throw new Refusal('There is nothing to confirm under that token; "wish import" shows one.');
  const rows = chunks
    .flatMap(({ value }) => value)
    .map((line, index) => ({ line: index + 1, ...readLine(line) }));
  const answer = await take(desk, call, rows, []);
  await store.deleteAll(prefix);
  return answer;
}

/** Adds what can be added, and says what cannot. */
async function take(
  desk: Desk,
  call: Call,
  rows: readonly WishRow[],
  bad: readonly BadRow[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  const refused: string[] = [];
  for (const row of rows) {
    try {
      ids.push((await addWish(desk, call, row)).wish.id);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof WordsError)) throw error;
      refused.push(`line ${row.line} is left out: ${error.message} — ${writeLine(row.query, row.given)}`);
    }
  }
  const span = ids.length > 1 ? ` (${ids[0]} to ${ids.at(-1)})` : ids.length === 1 ? ` (${ids[0]})` : '';
  const most = call.console ? Infinity : SHOWN;
  return [
    `Added ${counted(ids.length, 'wish', 'wishes')}${span}; ${refused.length + bad.length} left out.`,
    ...cut([...bad.map(badLine), ...refused], most),
  ];
}

export const exportWishes: Part = {
  name: 'export',
  usage: `[${FORMATS.join(' | ')}]`,
  what: 'your wishes as a file for import; for mods at the console those of everybody',
  async run({ bot, declared }, call) {
    const { caller, console } = call;
    const word = call.rest.trim().toLowerCase();
    const format = word === '' ? 'text' : word;
    if (!isFormat(format))
      throw new Refusal(`There is no format "${word}"; there are ${FORMATS.join(', ')}.`);
    if (!console && format !== 'text')
      throw new Refusal(
        `In a chat there is text only; at the console: seekeeper wish export --format ${format}`,
      );
    const wishes = await bot.wishlist.list(caller.user === undefined ? {} : { user: caller.user });
    const rows = wishes
      .filter(({ id }) => !declared.has(id))
      .map((wish) => ({
        query: wish.options.query,
        given: givenOf(wish, console ? [] : ['for']),
        createdAt: wish.createdAt,
      }));
    const lines = writeWishes(rows, format).split('\n').slice(0, -1);
    if (lines.length === 0) return 'There are no wishes to export.';
    return console
      ? lines
      : lines
          .slice(0, 20)
          .concat(lines.length > 20 ? [`… and ${lines.length - 20} more; the console has all of them`] : []);
  },
};
