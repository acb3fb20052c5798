import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Connection } from '../../platform/transport.ts';
import type { ServerResponse, ServerResponseOf } from '../../protocol/index.ts';
import type { Governor } from '../governor/governor.ts';
import { dialFailure } from './dial-failure.ts';
import { KeepAlive } from './keep-alive.ts';
import { loginFrames } from './login-frames.ts';
import { Problems } from './problems.ts';
import { RetryPlan } from './retry-plan.ts';
import { ServerConnection } from './server-connection.ts';
import { SessionLink } from './session-link.ts';
import { type Ban, SessionMemory } from './session-memory.ts';
import type { SessionOptions } from './session-options.ts';
import type { SessionState } from './state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const DIAL_TIMEOUT_MS = 30 * SECOND;
/** The server closes a connection without login after 60 to 75 s [aioslsk, soulfind]; after that no answer will come. */
const LOGIN_TIMEOUT_MS = 75 * SECOND;
/** A connection closed after this time without an answer was closed by that time-out, not by chance. */
const UNANSWERED_MS = 50 * SECOND;
/** A session that lasted so long was a success: back-off starts anew. */
const STABLE_MS = 60 * SECOND;
/** A ban of unknown length [observed: 30 minutes]. */
const BAN_MS = 30 * MINUTE;

/**
 * Being logged in. Reconnects by itself after a loss, and not at all after what only a person can judge: a refusal,
 * another login with the same account. A ban is waited out, across restarts.
 */
export class Session {
  readonly link: SessionLink;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #governor: Governor;
  readonly #memory: SessionMemory;
  readonly #problems: Problems;
  readonly #password: string;
  #state: SessionState = { name: 'offline' };
  /** The state that everybody was told last. */
  #announced: SessionState = this.#state;
  readonly #retries: RetryPlan;
  /** Changes whenever what is under way no longer counts. */
  #epoch = 0;
  #started = false;
  #stopped = false;
  #connection: ServerConnection | undefined;
  #dial: AbortController | undefined;
  #loginAt = 0;
  /** The next thing that happens by itself: a retry, the end of a ban, the end of patience with a login. */
  #timer: Timer | undefined;
  #stable: Timer | undefined;
  #keepAlive: KeepAlive | undefined;

