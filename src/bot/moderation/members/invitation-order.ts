import type { StoredInvitation } from '../../store/members-rows.ts';

/** What is known of the queue at an instant. Times are milliseconds since the epoch. */
export interface QueueView {
  readonly now: number;
  /** When the server may be asked again, unless somebody waits for the answer. */
  readonly askFrom: number;
  readonly isUrgent: (of: StoredInvitation) => boolean;
  /** The bot has the power for it now. */
  readonly isPossible: (of: StoredInvitation) => boolean;
}

/** What is to be done now: what has expired, then what somebody waits for, else what has waited longest. */
export function nextInvitation(
  open: Iterable<StoredInvitation>,
  { now, askFrom, isUrgent, isPossible }: QueueView,
): StoredInvitation | undefined {
  let best: StoredInvitation | undefined;
  for (const of of open) {
    if (of.expires <= now || (isUrgent(of) && isPossible(of))) return of;
    const due = of.nextAt ?? Infinity;
    if (now < askFrom || due > now || (best?.nextAt ?? Infinity) <= due) continue;
    if (isPossible(of)) best = of;
  }
  return best;
}

/** When there is something to do next; Infinity: when something happens. */
export function nextTime(
  open: Iterable<StoredInvitation>,
  { askFrom, now, isUrgent, isPossible }: QueueView,
): number {
  let due = Infinity;
  for (const of of open) {
    const attempt = isUrgent(of) ? now : Math.max(of.nextAt ?? Infinity, askFrom);
    due = Math.min(due, of.expires, isPossible(of) ? attempt : Infinity);
  }
  return due;
}
