import type { Moderation } from './commands/rooms.ts';
import { asked, type SharesSettings, tooLittle } from './rules/shares.ts';

/** Rooms may have a `/` in their name. */
const roomKey = (room: string): string => encodeURIComponent(room);

/** For good, as far as people remember. */
const LONG = '3650d';

/** Welcomes everybody once, and tells those who share less than the room asks for, while there is time. */
export function addWelcome(bot: Moderation): void {
  bot.on('room.join', async ({ room, user, at, stats, reply }) => {
    const { welcome, houseRules, rules } = bot.configIn(room.name);
    if (
      welcome !== undefined &&
      (await first(bot, `welcome/${roomKey(room.name)}/${user}`, at, welcome.again))
    ) {
      const text = welcome.text
        .replaceAll('{rules}', houseRules.join(' '))
        .replaceAll('{room}', room.name)
        .replaceAll('{user}', user);
      if (welcome.in === 'room') await reply(text, { priority: 'bulk', ttl: '30s' });
      else await bot.pm(user, text, { priority: 'bulk', ttl: '10m' });
    }
    if (rules.shares?.enabled === true) await remind(bot, room.name, user, at, stats, rules.shares);
  });
}

/** The server's numbers may be old or none at all, so it is a hint and not a threat. */
async function remind(
  bot: Moderation,
  room: string,
  user: string,
  at: number,
  stats: { readonly files: number; readonly folders: number },
  settings: SharesSettings,
): Promise<void> {
  if (settings.grace === 0 || settings.exemptUsers.includes(user)) return;
  if (tooLittle(stats, settings) === undefined) return;
  if (!(await first(bot, `shares/${roomKey(room)}/${user}`, at, undefined))) return;
  const { roles } = await bot.users.facts(user);
  if (roles.length > 0) return;
  await bot.pm(
    user,
    `${room} asks everybody to share ${asked(settings)}. If you do already, all is well: I look at your list before I say anything.`,
    { priority: 'bulk', ttl: '10m' },
  );
}

/** Whether it is the first time; it is not from then on. */
async function first(bot: Moderation, key: string, at: number, ttl: number | undefined): Promise<boolean> {
  if ((await bot.store.get(key)) !== undefined) return false;
  await bot.store.set(key, at, { ttl: ttl ?? LONG });
  return true;
}
