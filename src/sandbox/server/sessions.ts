import { encodeServerResponse, type ServerResponse } from '../../protocol/index.ts';
import type { Session } from './session.ts';

/** Every open connection, the logged-in ones by name, and who watches whom. */
export class Sessions {
  readonly #connections = new Set<Session>();
  readonly #byName = new Map<string, Session>();
  readonly #watchers = new Map<string, Set<Session>>();

  add(session: Session): void {
    this.#connections.add(session);
  }

  /** Makes a session the one that its account's name stands for. */
  enter(session: Session): void {
    this.#byName.set(session.name, session);
  }

  /** Forgets a session. True when it was the one that its name stood for. */
  remove(session: Session): boolean {
    this.#connections.delete(session);
    for (const user of session.watching) this.unwatch(session, user);
    if (session.name === '' || this.#byName.get(session.name) !== session) return false;
    return this.#byName.delete(session.name);
  }

  /** The session of an online user. */
  get(user: string): Session | undefined {
    return this.#byName.get(user);
  }

  /** Logged in, in order of login. */
  online(): IterableIterator<Session> {
    return this.#byName.values();
  }

  get onlineCount(): number {
    return this.#byName.size;
  }

  /** All connections, logged in or not. */
  connections(): readonly Session[] {
    return [...this.#connections];
  }

  watch(session: Session, user: string): void {
    session.watching.add(user);
    const watchers = this.#watchers.get(user) ?? new Set();
    this.#watchers.set(user, watchers);
    watchers.add(session);
  }

  unwatch(session: Session, user: string): void {
    session.watching.delete(user);
    const watchers = this.#watchers.get(user);
    watchers?.delete(session);
    if (watchers?.size === 0) this.#watchers.delete(user);
  }

  watchersOf(user: string): Iterable<Session> {
    return this.#watchers.get(user) ?? [];
  }
}

/** Sends one message to many, encoded once. */
export function broadcast(receivers: Iterable<Session>, response: ServerResponse): void {
  let frame: Uint8Array | undefined;
  for (const session of receivers) {
    frame ??= encodeServerResponse(response);
    session.sendFrame(frame, response);
  }
}

/** Sends one message to those of the named users who are online, once to each. */
export function broadcastTo(sessions: Sessions, users: Iterable<string>, response: ServerResponse): void {
  const online: Session[] = [];
  for (const user of new Set(users)) {
    const session = sessions.get(user);
    if (session) online.push(session);
  }
  broadcast(online, response);
}
