import { canonical } from '../../plugins/host/fingerprint.ts';
import type { BotConfig } from '../config/config.ts';

/** Sections that are not the same in both, without `plugins`, which can be changed while the bot runs. */
export function changedSections(running: BotConfig, next: BotConfig): readonly string[] {
  const sections = Object.keys({ ...running, ...next }) as (keyof BotConfig)[];
  return sections.filter((section) => {
    if (section === 'plugins') return false;
    if (section === 'bot' && running.bot.password.reveal() !== next.bot.password.reveal()) return true;
    return canonical(running[section]) !== canonical(next[section]);
  });
}
