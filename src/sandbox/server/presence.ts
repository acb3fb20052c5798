import type { ServerResponseOf } from '../../protocol/index.ts';
import { statsOf } from './accounts.ts';
import type { Context } from './context.ts';
import type { Handlers } from './messages.ts';
import type { PresenceStatus, Session } from './session.ts';
import { broadcast } from './sessions.ts';

/** Changes a user's status and tells everybody concerned. */
export function setStatus(context: Context, session: Session, status: PresenceStatus): void {
  session.status = status;
  pushStatus(context, session);
}

/**
 * Tells the status to watchers and to the users of each shared room, the user included: one message per list, so
 * that someone in two of them hears it twice. Outside rooms only going away is confirmed to the user [aioslsk].
 */
export function pushStatus(context: Context, session: Session): void {
  const message = statusOf(context, session.name, session.status);
  if (session.status === 1 || (context.rules.watchesSelf && session.status !== 0)) session.send(message);
  for (const watcher of [...context.sessions.watchersOf(session.name)])
    if (watcher !== session) watcher.send(message);
  for (const room of session.rooms) broadcast(room.users.values(), message);
}

/** Tells the stats to the users of each shared room, the user included. */
function pushStats(context: Context, session: Session): void {
  const message = { type: 'GetUserStats', username: session.name, ...statsOf(session.account) } as const;
  if (context.rules.statsToWatchers) broadcast([...context.sessions.watchersOf(session.name)], message);
  for (const room of session.rooms) broadcast(room.users.values(), message);
}

function statusOf(
  context: Context,
  user: string,
  status?: PresenceStatus,
): ServerResponseOf<'GetUserStatus'> {
  return {
    type: 'GetUserStatus',
    username: user,
    status: status ?? context.sessions.get(user)?.status ?? 0,
    privileged: context.accounts.isPrivileged(user, context.clock.now()),
  };
}

export const presenceHandlers = {
  SetWaitPort(_context, session, request) {
    session.port = request.port;
    session.obfuscationType = request.obfuscationType ?? 0;
    // The one field that reports it to others has 16 bits.
    session.obfuscatedPort = (request.obfuscatedPort ?? 0) & 0xffff;
  },

  SetStatus(context, session, { status }) {
    if ((status === 1 || status === 2) && status !== session.status) setStatus(context, session, status);
  },

  WatchUser(context, session, { username }) {
    const account = context.accounts.get(username);
    if (!account) {
      session.send({ type: 'WatchUser', username, exists: false });
      return;
    }
    if (username !== session.name || context.rules.watchesSelf) context.sessions.watch(session, username);
    const status = context.sessions.get(username)?.status ?? 0;
    session.send({
      type: 'WatchUser',
      username,
      exists: true,
      status,
      ...statsOf(account),
      ...(status === 0 ? {} : { countryCode: account.country }),
    });
  },

  UnwatchUser(context, session, { username }) {
    context.sessions.unwatch(session, username);
  },

  GetUserStatus(context, session, { username }) {
    session.send(statusOf(context, username));
  },

  GetUserStats(context, session, { username }) {
    session.send({ type: 'GetUserStats', username, ...statsOf(context.accounts.get(username)) });
  },

  SharedFoldersFiles(context, session, { dirs, files }) {
    Object.assign(session.account!, { dirs, files });
    pushStats(context, session);
  },

  SendUploadSpeed(context, session, { speed }) {
    const account = session.account!;
    account.avgSpeed = context.rules.averageSpeed(account.avgSpeed, account.uploadNum, speed);
    account.uploadNum += 1;
    if (context.rules.statsToWatchers) pushStats(context, session);
  },

  UploadSlotsFull(_context, session, { slotsFull }) {
    session.slotsFull = slotsFull;
  },
} satisfies Partial<Handlers>;
