import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { ServerRequest } from '../../protocol/index.ts';
import type { ServerLink } from '../server-link.ts';

/** What did not leave is told again after this long, milliseconds. */
const RETELL_MS = 30_000;

/** While no searches reach us the server is reminded about this often, milliseconds: nodes were left alone for ever otherwise. */
const REMIND_MS = 5 * 60_000;

const NEVER = Number.POSITIVE_INFINITY;

/** What we tell the server about our place, and when all of it is to be told again. */
export class ServerNotices {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #changed: () => void;
  #session = 0;
  #retellAt = NEVER;
  #remindAt = NEVER;

  /** @param changed called when `due` may have become earlier, other than by a call of ours. */
  constructor(options: { link: ServerLink; clock: Clock; random: Random; changed: () => void }) {
    this.#link = options.link;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#changed = options.changed;
  }

  tell(request: ServerRequest): void {
    const session = this.#session;
    void this.#link.send(request, { kind: 'housekeeping' }).then(({ state }) => {
      if (state === 'sent' || session !== this.#session) return;
      this.#retellAt = Math.min(this.#retellAt, this.#clock.monotonic() + RETELL_MS);
      this.#changed();
    });
  }

  /** Says whether we are without searches although we are online. */
  idle(now: boolean): void {
    if (!now) this.#remindAt = NEVER;
    else if (this.#remindAt === NEVER) {
      // Not everybody in the same moment, after the server was away.
      this.#remindAt = this.#clock.monotonic() + REMIND_MS * (0.8 + 0.4 * this.#random.float());
    }
  }

  /** The session ended: nothing is to be told any more. */
  reset(): void {
    this.#session++;
    this.#retellAt = NEVER;
    this.#remindAt = NEVER;
  }

  /** When all is to be told again, monotonic milliseconds. */
  get due(): number {
    return Math.min(this.#retellAt, this.#remindAt);
  }

  /** It is being told again. */
  told(): void {
    this.#retellAt = NEVER;
    this.#remindAt = NEVER;
  }
}
