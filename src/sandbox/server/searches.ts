import type { Clock, Timer } from '../../platform/clock.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import { bytesOf, type Handlers, markOf, textOf, type WireText } from './messages.ts';
import type { Session } from './session.ts';
import { broadcast } from './sessions.ts';
import { handToRoots } from './tree.ts';

/** Longest query in bytes; longer ones are dropped without a word [soulfind]. */
const MAX_QUERY_BYTES = 256;
/** soulfind collects global searches for this long before it hands them out [observed]. */
const BATCH_MS = 650;

/** Global searches on their way to everybody, the way of soulfind. */
export class SearchBatch {
  readonly #clock: Clock;
  readonly #receivers: () => Iterable<Session>;
  #waiting: ServerResponseOf<'FileSearch'>[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, receivers: () => Iterable<Session>) {
    this.#clock = clock;
    this.#receivers = receivers;
  }

  add(search: ServerResponseOf<'FileSearch'>): void {
    this.#waiting.push(search);
    this.#timer ??= this.#clock.setTimeout(() => this.#flush(), BATCH_MS);
  }

  /** Forgets what waits. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = [];
  }

  #flush(): void {
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    for (const search of batch) broadcast([...this.#receivers()], search);
  }
}

/** What a search looks like to those who are asked directly. */
function asked(session: Session, token: number, query: WireText): ServerResponseOf<'FileSearch'> {
  return { type: 'FileSearch', username: session.name, token, query: query.text, ...markOf('query', query) };
}

/** The query, unless it is too long or one search too many. */
function accept(
  context: Context,
  session: Session,
  request: { readonly query: string; readonly latin1?: readonly string[] },
): WireText | undefined {
  const query = textOf(request, 'query');
  if (bytesOf(query) > MAX_QUERY_BYTES) return undefined;
  const fault = context.flood?.search(session.name, query.text);
  if (fault === undefined) return query;
  context.banForFlooding(session, fault);
  return undefined;
}

function searchEverywhere(
  context: Context,
  session: Session,
  request: { readonly token: number; readonly query: string; readonly latin1?: readonly string[] },
): void {
  const query = accept(context, session, request);
  if (!query) return;
  if (context.rules.searches === 'tree') handToRoots(context, session, request.token, query);
  else context.searchBatch.add(asked(session, request.token, query));
}

export const searchHandlers = {
  FileSearch: searchEverywhere,
  WishlistSearch: searchEverywhere,

  UserSearch(context, session, request) {
    const query = accept(context, session, request);
    if (query) context.sessions.get(request.username)?.send(asked(session, request.token, query));
  },

  /** Everybody in the room is asked, the searcher too. Only from inside. */
  RoomSearch(context, session, request) {
    const room = context.rooms.get(request.room);
    if (!room?.users.has(session.name)) return;
    const query = accept(context, session, request);
    if (query) broadcast(room.users.values(), asked(session, request.token, query));
  },
} satisfies Partial<Handlers>;
