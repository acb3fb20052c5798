import type { Moderation } from './commands/rooms.ts';

/** Whoever took it away should not see it come back like a boomerang. */
const AGAIN_MS = 60_000;

/** Keeps the bot's line on the walls of rooms: puts it up on entering, and again when it is lost or changed. */
export function addWall(bot: Moderation): void {
  const again = bot.timer<{ room: string }>('wall', ({ room }) => putUp(bot, room));
  bot.on('room.entered', ({ room }) => putUp(bot, room.name));
  bot.on('room.ticker', { own: true }, async ({ room, user, ticker, at }) => {
    const { wall } = bot.configIn(room.name);
    if (user !== bot.self.user || wall === undefined || ticker === wall) return;
    await again.set(room.name, at + AGAIN_MS, { room: room.name });
  });
}

async function putUp(bot: Moderation, room: string): Promise<void> {
  const { wall } = bot.configIn(room);
  if (wall === undefined) return;
  const info = await bot.rooms.info(room);
  if (info?.joined !== true) return;
  if (info.tickers.some(({ user, ticker }) => user === bot.self.user && ticker === wall)) return;
  const outcome = await bot.rooms.setTicker(room, wall);
  if (outcome.state !== 'confirmed')
    bot.log.warn('The line on the wall could not be put up', { room, reason: outcome.reason });
}
