import type { MailSecurity } from '../../platform/mail.ts';
import type { ChannelKind } from '../../plugins/api/notify.ts';
import type { Secret } from '../config/secret.ts';
import type { DayTime, QuietHours } from './quiet-hours.ts';
import type { Template } from './text/template.ts';

/** What every channel has. Times are milliseconds. */
export interface ChannelBase {
  /** Unique; what plugins call it. */
  readonly name: string;
  readonly kind: ChannelKind;
  /** Of notices that say nothing of it. */
  readonly digest: 'none' | 'hour' | 'day';
  /** When the digest of a day is told. */
  readonly digestAt: DayTime;
  readonly quiet?: QuietHours;
  /** An IANA name: of quiet hours, digests and `{time}`. */
  readonly timezone: string;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** Absent: as the kind has it. */
  readonly template?: Template;
  /** Why it cannot be used, as far as the config tells. */
  readonly broken?: string;
}

/** What channels have that are reached over HTTP. */
interface HttpBase extends ChannelBase {
  /** May be one that is not on the public internet. */
  readonly private: boolean;
}

export interface PmChannel extends ChannelBase {
  readonly kind: 'pm';
  readonly user: string;
  /** Lines of one telling, at most. */
  readonly maxLines: number;
}

export interface RoomChannel extends ChannelBase {
  readonly kind: 'room';
  readonly room: string;
  /** Lines of one telling, at most. */
  readonly maxLines: number;
}

export interface WebhookChannel extends HttpBase {
  readonly kind: 'webhook';
  readonly url: Secret;
  /** Signs what is sent. */
  readonly secret?: Secret;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: Secret;
}

export interface DiscordChannel extends HttpBase {
  readonly kind: 'discord';
  readonly url: Secret;
  /** Instead of the name that Discord knows the webhook by. */
  readonly username?: string;
}

export interface NtfyChannel extends HttpBase {
  readonly kind: 'ntfy';
  readonly url: string;
  readonly topic: Secret;
  readonly token?: Secret;
  /** 1 to 5; what is urgent has 5. */
  readonly priority: number;
  readonly tags: readonly string[];
}

export interface TelegramChannel extends HttpBase {
  readonly kind: 'telegram';
  readonly url: string;
  readonly token: Secret;
  readonly chat: string;
  /** The topic of a group. */
  readonly thread?: number;
}

export interface EmailChannel extends ChannelBase {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly user?: string;
  readonly password?: Secret;
  readonly from: string;
  readonly to: readonly string[];
  readonly private: boolean;
}

export interface FeedChannel extends ChannelBase {
  readonly kind: 'feed';
  /** Absolute. */
  readonly path: string;
  readonly format: 'rss' | 'atom';
  readonly title: string;
  readonly link: string;
  /** Entries. */
  readonly keep: number;
}

export interface JsonlChannel extends ChannelBase {
  readonly kind: 'jsonl';
  /** Absolute. */
  readonly path: string;
}

/** A channel of `notify.channels`, as the config says. */
export type ChannelConfig =
  | PmChannel
  | RoomChannel
  | WebhookChannel
  | DiscordChannel
  | NtfyChannel
  | TelegramChannel
  | EmailChannel
  | FeedChannel
  | JsonlChannel;
