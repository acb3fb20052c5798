import { isLoopback } from '../../network/loopback.ts';
import type { BotConfig } from '../config/config.ts';

/**
 * What the owner has to know before the bot logs in anywhere but on this machine. The rules of the network tolerate
 * automatic clients only when they implement what clients do, sharing and uploading included, and this bot does not
 * share yet.
 */
export function networkRulesWarning({ server }: Pick<BotConfig, 'server'>): string | undefined {
  if (isLoopback(server.host)) return undefined;
  return (
    `${server.host} is not this machine: the rules of the public network do not allow clients that share nothing, ` +
    'and this version cannot share yet. You risk a ban.'
  );
}
