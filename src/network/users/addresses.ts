import type { Clock } from '../../platform/clock.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { ServerLink } from '../server-link.ts';
import { Replies } from './replies.ts';
import type { KnownAddress, UserRecord } from './user-record.ts';

/** Where a user can be reached. */
export type PeerAddress =
  | KnownAddress
  /** The server gave 0.0.0.0: offline, or no such user. */
  | { readonly state: 'offline' }
  | { readonly state: 'unknown'; readonly reason: string };

/** Even of watched users addresses are asked again after this time [Nicotine+], milliseconds. */
const ADDRESS_LIFE_MS = 30 * 60_000;

/** GetPeerAddress with a cache, which is only kept for users whose going offline we are told of. */
export class Addresses {
  readonly #clock: Clock;
  readonly #replies: Replies<PeerAddress>;
  readonly #tracked: (user: string) => UserRecord | undefined;

  /** @param tracked the record of a user whose status changes reach us, else undefined. */
  constructor(
    link: ServerLink,
    clock: Clock,
    timeoutMs: number,
    tracked: (user: string) => UserRecord | undefined,
  ) {
    this.#clock = clock;
    this.#tracked = tracked;
    this.#replies = new Replies(link, clock, timeoutMs);
    link.on('GetPeerAddress', (message) => this.#received(message));
  }

  async of(user: string, options?: SendOptions): Promise<PeerAddress> {
    const record = this.#tracked(user);
    if (record?.address && this.#clock.monotonic() < record.address.until) return record.address.value;
    const answer = await this.#replies.ask(user, { type: 'GetPeerAddress', username: user }, options);
    return answer.state === 'answered' ? answer.value : answer;
  }

  #received(message: ServerResponseOf<'GetPeerAddress'>): void {
    const { username: user, ip, port, obfuscationType, obfuscatedPort } = message;
    const record = this.#tracked(user);
    if (ip === '0.0.0.0') {
      if (record) record.address = undefined;
      this.#replies.answer(user, { state: 'offline' });
      return;
    }
    const value: KnownAddress =
      obfuscationType && obfuscatedPort
        ? { state: 'known', ip, port, obfuscated: { type: obfuscationType, port: obfuscatedPort } }
        : { state: 'known', ip, port };
    if (record)
      record.address = port === 0 ? undefined : { value, until: this.#clock.monotonic() + ADDRESS_LIFE_MS };
    this.#replies.answer(user, value);
  }
}