  constructor(options: SessionOptions) {
    const { password, ...rest } = options;
    // Kept apart from the rest, so that no dump of the options can show it.
    this.#password = password;
    this.#options = { ...rest, password: '' };
    this.#clock = options.clock;
    this.#log = options.log;
    this.#governor = options.governor;
    this.#memory = new SessionMemory(options);
    this.#problems = new Problems(options);
    this.#retries = new RetryPlan(options.governor.limits.login, options.random);
    this.link = new SessionLink({ ...options, state: () => this.#state });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Begins to log in, as soon as earlier runs' bans and attempts allow. Rejects when the saved state cannot be read. */
  async start(): Promise<void> {
    if (this.#started) throw new Error('the session was started before');
    this.#started = true;
    const epoch = this.#epoch;
    await this.#memory.load();
    if (epoch !== this.#epoch) return;
    const ban = this.#memory.ban;
    if (ban) this.#latchBan(ban);
    else
      this.#startAfter(
        this.#retries.afterRestart(this.#memory),
        'an earlier run has tried to log in a moment ago',
      );
  }

  /** A person decided: leaves a latched state or cuts a wait short. Does nothing while connecting or online. */
  retry(): void {
    const { name } = this.#state;
    if (
      !this.#started ||
      this.#stopped ||
      name === 'connecting' ||
      name === 'logging-in' ||
      name === 'online'
    )
      return;
    this.#memory.ban = undefined;
    this.#memory.closedEarly = 0;
    this.#retries.reset();
    this.#startAfter(this.#retries.byHand(this.#memory), 'the last attempt was only a moment ago');
  }

  /** The server said live that it bans us for so many minutes, and will close the connection. */
  banned(minutes: number, text: string): void {
    if (this.#state.name !== 'online') return;
    const known = Number.isFinite(minutes) && minutes > 0;
    this.#ban((known ? minutes * MINUTE : BAN_MS) + MINUTE, 'notice', text);
  }

  /** Logs out and stays away. Resolves when the connection is gone. */
  async stop(reason = 'stopped'): Promise<void> {
    this.#stopped = true;
    const gone = this.#connection?.end(this.#clock);
    this.#leave('shutdown', reason);
    if (this.#state.name !== 'banned' && this.#state.name !== 'refused' && this.#state.name !== 'replaced') {
      this.#set({ name: 'offline', reason });
    }
    await gone;
  }

  #startAfter(wait: number, reason: string): void {
    this.#timer?.cancel();
    if (wait <= 0) void this.#attempt();
    else this.#waitOffline(wait, reason);
  }

  #waitOffline(wait: number, reason: string): void {
    this.#log.info('Not connected to the server; trying again later', {
      reason,
      inSeconds: Math.round(wait / SECOND),
    });
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(() => void this.#attempt(), wait);
    this.#set({ name: 'offline', reason, retryAt: this.#clock.now() + wait });
  }

  #later(reason: string): void {
    this.#waitOffline(this.#retries.next(), reason);
  }

  async #attempt(): Promise<void> {
    const epoch = ++this.#epoch;
    this.#timer?.cancel();
    const attempt = this.#retries.failures + 1;
    this.#set({ name: 'connecting', attempt });
    // Recorded before it is made, or a crash would forget it.
    this.#memory.addAttempt();
    const saved = await this.#memory.save();
    if (epoch !== this.#epoch) return;
    if (!saved) {
      this.#later('attempts to log in cannot be recorded, so none is made');
      return;
    }
    const dial = new AbortController();
    this.#dial = dial;
    const { host, port } = this.#options.server;
    let connection: Connection;
    try {
      connection = await this.#options.transport.connect({
        host,
        port,
        timeoutMs: DIAL_TIMEOUT_MS,
        signal: dial.signal,
      });
    } catch (error) {
      if (epoch !== this.#epoch) return;
      // The server has seen nothing of it.
      this.#memory.takeBackAttempt();
      void this.#memory.save();
      this.#later(dialFailure(error, host, port));
      return;
    }
    if (epoch !== this.#epoch) {
      connection.destroy();
      return;
    }
    this.#dial = undefined;
    this.#login(connection, epoch, attempt);
  }

