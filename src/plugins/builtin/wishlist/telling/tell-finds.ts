import type { Bot, NotifyTarget, WishFinds } from '../../../api/index.ts';
import type { WishlistConfig } from '../config.ts';
import { dataOf } from '../declared.ts';
import { isPluginError } from '../plugin-error.ts';
import { findNotice, roomNotice } from './find-text.ts';
import { resolved } from './targets.ts';

/** Tells finds to everybody who is to hear of them. @param offer somebody may have them downloaded by answering */
export async function tellFinds(
  bot: Bot<WishlistConfig>,
  finds: WishFinds,
  offer: (user: string) => Promise<boolean>,
): Promise<void> {
  const { options } = finds.wish;
  const { to, digest = bot.config.digest } = dataOf(options);
  const targets = resolved(to ?? (options.user === undefined ? bot.config.to : ['me']), options.user);
  if (targets.length === 0) {
    bot.log.warn('Finds of a wish that nobody hears of: give it to=, or the plugin "to" in its config', {
      wish: finds.wish.id,
    });
    return;
  }
  for (const target of targets) await tellOne(bot, target, finds, digest, offer);
}

async function tellOne(
  bot: Bot<WishlistConfig>,
  target: NotifyTarget,
  finds: WishFinds,
  digest: 'none' | 'hour' | 'day',
  offer: (user: string) => Promise<boolean>,
): Promise<void> {
  const { title, line, lines } = bot.config;
  const t = bot.t;
  const room = typeof target === 'object' && 'room' in target ? target.room : undefined;
  const where = room === undefined ? t : (key: string, params = {}) => t(key, params, { room });
  const style = {
    t: where,
    line,
    title,
    lines,
    collected: digest !== 'none',
    offer: typeof target === 'object' && 'pm' in target && (await offer(target.pm)),
  };
  const notice = room === undefined ? findNotice(finds, style) : roomNotice(finds, style);
  try {
    await bot.notify(target, digest === 'none' ? notice : { ...notice, digest });
  } catch (error) {
    // A channel that went out of the config: that is nobody's reason to hear the others again and again.
    if (!isPluginError(error, 'invalid')) throw error;
    bot.log.warn('Finds could not be told', {
      wish: finds.wish.id,
      target: shown(target),
      why: error.message,
    });
  }
}

function shown(target: NotifyTarget): string {
  return typeof target === 'string' ? target : 'room' in target ? `room:${target.room}` : 'pm';
}
