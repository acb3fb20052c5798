/** A search that the server took, and whom it reached. */
export interface SearchRecord {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly searcher: number;
  readonly token: number;
  /** How often it reached each node; more than 255 count as 255. */
  readonly counts: Uint8Array;
  /** The login of each node when the search was made; 0 for those who were offline. */
  readonly logins: Uint32Array;
}

/** What became of a search. */
export interface Outcome {
  readonly record: SearchRecord;
  /** Nodes that should have got it: those online all the time since, without the searcher. */
  readonly expected: number;
  /** Of these, the ones that got it never. */
  readonly missed: readonly number[];
  /** Nodes that got it more than once. */
  readonly repeated: readonly number[];
}

/** Searches so far, and totals. */
export interface LedgerTotals {
  searches: number;
  /** Deliveries to other nodes. */
  deliveries: number;
  /** Deliveries beyond the first to the same node. */
  duplicates: number;
  /** Deliveries of searches that nobody made, or so long after that they no longer count. */
  strays: number;
  /** Deliveries of a search to the one who made it. */
  echoes: number;
}

/** Counts for each search and each node how often it got there. */
export class Ledger {
  readonly totals: LedgerTotals = { searches: 0, deliveries: 0, duplicates: 0, strays: 0, echoes: 0 };
  readonly #open = new Map<number, SearchRecord>();

  /** A search begins. `logins` is kept. */
  begin(search: Omit<SearchRecord, 'counts'>): void {
    this.totals.searches++;
    this.#open.set(search.token, { ...search, counts: new Uint8Array(search.logins.length) });
  }

  /** A search reached a node. */
  deliver(node: number, token: number, searcher: string, nameOf: (node: number) => string): void {
    const record = this.#open.get(token);
    if (record === undefined || nameOf(record.searcher) !== searcher) {
      this.totals.strays++;
      return;
    }
    if (record.searcher === node) this.totals.echoes++;
    else this.totals.deliveries++;
    const count = record.counts[node]!;
    if (count > 0) this.totals.duplicates++;
    if (count < 255) record.counts[node] = count + 1;
  }

  /** Ends the count of all searches made before `before` (monotonic milliseconds), the oldest first. */
  *settle(before: number, logins: Uint32Array): Generator<Outcome> {
    for (const record of this.#open.values()) {
      if (record.at >= before) return;
      this.#open.delete(record.token);
      yield judge(record, logins);
    }
  }
}

function judge(record: SearchRecord, logins: Uint32Array): Outcome {
  const missed: number[] = [];
  const repeated: number[] = [];
  let expected = 0;
  for (let node = 0; node < record.counts.length; node++) {
    const count = record.counts[node]!;
    if (count > 1) repeated.push(node);
    const login = record.logins[node]!;
    if (node === record.searcher || login === 0 || login !== logins[node]) continue;
    expected++;
    if (count === 0) missed.push(node);
  }
  return { record, expected, missed, repeated };
}
