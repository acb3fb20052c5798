import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import type { StoredInvitation } from '../../store/members-rows.ts';
import { without } from './without.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Clients allow invitations some seconds after they have logged in, and the server forgets it at each login. */
const AFTER_LOGIN_MS = 15_000;
/** Somebody offline is looked at again after this time, in case that nobody told us of their coming. */
const UNSEEN_MS = HOUR_MS;
/** Pauses for somebody who does not accept invitations, one after the other. */
const BLOCKED_MS = [10 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS];
/** Pauses after an attempt that nobody answered. */
const UNANSWERED_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 12 * HOUR_MS];
/** The bot could not ask just now. */
const UNSENT_MS = MINUTE_MS;
/** The bot has no power in the room; it is told when that changes. */
const POWERLESS_MS = HOUR_MS;

/** What happens to an invitation. */
export type InvitationEvent =
  /** The server is about to be asked. */
  | { readonly kind: 'begin' }
  /** It answered, or did not, what it was asked for. */
  | {
      readonly kind: 'outcome';
      readonly asked: StoredInvitation['phase'];
      readonly outcome: RoomOutcome;
    }
  /** It is seen to be so, whoever did it. */
  | { readonly kind: 'seen'; readonly as: 'member' | 'operator' }
  /** `detail`: in words. */
  | { readonly kind: 'offline'; readonly detail: string }
  | { readonly kind: 'online' }
  /** They know now how to accept invitations. */
  | { readonly kind: 'told' }
  /** The bot was started; nobody knows how far the last attempt got. */
  | { readonly kind: 'restarted' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'withdrawn'; readonly by: string }
  | { readonly kind: 'banned'; readonly reason: string };

/** Not settled. */
export const isOpen = ({ settledAt }: StoredInvitation): boolean => settledAt === undefined;

/** They are to be told how to accept invitations. */
export const needsTelling = ({ state, toldAt }: StoredInvitation): boolean =>
  state === 'blocked' && toldAt === undefined;

/**
 * The next state of an invitation: pure, and total. What is settled never changes again. The same object comes back when nothing
 * has changed.
 * @param now milliseconds since the epoch
 */
export function stepInvitation(of: StoredInvitation, event: InvitationEvent, now: number): StoredInvitation {
  if (!isOpen(of)) return of;
  switch (event.kind) {
    case 'begin':
      return change(of, { state: 'asked' });
    case 'outcome':
      // What was asked has been seen meanwhile, and the next step begun.
      if (event.asked !== of.phase) return of;
      return afterOutcome(of, event.outcome, now);
    case 'seen':
      return event.as === 'operator' ? settle(of, 'done', now) : joined(of, now);
    case 'offline':
      return waiting(of, event.detail, now + UNSEEN_MS);
    case 'online':
      if (of.state === 'asked') return of;
      return change(of, { nextAt: Math.min(of.nextAt ?? Infinity, now + AFTER_LOGIN_MS) });
    case 'told':
      return change(of, { toldAt: of.toldAt ?? now });
    case 'restarted':
      return of.state === 'asked' ? waiting(of, of.detail, now) : of;
    case 'expired':
      return settle(of, 'expired', now);
    case 'withdrawn':
      return settle(of, 'withdrawn', now, `withdrawn by ${event.by}`);
    case 'banned':
      return settle(of, 'refused', now, event.reason);
  }
}

function afterOutcome(of: StoredInvitation, outcome: RoomOutcome, now: number): StoredInvitation {
  if (outcome.state === 'confirmed')
    return of.phase === 'operator' ? settle(of, 'done', now) : joined(of, now);
  if (outcome.state === 'unknown') {
    const again = { tries: of.tries + 1 };
    return change(waiting(of, outcome.reason, now + pause(UNANSWERED_MS, of.tries)), again);
  }
  const { code, reason } = outcome;
  switch (code) {
    case 'already-member':
      if (of.phase === 'operator') return waiting(of, reason, now + UNSENT_MS);
      return joined(of, now);
    case 'already-operator':
      return settle(of, 'done', now);
    case 'offline':
      return waiting(of, 'offline; tried as soon as they are online', now + UNSEEN_MS);
    case 'invitations-off':
      return change(of, {
        state: 'blocked',
        detail: 'they do not accept invitations to rooms',
        tries: of.tries + 1,
        nextAt: now + pause(BLOCKED_MS, of.tries),
      });
    case 'not-member':
      // Put out again between the two steps.
      return change(waiting(of, reason, now + pause(UNANSWERED_MS, of.tries)), {
        phase: 'member',
        tries: of.tries + 1,
      });
    case 'no-power':
      if (of.phase === 'operator')
        return settle(
          of,
          'done',
          now,
          'a member again; only the owner of the room can make them an operator',
        );
      return waiting(of, reason, now + POWERLESS_MS);
    case 'not-joined':
      return waiting(of, reason, now + POWERLESS_MS);
    case 'is-owner':
    case 'self':
    case 'public-room':
    case 'banned':
      return settle(of, 'refused', now, reason);
    default:
      return waiting(of, reason, now + UNSENT_MS);
  }
}

/** A member; what is left is to be made an operator, or nothing. */
function joined(of: StoredInvitation, now: number): StoredInvitation {
  if (!of.operator) return settle(of, 'done', now);
  if (of.phase === 'operator') return of;
  const detail = 'a member again; to be made an operator';
  return change(waiting(of, detail, now), { phase: 'operator', tries: 0 });
}

function settle(
  of: StoredInvitation,
  state: StoredInvitation['state'],
  now: number,
  why?: string,
): StoredInvitation {
  // How it stood last is why it never came about.
  const detail = why ?? (state === 'expired' ? of.detail : undefined);
  const rest = without(of, 'nextAt', 'detail');
  return { ...rest, state, settledAt: now, ...(detail !== undefined && { detail }) };
}

function waiting(of: StoredInvitation, detail: string | undefined, nextAt: number): StoredInvitation {
  return change(of, { state: 'waiting', nextAt, ...(detail !== undefined && { detail }) });
}

function change(of: StoredInvitation, to: Partial<StoredInvitation>): StoredInvitation {
  const keys = Object.keys(to) as (keyof StoredInvitation)[];
  return keys.every((key) => of[key] === to[key]) ? of : { ...of, ...to };
}

function pause(pauses: readonly number[], tries: number): number {
  return pauses[Math.min(tries, pauses.length - 1)]!;
}
