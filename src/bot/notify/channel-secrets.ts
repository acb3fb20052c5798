import { Secret } from '../config/secret.ts';
import type { ChannelConfig } from './channel-config.ts';

/** Every secret that channels have, so that it can be kept out of the log. */
export function channelSecrets(channels: readonly ChannelConfig[]): readonly Secret[] {
  return channels
    .flatMap((channel): readonly unknown[] => Object.values(channel))
    .filter((value): value is Secret => value instanceof Secret);
}
