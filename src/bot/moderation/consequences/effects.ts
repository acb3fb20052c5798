import type { Clock } from '../../../platform/clock.ts';
import type { Case } from '../../../plugins/api/cases.ts';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import { staffLines, staffTitle, toPerson, toRoom } from '../cases/case-texts.ts';
import type { MembersPort } from '../members-port.ts';
import { whyNoRemoval } from '../power/power.ts';
import type { PowerBook } from '../power/power-book.ts';
import type { Voice } from '../voice.ts';
import type { Actions } from './actions.ts';
import { consequenceOf } from './consequence.ts';
import type { Effect } from './effect.ts';
import type { Ignored } from './ignored.ts';

export interface EffectsOptions {
  readonly actions: Actions;
  readonly ignored: Ignored;
  readonly members: () => MembersPort;
  readonly power: PowerBook;
  readonly voice: Voice;
  /** Whether a line of this origin was queued, in an earlier run too. */
  readonly wasQueued: (origin: string) => Promise<boolean>;
  /** How often somebody was put out of a room within a day and came back before it was over, this case left out. */
  readonly removals: (of: Case) => Promise<number>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Somebody who is put out so often in a day is brought back by somebody: two sides at war, which people have to settle. */
const MAX_REMOVALS_A_DAY = 3;

/** What somebody did longer ago than this, in milliseconds, they are not warned of any more. */
const WARNING_KEEPS_MS = 30 * 60_000;

/** When it was decided that it be done. */
const begunAt = (of: Case): number => of.log.findLast(({ what }) => what === 'approved')?.at ?? of.at;

/** Under this the bot's lines about a case are queued. */
export const originOf = (of: Pick<Case, 'id'>): string => `core/case-${of.id}`;

/** Does what cases lead to, each at most once however often it is begun. */
export class Effects {
  readonly #options: EffectsOptions;

  constructor(options: EffectsOptions) {
    this.#options = options;
  }

  /** Does it, or finds that it is done. @throws Error, StoreError (as rejection): to be tried again. */
  async apply(of: Case): Promise<Effect> {
    const { actions, ignored, voice } = this.#options;
    const what = consequenceOf(of.consequence);
    switch (what.kind) {
      case 'note':
        return { state: 'done' };
      case 'report':
        if (await voice.staff({ key: `case-${of.id}`, title: staffTitle(of), lines: staffLines(of) }))
          return { state: 'done' };
        return { state: 'failed', detail: 'there are no staff to tell' };
      case 'warn':
      case 'warn-room':
        return this.#warn(of, what.kind);
      case 'ignore':
        ignored.add(of.user, of.id, of.until);
        await this.#tell(of);
        return { state: 'done' };
      case 'remove':
        return this.#remove(of);
      case 'action':
        return actions.run(what.name, 'apply', of);
    }
  }

  /** Takes it back. @param justDone it was done a moment ago, after it was taken back @throws Error, StoreError (as rejection). */
  async undo(of: Case, actor: string, justDone = false): Promise<Effect> {
    const { actions, ignored, members } = this.#options;
    const what = consequenceOf(of.consequence);
    switch (what.kind) {
      case 'ignore':
        ignored.remove(of.user, of.id);
        return { state: 'done', detail: `${of.user} is answered again` };
      case 'remove':
        if (!(await members().unban(of.room, of.user, actor, of.id)) && !justDone)
          return { state: 'done', detail: 'it did not keep them out any more' };
        await members().invite(of.room, of.user, actor);
        return { state: 'done', detail: `${of.user} is invited to ${of.room} again` };
      case 'action':
        return actions.run(what.name, 'undo', of);
      default:
        return { state: 'done', detail: 'what was said cannot be taken back' };
    }
  }

  async #warn(of: Case, kind: 'warn' | 'warn-room'): Promise<Effect> {
    const { clock, voice, wasQueued } = this.#options;
    if (await wasQueued(originOf(of))) return { state: 'done' };
    if (clock.now() - begunAt(of) > WARNING_KEEPS_MS)
      return { state: 'failed', detail: 'it is too late for a warning' };
    if (kind === 'warn') await this.#tell(of);
    else await voice.say(of.room, toRoom(of), originOf(of));
    return { state: 'done' };
  }

  async #tell(of: Case): Promise<void> {
    const text = toPerson(of);
    const { voice, wasQueued } = this.#options;
    if (text === undefined || (await wasQueued(originOf(of)))) return;
    await voice.tell(of.user, text, originOf(of));
  }

  async #remove(of: Case): Promise<Effect> {
    const { members, power, removals } = this.#options;
    if (!power.online) return { state: 'later', detail: 'I am not connected' };
    const facts = power.facts(of.room);
    const now = power.power(of.room);
    if (now === 'absent') return { state: 'later', detail: `I am not in ${of.room}` };
    const problem = whyNoRemoval(now, facts);
    if (problem !== undefined) return { state: 'failed', detail: problem };
    const pardoner = await members().unbannedBy(of.room, of.user, begunAt(of));
    if (pardoner !== undefined)
      return { state: 'failed', detail: `${pardoner} took ${of.user} off the list meanwhile` };
    // Wars are what the bot must not wage by itself; whoever orders a removal means it.
    if (of.actor === 'rule' && (await removals(of)) >= MAX_REMOVALS_A_DAY) {
      const detail = `${of.user} was removed ${MAX_REMOVALS_A_DAY} times within a day and somebody brings them back: people have to settle that`;
      await this.#options.voice.staff({ key: `war-${of.id}`, title: staffTitle(of, detail), urgent: true });
      return { state: 'failed', detail };
    }
    const { id, room, user, actor, reason, until } = of;
    const sanction = { case: id, room, user, actor, reason };
    const outcome =
      until === undefined ? await members().ban(sanction) : await members().removeFor(sanction, until);
    const effect = removed(outcome);
    if (effect.state === 'done') await this.#tell(of);
    return effect;
  }
}

function removed(outcome: RoomOutcome): Effect {
  switch (outcome.state) {
    case 'confirmed':
      return { state: 'done' };
    case 'unknown':
      return { state: 'later', detail: outcome.reason };
    case 'refused':
      // Somebody else was faster, another bot perhaps: what was wanted is so.
      if (outcome.code === 'not-member') return { state: 'done', detail: 'they were no member any more' };
      if (outcome.code === 'dropped' || outcome.code === 'offline')
        return { state: 'later', detail: outcome.reason };
      return { state: 'failed', detail: outcome.reason };
  }
}
