import type { Clock } from '../../platform/clock.ts';
import type { Http } from '../../platform/http.ts';
import type { Mail } from '../../platform/mail.ts';
import type { StoreNotices } from '../store/notices.ts';
import type { ChannelConfig } from './channel-config.ts';
import { BrokenSender } from './channels/broken.ts';
import { type ChatPort, ChatSender } from './channels/chat.ts';
import { DiscordSender } from './channels/discord.ts';
import { EmailSender } from './channels/email.ts';
import { FeedSender } from './channels/feed.ts';
import { JsonlSender } from './channels/jsonl.ts';
import { NtfySender } from './channels/ntfy.ts';
import { TelegramSender } from './channels/telegram.ts';
import { WebhookSender } from './channels/webhook.ts';
import type { Sender } from './parcel.ts';

/** What channels need of the world. */
export interface ChannelPorts {
  readonly clock: Clock;
  readonly http: Http;
  readonly mail: Mail;
  readonly chat: ChatPort;
  readonly notices: StoreNotices;
}

/** The way to people that a channel of the config stands for. */
export function openChannel(channel: ChannelConfig, ports: ChannelPorts): Sender {
  const { clock, http, mail, notices } = ports;
  if (channel.broken !== undefined) return new BrokenSender(channel.broken);
  switch (channel.kind) {
    case 'pm':
      return chatSender({ kind: 'private', to: channel.user }, channel, ports);
    case 'room':
      return chatSender({ kind: 'room', to: channel.room }, channel, ports);
    case 'webhook':
      return new WebhookSender(channel, http, () => clock.now());
    case 'discord':
      return new DiscordSender(channel, http);
    case 'ntfy':
      return new NtfySender(channel, http);
    case 'telegram':
      return new TelegramSender(channel, http);
    case 'email':
      return new EmailSender(channel, mail);
    case 'feed':
      return new FeedSender(channel, notices, clock);
    case 'jsonl':
      return new JsonlSender(channel, clock);
  }
}

/** Lines to a person or a room. */
export function chatSender(
  place: { readonly kind: 'room' | 'private'; readonly to: string },
  look: Pick<ChannelConfig & { kind: 'pm' }, 'name' | 'maxLines' | 'timezone' | 'template'>,
  { chat, notices }: ChannelPorts,
): Sender {
  const { name, maxLines, timezone, template } = look;
  return new ChatSender({
    chat,
    notices,
    place,
    origin: `notify/${name}`,
    maxLines,
    timezone,
    ...(template !== undefined && { template }),
  });
}
