import type { DurationInput } from './duration.ts';

/** A channel of `notify.channels` in config.yaml, a person, or a room. */
export type NotifyTarget = string | { readonly pm: string } | { readonly room: string };

/** Something to tell. */
export interface Notice {
  /** One line, up to 200 characters. */
  readonly title: string;
  /** Up to 50 lines of 2,000 characters. @default none */
  readonly lines?: readonly string[];
  /** Told once per plugin, target and key, also after a restart; remembered for 90 days. 1 to 200 characters. @default always told */
  readonly key?: string;
  /** Collect with others of the same `group` and tell together: at the full hour, or at the channel's `digest-at`. @default the channel's `digest`, else 'none' */
  readonly digest?: 'none' | 'hour' | 'day';
  /** What a digest is made of. @default the plugin */
  readonly group?: string;
  /** Goes out in quiet hours and past digests. @default false */
  readonly urgent?: boolean;
  /** Not worth telling any more after this. @default '3d' */
  readonly ttl?: DurationInput;
  /** For webhooks and files, beside the text: plain data up to 64 kB. */
  readonly data?: unknown;
  /** For channels that can show one. */
  readonly link?: string;
}

export interface NoticeReceipt {
  readonly target: string;
  /**
   * `repeated`: that key was told there; `same-text`: a room does not hear the same text twice within 30 days; `full`:
   * 2,000 notices wait there, or 10,000 in all, and it was not taken.
   */
  readonly state: 'queued' | 'repeated' | 'same-text' | 'full';
  readonly id?: string;
}

export type ChannelKind =
  | 'pm'
  | 'room'
  | 'webhook'
  | 'discord'
  | 'ntfy'
  | 'telegram'
  | 'email'
  | 'feed'
  | 'jsonl';

export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly digest: 'none' | 'hour' | 'day';
  /** Notices that wait for it, and those that were given up. */
  readonly waiting: number;
  readonly dead: number;
  /** The last failure, while it fails. */
  readonly problem?: string;
}

/**
 * Tells people something, wherever they are. Resolves as soon as it is durably queued; time-outs, retries over a day, quiet
 * hours and digests are the bot's business. Needs `notify`; a room besides `room.say`, a person `pm.send`.
 * @throws PluginError (as rejection) `invalid` for an unknown channel; `too-large`; `too-many` when no target takes it: all are `full`.
 */
export interface Notify {
  (to: NotifyTarget | readonly NotifyTarget[], notice: Notice): Promise<readonly NoticeReceipt[]>;
  channels(): Promise<readonly Channel[]>;
}
