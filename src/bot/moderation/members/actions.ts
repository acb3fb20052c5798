import type { Priority } from '../../../network/governor/traffic.ts';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import { keyOf, type MembersContext } from './ports.ts';

/** What can be done to a membership. */
export type Deed = 'add' | 'remove' | 'op' | 'deop';

/** Its effect shows within this time after the server was seen to have done it. */
const CONFIRMED_MS = 10_000;
/** The server did not answer; it may still have worked. */
const UNKNOWN_MS = 10 * 60_000;
/** Others may ask who it was for so long after its effect was seen. */
const SEEN_MS = 3_000;

const METHODS = {
  add: 'addMember',
  remove: 'removeMember',
  op: 'addOperator',
  deop: 'removeOperator',
} as const;

const OPPOSITES: Readonly<Record<Deed, Deed>> = { add: 'remove', remove: 'add', op: 'deop', deop: 'op' };

/** The changes that the bot makes itself, and for whom: the network does not tell who did what. */
export class MemberActions {
  readonly #context: MembersContext;
  /** Who made the bot do it, and until when it counts; the oldest first. */
  readonly #own = new Map<string, { readonly by: string; readonly until: number }>();
  #active = 0;

  constructor(context: MembersContext) {
    this.#context = context;
  }

  /** How many are under way. */
  get active(): number {
    return this.#active;
  }

  /** Never rejects. @param by on whose behalf */
  async run(
    deed: Deed,
    room: string,
    user: string,
    by: string,
    options: { readonly priority?: Priority; readonly origin?: string } = {},
  ): Promise<RoomOutcome> {
    const { client, clock } = this.#context;
    this.#tidy();
    const key = `${deed}\n${keyOf(room, user)}`;
    this.#own.delete(key);
    this.#own.set(key, { by, until: Infinity });
    this.#active++;
    try {
      const outcome = await client.admin[METHODS[deed]](room, user, { origin: 'core', ...options });
      const now = clock.now();
      const lasts = { confirmed: CONFIRMED_MS, unknown: UNKNOWN_MS, refused: 0 }[outcome.state];
      if (this.#own.get(key)?.until === Infinity) this.#own.set(key, { by, until: now + lasts });
      return outcome;
    } finally {
      this.#active--;
    }
  }

  /** This was seen, once. @returns for whom the bot did it; undefined: it was not the bot. */
  observed(deed: Deed, room: string, user: string): string | undefined {
    const by = this.actorOf(deed, room, user);
    const key = keyOf(room, user);
    // What is seen again after that, or after its opposite, is somebody else's doing.
    this.#own.delete(`${OPPOSITES[deed]}\n${key}`);
    if (by !== undefined && this.#own.has(`${deed}\n${key}`))
      this.#own.set(`${deed}\n${key}`, { by, until: this.#context.clock.now() + SEEN_MS });
    return by;
  }

  /** For whom the bot did this; undefined when it was not the bot. */
  actorOf(deed: Deed, room: string, user: string): string | undefined {
    const own = this.#own.get(`${deed}\n${keyOf(room, user)}`);
    if (own !== undefined && own.until >= this.#context.clock.now()) return own.by;
    // Whoever is put out is an operator no longer.
    return deed === 'deop' ? this.actorOf('remove', room, user) : undefined;
  }

  #tidy(): void {
    const now = this.#context.clock.now();
    for (const [key, { until }] of this.#own) if (until < now) this.#own.delete(key);
  }
}
