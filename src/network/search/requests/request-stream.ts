import type { ServerLink, Undo } from '../../server-link.ts';

/** Somebody searches. */
export interface SearchRequest {
  readonly user: string;
  /** To be repeated in the answer. */
  readonly token: number;
  readonly query: string;
  /** `tree`: it went to everybody. `server`: to us, or to a room that we are in. On soulfind all come from the server. */
  readonly source: 'tree' | 'server';
}

/** Where requests of the search tree come from. Batches decode as they are iterated, so iterate only to listen. */
export interface RequestSource {
  onSearch(
    handler: (
      batch: Iterable<{ readonly user: string; readonly token: number; readonly query: string }>,
    ) => void,
  ): Undo;
}

export interface RequestCounts {
  /** Decoded; nothing is while nobody listens. */
  readonly received: number;
  /** The same as the one before. */
  readonly repeated: number;
  /** Our own, come back. */
  readonly own: number;
  /** Without a name, or longer than any client's. */
  readonly malformed: number;
}

/** Twice what the server lets through [soulfind], in UTF-16 units. */
const MAX_QUERY = 512;

/** Longest name that is taken for one [Nicotine+]. */
const MAX_NAME = 256;

/**
 * All requests, from the server and from the tree, as one stream: ours and immediate repetitions left out. Connected to its
 * sources only while somebody listens.
 */
export class RequestStream {
  readonly #link: Pick<ServerLink, 'username' | 'on'>;
  readonly #tree: RequestSource;
  #listeners: readonly ((request: SearchRequest) => void)[] = [];
  #undo: readonly Undo[] = [];
  #user = '';
  #token = 0;
  #query = '';
  readonly #counts = { received: 0, repeated: 0, own: 0, malformed: 0 };

  constructor(options: { readonly link: Pick<ServerLink, 'username' | 'on'>; readonly tree: RequestSource }) {
    this.#link = options.link;
    this.#tree = options.tree;
  }

  get counts(): RequestCounts {
    return { ...this.#counts };
  }

  /** Calls `listener` for each request, synchronously while it is read: it must be quick and must not throw. */
  listen(listener: (request: SearchRequest) => void): Undo {
    const own = (request: SearchRequest) => listener(request);
    this.#listeners = [...this.#listeners, own];
    if (this.#undo.length === 0) {
      this.#undo = [
        this.#link.on('FileSearch', ({ username, token, query }) =>
          this.#take(username, token, query, 'server'),
        ),
        this.#tree.onSearch((batch) => {
          for (const { user, token, query } of batch) this.#take(user, token, query, 'tree');
        }),
      ];
    }
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== own);
      if (this.#listeners.length > 0) return;
      for (const undo of this.#undo) undo();
      this.#undo = [];
    };
  }

  #take(user: string, token: number, query: string, source: SearchRequest['source']): void {
    this.#counts.received++;
    if (user === this.#link.username) {
      this.#counts.own++;
      return;
    }
    if (user === '' || user.length > MAX_NAME || query.length > MAX_QUERY) {
      this.#counts.malformed++;
      return;
    }
    if (token === this.#token && query === this.#query && user === this.#user) {
      this.#counts.repeated++;
      return;
    }
    this.#token = token;
    this.#query = query;
    this.#user = user;
    const request = { user, token, query, source };
    for (const listener of this.#listeners) listener(request);
  }
}
