import type { ClientEvents } from '../../../network/events.ts';
import type { Timer } from '../../../platform/clock.ts';
import type { MemberLogEntry } from '../../store/members-rows.ts';
import type { Deed, MemberActions } from './actions.ts';
import type { BanList } from './ban-list.ts';
import type { Invitations } from './invitations.ts';
import { keyOf, type MembersContext } from './ports.ts';

/** The server names the operator who added somebody in a message of its own, a little later. */
const NOTICE_MS = 2_000;

export interface ObserverOptions extends MembersContext {
  readonly actions: MemberActions;
  readonly invitations: Invitations;
  readonly bans: BanList;
}

const DEEDS = {
  'room.member': { added: 'add', removed: 'remove' },
  'room.operator': { added: 'op', removed: 'deop' },
} as const;

const WORDS: Readonly<Record<Deed, string>> = {
  add: 'added',
  remove: 'removed',
  op: 'made operator',
  deop: 'operator no longer',
};

/** Sees who comes to belong to a room, and writes down who did it, as far as anybody can know. */
export class MemberObserver {
  readonly #options: ObserverOptions;
  readonly #timers = new Set<Timer>();
  /** Operators who added somebody, as the server says. */
  readonly #operators = new Map<string, string>();

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** @returns ends it */
  listen(): () => void {
    const { client } = this.#options;
    const undo = [
      client.on('room.member', (event) => this.#changed('room.member', event)),
      client.on('room.operator', (event) => this.#changed('room.operator', event)),
      client.on('notice', ({ notice }) => {
        if (notice.kind !== 'now-member' || notice.operator === undefined) return;
        const key = keyOf(notice.room, notice.user);
        this.#operators.set(key, notice.operator);
        this.#later(() => this.#operators.delete(key), 2 * NOTICE_MS);
      }),
    ];
    return () => {
      for (const end of undo) end();
      for (const timer of this.#timers) timer.cancel();
      this.#timers.clear();
    };
  }

  #changed(name: 'room.member' | 'room.operator', event: ClientEvents['room.member']): void {
    const { actions, bans, client, invitations } = this.#options;
    const { room, user, change, at } = event;
    if (user === client.username) return;
    const deed = DEEDS[name][change];
    const own = actions.observed(deed, room, user);
    if (change === 'added') invitations.seen(room, user, name === 'room.member' ? 'member' : 'operator');
    else if (name === 'room.member') bans.gone(room, user);
    if (own !== undefined) {
      this.#log({ at, room, user, actor: own, what: WORDS[deed] });
      return;
    }
    this.#later(() => {
      const operator = deed === 'add' ? this.#operators.get(keyOf(room, user)) : undefined;
      this.#log({ at, room, user, actor: operator ?? 'unknown operator', what: WORDS[deed] });
      if (deed === 'add') bans.added(room, user, operator);
    }, NOTICE_MS);
  }

  #log(entry: MemberLogEntry): void {
    this.#options.commit({ log: [entry] }).catch((error: unknown) => {
      this.#options.log.error('A change of members could not be noted', { error });
    });
  }

  #later(run: () => void, ms: number): void {
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
