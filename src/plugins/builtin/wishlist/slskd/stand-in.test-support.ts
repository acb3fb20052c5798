/** What `t.web` of a test takes and gives, as far as it is needed here. */
interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

interface VirtualReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly hang?: boolean;
  readonly error?: string;
}

interface VirtualHttp {
  on(url: RegExp, reply: (request: HttpRequest) => VirtualReply): unknown;
}

interface StoredTransfer {
  readonly id: string;
  readonly username: string;
  readonly filename: string;
  readonly size: number;
  readonly batchId?: string;
  state: string;
  nextAttemptAt: string | null;
  readonly requestedAt: string;
}

/** An slskd as its REST API, version 0, documents itself, with a library of nothing: a test says how transfers go. */
export class StandInSlskd {
  account = 'downloader';
  loggedIn = true;
  key = 'a-key-of-16-signs';
  /** Users who are offline. */
  readonly offline = new Set<string>();
  /** Whether it is one from before there were batches. */
  old = false;
  /** Answers that come instead of the next ones. */
  readonly instead: VirtualReply[] = [];
  readonly transfers: StoredTransfer[] = [];
  readonly batches = new Map<string, string>();
  /** Requests that asked for files, as `USER: file, file`. */
  readonly asked: string[] = [];
  #now = 0;

  constructor(http: VirtualHttp, base: string) {
    http.on(new RegExp(`^${base}/`, 'u'), (request) => this.#answer(request, request.url.slice(base.length)));
  }

  /** Ends every transfer of a user that is under way. */
  end(username: string, state: 'Succeeded' | 'Cancelled' | 'TimedOut' | 'Errored' | 'Rejected'): void {
    for (const transfer of this.transfers)
      if (transfer.username === username && !transfer.state.startsWith('Completed'))
        transfer.state = `Completed, ${state}`;
  }

  #answer(request: HttpRequest, path: string): VirtualReply {
    const instead = this.instead.shift();
    if (instead !== undefined) return instead;
    if (request.headers?.['x-api-key'] !== this.key) return { status: 401 };
    const [, what = '', ...rest] = /^\/api\/v0\/(.*)$/u.exec(path)?.[1]?.split('/') ?? [];
    if (path === '/api/v0/application')
      return json({
        user: { username: this.loggedIn ? this.account : null },
        server: { isLoggedIn: this.loggedIn },
      });
    if (path === '/api/v0/options') return json({ soulseek: { username: this.account, password: '*****' } });
    if (!path.startsWith('/api/v0/transfers/')) return { status: 404 };
    const body = typeof request.body === 'string' ? (JSON.parse(request.body) as unknown) : undefined;
    return what === 'downloads' ? this.#downloads(request.method, rest, body) : { status: 404 };
  }

  #downloads(method: string, [first = '', second]: readonly string[], body: unknown): VirtualReply {
    const user = decodeURIComponent(first);
    if (method === 'POST') {
      if (first === 'batches' && !this.old) return this.#batch(body as BatchRequest);
      if (!Array.isArray(body)) return { status: 400, body: 'The JSON value could not be converted' };
      const files = body as RemoteFile[];
      this.asked.push(`${user}: ${files.map(({ filename }) => filename).join(', ')}`);
      if (this.offline.has(user)) return { status: 500, body: `User ${user} appears to be offline` };
      return json({ enqueued: files.map((file) => this.#add(user, file)), failed: [] }, 201);
    }
    if (method === 'DELETE') {
      for (const transfer of this.transfers)
        if (transfer.id === second) transfer.state = 'Completed, Cancelled';
      return { status: 204 };
    }
    if (first === 'batches' && !this.old) {
      const username = this.batches.get(second ?? '');
      if (username === undefined) return { status: 404 };
      return json({
        id: second,
        username,
        transfers: this.transfers.filter(({ batchId }) => batchId === second),
      });
    }
    const files = this.transfers.filter(({ username }) => username === user);
    if (files.length === 0) return { status: 404 };
    return json({ username: user, directories: [{ directory: 'x', fileCount: files.length, files }] });
  }

  #batch({ id, username, files }: BatchRequest): VirtualReply {
    this.asked.push(`${username}: ${files.map(({ filename }) => filename).join(', ')}`);
    if (this.offline.has(username)) return { status: 404, body: `User ${username} appears to be offline` };
    if (this.batches.has(id)) return { status: 409, body: `A batch with ID ${id} already exists` };
    this.batches.set(id, username);
    const failures = files.filter(({ filename }) => filename.includes('banned'));
    for (const file of files) if (!failures.includes(file)) this.#add(username, file, id);
    const status = failures.length === 0 ? 201 : failures.length === files.length ? 200 : 207;
    return json(
      {
        batch: { id, username },
        failures: failures.map(({ filename }) => ({ filename, message: 'already in progress' })),
      },
      status,
    );
  }

  #add(username: string, { filename, size }: RemoteFile, batchId?: string): StoredTransfer {
    const transfer = {
      id: `t${this.transfers.length}`,
      username,
      filename,
      size,
      ...(batchId === undefined ? {} : { batchId }),
      state: 'Queued, Remotely',
      nextAttemptAt: null,
      requestedAt: new Date(++this.#now).toISOString(),
    };
    this.transfers.push(transfer);
    return transfer;
  }
}

interface RemoteFile {
  readonly filename: string;
  readonly size: number;
}

interface BatchRequest {
  readonly id: string;
  readonly username: string;
  readonly files: readonly RemoteFile[];
}

const json = (value: unknown, status = 200): VirtualReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});
