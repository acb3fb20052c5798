import type { Log } from '../../platform/log.ts';
import type { Connection } from '../../platform/transport.ts';
import { decodeServerRequest, type ServerRequest, type ServerResponse } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import { login, logout } from './login.ts';
import { handle } from './router.ts';
import { Session, type SessionOwner } from './session.ts';

/** The way in and out: decides who is listened to, and hands what logged-in users ask to the router. */
export class Gate implements SessionOwner {
  readonly #context: Context;
  readonly #faults: Faults;
  readonly #journal: Journal;
  readonly #log: Log;

  constructor(context: Context, faults: Faults, journal: Journal, log: Log) {
    this.#context = context;
    this.#faults = faults;
    this.#journal = journal;
    this.#log = log;
  }

  /** A client connected. */
  accept(connection: Connection): void {
    const { bans, clock, flood, options, sessions } = this.#context;
    const { host } = connection.remote;
    const session = new Session(connection, this, clock.now());
    session.start();
    const fault = flood?.connection(host);
    if (fault !== undefined)
      bans.banAddress(host, clock.now() + (options.floodLimits?.banMinutes ?? 0) * 60_000);
    if (bans.addressBanned(host, clock.now())) {
      session.close('address banned');
      return;
    }
    sessions.add(session);
    this.#limitLogin(session);
  }

  #limitLogin(session: Session): void {
    const { clock, options, random, rules } = this.#context;
    const jitter = rules.loginTimeoutJitterMs;
    const delay = options.loginTimeoutMs + (jitter === 0 ? 0 : random.int(0, jitter));
    session.loginLimit = clock.setTimeout(() => {
      if (!session.account) session.close('no login in time');
    }, delay);
  }

  onFrame(session: Session, body: Uint8Array): void {
    if (session.ignored) {
      this.#noteIgnored(session, body);
      return;
    }
    const decoded = decodeServerRequest(body);
    if (!session.account) {
      this.#beforeLogin(session, decoded.ok ? decoded.message : undefined);
      return;
    }
    if (!decoded.ok) {
      this.#log.debug('The sandbox server ignored a frame', {
        user: session.name,
        reason: decoded.reason,
      });
      return;
    }
    this.#note(session.name, decoded.message);
    handle(this.#context, session, decoded.message);
  }

  #beforeLogin(session: Session, request: ServerRequest | undefined): void {
    const { bans, clock, rules } = this.#context;
    if (request?.type !== 'Login') {
      if (rules.earlyFrameBlocks) session.ignored = true;
      return;
    }
    this.#note(request.username, request);
    if (bans.accountBanned(request.username, clock.now()) || this.#faults.isDeafTo(request.username)) {
      session.ignored = true;
      return;
    }
    login(this.#context, session, request);
    if (this.#faults.muted.has(session.name)) session.ignored = true;
  }

  /** A muted user is not listened to, but a test may still ask what it said. */
  #noteIgnored(session: Session, body: Uint8Array): void {
    if (!session.account) return;
    const decoded = decodeServerRequest(body);
    if (decoded.ok) this.#note(session.name, decoded.message);
  }

  #note(user: string, request: ServerRequest): void {
    const at = this.#context.clock.now();
    this.#journal.add(user, { at, request });
    this.#context.events.emit('request', { user, request, at });
  }

  onSent(session: Session, response: ServerResponse): void {
    const { clock, events } = this.#context;
    if (events.listenerCount('response') === 0) return;
    events.emit('response', { user: session.name, response, at: clock.now() });
  }

  onGone(session: Session, why: string): void {
    const { clock, events, sessions } = this.#context;
    const wasOnline = sessions.remove(session);
    if (!wasOnline) return;
    logout(this.#context, session);
    events.emit('logout', { user: session.name, why, at: clock.now() });
  }
}
