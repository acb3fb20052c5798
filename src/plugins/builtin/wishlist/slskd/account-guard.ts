import { type SlskdApi, SlskdTrouble } from './slskd-api.ts';

/** What was found out holds so long, in milliseconds. */
const VALID_MS = 3_600_000;

/**
 * Keeps the bot from handing anything to an slskd that logs in with the bot's own account: the server throws out whoever
 * was there first, again and again.
 */
export class AccountGuard {
  readonly #api: SlskdApi;
  readonly #own: string;
  #goodUntil = 0;

  constructor(api: SlskdApi, own: string) {
    this.#api = api;
    this.#own = own;
  }

  /**
   * @param fresh ask in any case
   * @returns whether slskd was asked, and answered.
   * @throws SlskdTrouble (as rejection) when it is the same account, or slskd cannot be asked.
   */
  async check(now: number, fresh = false): Promise<boolean> {
    if (now < this.#goodUntil && !fresh) return false;
    const account = await this.#api.account();
    if (account?.toLowerCase() === this.#own.toLowerCase())
      throw new SlskdTrouble(
        `slskd uses the bot's own Soulseek account "${this.#own}": the two would throw each other out. Give slskd an account of its own`,
      );
    // An slskd that does not say is asked again next time.
    if (account !== undefined) this.#goodUntil = now + VALID_MS;
    return true;
  }
}
