import { DEFAULT_DESCRIPTION } from '../../network/peers/peer-answers.ts';
import type { BotConfig } from '../config/config.ts';

/** What others read about the bot: that it is one, as the network's rules ask for, whom to turn to, and what its owner wrote. */
export function userInfoText({ bot, roles }: Pick<BotConfig, 'bot' | 'roles'>): string {
  const { owner } = roles;
  const whose = owner.length === 0 ? [] : [`Its owner is ${owner.join(', ')}.`];
  return [
    DEFAULT_DESCRIPTION,
    ...whose,
    ...(bot.description === undefined ? [] : ['', bot.description]),
  ].join('\n');
}
