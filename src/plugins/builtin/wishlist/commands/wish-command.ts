import { type Args, type CommandContext, nearestKey } from '../../../api/index.ts';
import { WordsError } from '../options/words.ts';
import { counted, oneLine } from '../telling/words-for-people.ts';
import { sentence, standingOf } from './adding.ts';
import { type Call, type Caller, type Desk, type Part, Refusal } from './call.ts';
import { PARTS } from './parts.ts';

/** More lines than this go to the person who asked, not to the room. */
const ROOM_LINES = 2;

type Context = Pick<CommandContext<Args>, 'user' | 'room' | 'source' | 'at' | 'input' | 'refundCooldown'>;

/** Runs a call of the command. @returns what to answer where it came from */
export async function runWish(
  desk: Desk,
  context: Context,
  typed: { readonly part: string | undefined; readonly rest: string | undefined },
): Promise<readonly string[]> {
  const { room, user, source } = context;
  const { bot } = desk;
  if (room !== undefined && !bot.config.rooms.includes(room.name))
    return [`${user}: wishes are between the two of us; write to me in private`];
  const lines = (await answer(desk, context, typed)).map(oneLine);
  if (source !== 'room' || lines.length <= ROOM_LINES) return lines;
  await bot.pm(user, lines);
  return [`${user}: I sent you ${counted(lines.length, 'line', 'lines')} in private`];
}

async function answer(
  desk: Desk,
  context: Context,
  { part: name, rest = '' }: { readonly part: string | undefined; readonly rest: string | undefined },
): Promise<readonly string[]> {
  if (name === undefined || name.toLowerCase() === 'help') return help(rest.trim().toLowerCase());
  const part = partOf(name);
  if (part === undefined) {
    const near = nearestKey(
      name,
      PARTS.map((one) => one.name),
    );
    const hint =
      near === undefined
        ? `there are ${PARTS.map((one) => one.name).join(', ')}`
        : `did you mean "wish ${near}"?`;
    context.refundCooldown();
    return [`There is no "wish ${name.slice(0, 40)}"; ${hint}`];
  }
  const caller = await callerOf(desk, context);
  const call: Call = {
    caller,
    rest: rest.trim(),
    at: context.at,
    console: context.source === 'cli',
    input: context.input,
  };
  try {
    const said = await part.run(desk, call);
    return typeof said === 'string' ? [said] : said;
  } catch (error) {
    if (error instanceof Refusal || error instanceof WordsError) context.refundCooldown();
    if (error instanceof Refusal) return [error.message];
    if (error instanceof WordsError) return [sentence(error.message)];
    throw error;
  }
}

/** Who somebody is; at the console it is the owner. */
export async function callerOf(
  desk: Desk,
  { user, source }: Pick<Context, 'user' | 'source'>,
): Promise<Caller> {
  if (source === 'cli') return { user: undefined, standing: 'owner', mod: true };
  const standing = await standingOf(desk, user);
  return { user, standing, mod: standing === 'owner' || standing === 'mod' };
}

function partOf(name: string): Part | undefined {
  const wanted = name.toLowerCase();
  return PARTS.find((part) => part.name === wanted || part.aliases?.includes(wanted) === true);
}

function help(topic: string): readonly string[] {
  const part = partOf(topic);
  if (part !== undefined) return [`wish ${part.name} ${part.usage} — ${part.what}`];
  return [
    `wish ${PARTS.map(({ name }) => name).join(' | ')}`,
    'For example: wish add rare ep -live ext=flac not="radio edit" — "wish help add" tells more.',
  ];
}
