import type { Platform } from '../platform/platform.ts';
import type { TreeOptions } from './distributed/tree-options.ts';
import type { LimitOptions } from './governor/limits.ts';
import type { PeersOptions } from './peers/peers.ts';
import type { Inbox, Outbox, StatePort } from './ports.ts';

/** Where peers reach us. */
export interface ListenOptions {
  /** Address to bind. @default '0.0.0.0' */
  readonly host?: string;
  /** For plain connections. 0: the system chooses. False: none. */
  readonly port: number | false;
  /**
   * For obfuscated connections. 0: the system chooses. False: none.
   * @default the plain port + 1; if that is taken, none
   */
  readonly obfuscatedPort?: number | false;
}

/** What SoulseekClient is made of. */
export interface SoulseekClientOptions {
  /** Time, randomness, sockets and log. */
  readonly platform: Pick<Platform, 'clock' | 'random' | 'transport' | 'log' | 'descriptors'>;
  /** The official one is server.slsknet.org, port 2242. */
  readonly server: { readonly host: string; readonly port: number };
  /** 1 to 30 printable ASCII characters, case-sensitive. An unknown name is registered on the spot. */
  readonly username: string;
  readonly password: string;
  /** Where peers reach us. False binds nothing and announces port 0. */
  readonly listen: ListenOptions | false;
  /** Budgets of connections with peers, and how they are made. */
  readonly peers?: Pick<PeersOptions, 'limits' | 'preferObfuscated'>;
  /** What we carry of the search tree. */
  readonly tree?: TreeOptions;
  /** What others read in our user info. It must say that this is a bot if it is one. @default says so */
  readonly description?: string;
  /** Where private messages rest before they are acknowledged. @default in memory */
  readonly inbox?: Inbox;
  /** Where lines rest until they are sent. @default in memory */
  readonly outbox?: Outbox;
  /** Where budgets and bans survive a restart. @default in memory, which is dangerous for what is restarted often */
  readonly state?: StatePort;
  /** Limits that differ from the defaults. A LimitError is thrown for one past its ceiling. */
  readonly limits?: LimitOptions;
  /** Bytes of UTF-8 per line sent, 32 to 2048; longer text is split at words. @default 500 */
  readonly maxLineBytes?: number;
  /** What the server tells others that we share. @default 0 and 0, for which many users ban */
  readonly shares?: { readonly folders: number; readonly files: number };
  /** Whether others may add us to private rooms. @default false */
  readonly invitations?: boolean;
  /** Room name to encoding label (WHATWG) for incoming text that is not UTF-8. */
  readonly charsets?: Readonly<Record<string, string>>;
}
