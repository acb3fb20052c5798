import { createHash } from 'node:crypto';
import type { ServerRequestOf } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import { userNameFault } from './names.ts';
import { pushStatus, setStatus } from './presence.ts';
import { deliverStored } from './private-messages.ts';
import { watchExpiry, wishlistIntervalOf } from './privileges.ts';
import { sendRoomLists } from './room-list.ts';
import { leave } from './rooms.ts';
import type { Session } from './session.ts';

interface Refusal {
  readonly reason: string;
  readonly detail?: string;
}

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex');

/** Major 157 was taken over from old clients; those with this minor number or a lower one are refused [Nicotine+ doc]. */
const OLDEST_MINOR_OF_157 = 12;

function refusalOf(context: Context, request: ServerRequestOf<'Login'>): Refusal | undefined {
  const { username, password, majorVersion, minorVersion } = request;
  if (majorVersion === 0 || minorVersion === 0) return { reason: 'INVALIDVERSION' };
  if (majorVersion === 157 && minorVersion < OLDEST_MINOR_OF_157) return { reason: 'INVALIDVERSION' };
  const detail = userNameFault(username);
  if (detail !== undefined) return { reason: 'INVALIDUSERNAME', detail };
  if (password === '') return { reason: 'EMPTYPASSWORD' };
  const account = context.accounts.get(username);
  if (account && account.password !== password) return { reason: 'INVALIDPASS' };
  if (!account && context.options.registrations === 'closed') return { reason: 'SVRPRIVATE' };
  const full = context.sessions.onlineCount >= context.options.maxUsers && !context.sessions.get(username);
  return full ? { reason: 'SVRFULL' } : undefined;
}

/** Answers a Login. An unknown name is registered on the spot. The hash in the request is not looked at [aioslsk]. */
export function login(context: Context, session: Session, request: ServerRequestOf<'Login'>): void {
  const { username, password } = request;
  const refusal = refusalOf(context, request);
  if (refusal) {
    session.send({ type: 'Login', success: false, ...refusal });
    if (refusal.reason === 'INVALIDPASS' && context.rules.failedLoginHidesUser) hide(context, username);
    return;
  }
  const account =
    context.accounts.get(username) ?? context.accounts.register(username, password, context.clock.now());
  replaceOlder(context, username);
  session.account = account;
  session.loginLimit?.cancel();
  session.holdRest = context.rules.loginEndsChunk;
  context.sessions.enter(session);
  if (!context.rules.watchesSelf) pushStatus(context, session);
  welcome(context, session);
  context.events.emit('login', { user: username, at: context.clock.now() });
  const fault = context.flood?.login(username);
  if (fault) context.banForFlooding(session, fault);
}

/** What follows a successful login; the order is that of the dialect. */
function welcome(context: Context, session: Session): void {
  const { options, rules, clock } = context;
  session.send({
    type: 'Login',
    success: true,
    greeting: options.greeting,
    ip: session.remote.host,
    hash: md5(session.account!.password),
    isSupporter: context.accounts.isPrivileged(session.name, clock.now()),
  });
  if (rules.storedMessages === 'first') deliverStored(context, session);
  sendRoomLists(context, session, rules.loginRoomListMinimum);
  if (rules.parentValues) {
    session.send({ type: 'ParentMinSpeed', speed: options.parentMinSpeed });
    session.send({ type: 'ParentSpeedRatio', ratio: options.parentSpeedRatio });
  }
  session.send({ type: 'WishlistInterval', interval: wishlistIntervalOf(context, session.name) });
  const privileged = [...context.accounts.all()].filter(
    ({ privilegedUntil }) => privilegedUntil > clock.now(),
  );
  session.send({ type: 'PrivilegedUsers', usernames: privileged.map(({ username }) => username) });
  session.send({ type: 'ExcludedSearchPhrases', phrases: context.excludedPhrases });
  if (rules.storedMessages === 'last') deliverStored(context, session);
  if (rules.watchesSelf) pushStatus(context, session);
  watchExpiry(context, session);
}

/** Puts out an older session of the same account: its rooms one by one, the reason, the end. */
function replaceOlder(context: Context, username: string): void {
  const older = context.sessions.get(username);
  if (!older) return;
  for (const room of [...older.rooms]) leave(older, room);
  older.send({ type: 'Relogged' });
  older.close('logged in elsewhere');
}

function hide(context: Context, username: string): void {
  const victim = context.sessions.get(username);
  if (victim) setStatus(context, victim, 0);
}

/** What a session leaves behind: its rooms see it go, its watchers see it offline. */
export function logout(context: Context, session: Session): void {
  for (const room of [...session.rooms]) leave(session, room);
  setStatus(context, session, 0);
  context.parentOffers.remove(session);
}
