import type { Context } from './context.ts';
import type { Handlers } from './messages.ts';
import { pushStatus } from './presence.ts';
import type { Session } from './session.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Seconds between wishlist searches for this user. */
export function wishlistIntervalOf(context: Context, user: string): number {
  const { ordinary, privileged } = context.options.wishlistInterval;
  return context.accounts.isPrivileged(user, context.clock.now()) ? privileged : ordinary;
}

/**
 * Sets when a user's privileges end and, if online, tells it what changed: the wishlist interval, its status with the
 * flag, the time left; in this order [observed].
 * @param until milliseconds since the epoch.
 */
export function setPrivilegedUntil(context: Context, user: string, until: number): void {
  const account = context.accounts.get(user);
  if (!account) return;
  const was = context.accounts.isPrivileged(user, context.clock.now());
  account.privilegedUntil = until;
  const session = context.sessions.get(user);
  if (!session) return;
  tell(context, session, was);
  watchExpiry(context, session);
}

/** Tells an online user when its privileges end. To be called after each login. */
export function watchExpiry(context: Context, session: Session): void {
  const until = session.account!.privilegedUntil;
  const left = until - context.clock.now();
  if (left <= 0) return;
  const timer = context.clock.setTimeout(() => {
    session.undo.delete(cancel);
    if (session.account!.privilegedUntil === until) tell(context, session, true);
  }, left);
  const cancel = () => timer.cancel();
  session.undo.add(cancel);
}

function tell(context: Context, session: Session, was: boolean): void {
  if (was !== context.accounts.isPrivileged(session.name, context.clock.now())) {
    session.send({ type: 'WishlistInterval', interval: wishlistIntervalOf(context, session.name) });
    pushStatus(context, session);
  }
  session.send({
    type: 'CheckPrivileges',
    timeLeft: context.accounts.privilegedSeconds(session.name, context.clock.now()),
  });
}

export const privilegeHandlers = {
  CheckPrivileges(context, session) {
    session.send({
      type: 'CheckPrivileges',
      timeLeft: context.accounts.privilegedSeconds(session.name, context.clock.now()),
    });
  },

  /** Whole days go from the giver to the receiver; more than the giver has: nothing happens. */
  GivePrivileges(context, session, { username, days }) {
    const target = context.accounts.get(username);
    const ms = days * DAY_MS;
    if (!target || days === 0 || username === session.name) return;
    if (context.accounts.privilegedSeconds(session.name, context.clock.now()) * 1000 < ms) return;
    const now = context.clock.now();
    setPrivilegedUntil(context, session.name, session.account!.privilegedUntil - ms);
    setPrivilegedUntil(context, username, Math.max(target.privilegedUntil, now) + ms);
  },

  UserPrivileged(context, session, { username }) {
    session.send({
      type: 'UserPrivileged',
      username,
      privileged: context.accounts.isPrivileged(username, context.clock.now()),
    });
  },

  /** Passed on, and answered at once [Nicotine+ doc]. */
  NotifyPrivileges(context, session, { token, username }) {
    context.sessions.get(username)?.send({ type: 'NotifyPrivileges', token, username: session.name });
    session.send({ type: 'AckNotifyPrivileges', token });
  },
} satisfies Partial<Handlers>;