  #login(connection: Connection, epoch: number, attempt: number): void {
    const current = (run: () => void) => {
      if (epoch === this.#epoch) run();
    };
    const server = new ServerConnection(connection, {
      message: (message) => current(() => this.#received(message)),
      wrote: () => this.#keepAlive?.wrote(),
      problem: (kind, detail) => this.#problems.report(kind, detail),
      closed: (why) => current(() => this.#closed(why)),
    });
    this.#connection = server;
    this.#loginAt = this.#clock.monotonic();
    this.#timer = this.#clock.setTimeout(
      () => this.#ban(BAN_MS, 'no-answer', 'the server did not answer the login'),
      LOGIN_TIMEOUT_MS,
    );
    this.#set({ name: 'logging-in', attempt });
    const { username, waitPorts } = this.#options;
    this.#governor.login(server, loginFrames(username, this.#password, waitPorts()));
  }

  #received(message: ServerResponse): void {
    if (message.type === 'Relogged') this.#replaced();
    else if (this.#state.name === 'online') this.link.dispatch(message);
    else if (message.type === 'Login' && this.#state.name === 'logging-in') this.#answered(message);
    else this.#problems.report('before-login', `${message.type} came before the answer to the login`);
  }

  #answered(reply: ServerResponseOf<'Login'>): void {
    this.#timer?.cancel();
    if (this.#memory.closedEarly > 0) {
      this.#memory.closedEarly = 0;
      void this.#memory.save();
    }
    if (!reply.success) {
      const { reason, detail } = reply;
      this.#log.error('The server refuses the login; a person has to look at it', { reason, detail });
      this.#hangUp('offline', `the server refused the login: ${reason}`);
      this.#set({ name: 'refused', reason, ...(detail !== undefined && detail !== '' && { detail }) });
      return;
    }
    const server = this.#connection!;
    const { greeting, ip, isSupporter } = reply;
    this.#state = { name: 'online', since: this.#clock.now(), greeting, ip, supporter: isSupporter };
    this.#stable = this.#clock.setTimeout(() => {
      this.#retries.reset();
      this.#memory.forgive();
      void this.#memory.save();
    }, STABLE_MS);
    this.#keepAlive = new KeepAlive(this.#clock, server, {
      ping: () => void this.link.send({ type: 'ServerPing' }, { kind: 'ack' }),
      stalled: () => {
        server.destroy();
        this.#closed('the server takes no more bytes');
      },
    });
    this.#log.debug('Logged in', { username: this.#options.username, supporter: isSupporter });
    this.#governor.open(server);
    this.link.restore();
    this.#announce();
  }

  /** The connection is gone without our doing. */
  #closed(why: string): void {
    const before = this.#state.name;
    const unanswered = this.#clock.monotonic() - this.#loginAt >= UNANSWERED_MS;
    if (before === 'logging-in' && unanswered) {
      this.#ban(BAN_MS, 'no-answer', 'the server closed the connection instead of answering the login');
      return;
    }
    this.#leave('offline', why);
    if (before === 'online') {
      this.#later(why);
      return;
    }
    this.#memory.closedEarly += 1;
    if (this.#memory.closedEarly >= 2) {
      this.#ban(
        BAN_MS,
        'closed-before-reply',
        'the server keeps closing the connection before it answers the login',
      );
      return;
    }
    void this.#memory.save();
    this.#later(`${why} before it answered the login`);
  }

  #replaced(): void {
    this.#log.error('Somebody else logged in with this account; a person has to look at it');
    this.#hangUp('offline', 'somebody else logged in with this account');
    this.#set({ name: 'replaced', at: this.#clock.now() });
  }

  #ban(left: number, evidence: Ban['evidence'], text: string): void {
    this.#log.error('The server has banned us, or seems to have', {
      evidence,
      minutes: Math.round(left / MINUTE),
      text,
    });
    const ban = { left, evidence, text };
    this.#memory.ban = ban;
    void this.#memory.save();
    this.#hangUp('banned', 'the server has banned us');
    this.#latchBan(ban);
  }

  #latchBan({ left, evidence, text }: Ban): void {
    this.#governor.close('banned', 'the server has banned us');
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(() => void this.#attempt(), left);
    this.#set({ name: 'banned', until: this.#clock.now() + left, evidence, text });
  }

  #hangUp(code: 'offline' | 'banned', why: string): void {
    void this.#connection?.end(this.#clock);
    this.#leave(code, why);
  }

  /** What was under way no longer counts; if it was a session, everybody forgets it. */
  #leave(code: 'offline' | 'banned' | 'shutdown', why: string): void {
    this.#epoch += 1;
    this.#dial?.abort();
    this.#dial = undefined;
    for (const timer of [this.#timer, this.#stable]) timer?.cancel();
    this.#keepAlive?.stop();
    this.#keepAlive = undefined;
    this.#connection = undefined;
    this.#governor.close(code, why);
    if (this.#state.name !== 'online') return;
    this.#state = { name: 'offline', reason: why };
    this.link.lost(why);
  }

  #set(state: SessionState): void {
    this.#state = state;
    this.#announce();
  }

  #announce(): void {
    const was = this.#announced;
    this.#announced = this.#state;
    this.#options.emitter.emit('state', { state: this.#state, was, at: this.#clock.now() });
  }
}
