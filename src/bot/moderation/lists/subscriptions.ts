import type { StatePort } from '../../../network/ports.ts';
import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { ListError } from './list-document.ts';
import type { ListSource } from './list-source.ts';
import { type ListedUser, type LoadedList, loadList } from './load-list.ts';

/** One of `moderation.lists` in config.yaml. */
export interface ListConfig {
  /** The key in the config. */
  readonly id: string;
  /** A file beside the config, or an https address. */
  readonly from: string;
  /** The publisher's public key. */
  readonly key: string;
  /** The strongest consequence that may follow from it. */
  readonly atMost: string;
  /** Absent: every room that the bot moderates. */
  readonly rooms?: readonly string[];
  readonly refreshMs: number;
}

/** Somebody on a list that counts here. */
export interface ListMatch extends ListedUser {
  /** The subscription's key in the config. */
  readonly id: string;
  readonly atMost: string;
}

export interface ListStatus {
  readonly id: string;
  readonly from: string;
  readonly atMost: string;
  readonly rooms?: readonly string[];
  /** How many names count now. */
  readonly entries: number;
  readonly name?: string;
  readonly issued?: number;
  readonly expires?: number;
  /** When it was read last. */
  readonly at?: number;
  /** Why the last reading, or a part of it, was not taken. What was read before counts on until it expires. */
  readonly problems: readonly string[];
}

export interface SubscriptionsOptions {
  readonly lists: readonly ListConfig[];
  readonly source: ListSource;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps what was read, so that a start without the web knows it too. */
  readonly state: StatePort;
}

interface Subscription {
  readonly config: ListConfig;
  list: LoadedList | undefined;
  /** Of the current list, by exact name. */
  users: ReadonlyMap<string, ListedUser>;
  at: number | undefined;
  problem: string | undefined;
  failures: number;
  timer: Timer | undefined;
}

interface Kept {
  readonly list: LoadedList;
  readonly at: number;
}

const FIRST_RETRY_MS = 5 * 60_000;

/**
 * The watch lists that the config subscribes to. A list counts from when it was read and verified until it expires; one that
 * cannot be read any more, or is older than the one known, changes nothing.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #all: readonly Subscription[];
  #closed = false;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#all = options.lists.map((config) => ({
      config,
      list: undefined,
      users: new Map(),
      at: undefined,
      problem: undefined,
      failures: 0,
      timer: undefined,
    }));
  }

  /** Takes what an earlier run had read, and begins to read anew. Never rejects. */
  async start(): Promise<void> {
    await Promise.all(this.#all.map((each) => this.#recall(each)));
    for (const each of this.#all) this.#schedule(each, this.#dueIn(each));
  }

  stop(): void {
    this.#closed = true;
    for (const { timer } of this.#all) timer?.cancel();
  }

  /** Everything that counts against somebody in a room, the most points first. */
  matches(user: string, room: string): readonly ListMatch[] {
    const now = this.#options.clock.now();
    return this.#all
      .flatMap(({ config, users }) => {
        const listed = users.get(user);
        const here = config.rooms === undefined || config.rooms.includes(room);
        if (listed === undefined || !here || listed.until <= now) return [];
        return [{ ...listed, id: config.id, atMost: config.atMost }];
      })
      .sort((a, b) => b.points - a.points);
  }

  status(): readonly ListStatus[] {
    const now = this.#options.clock.now();
    return this.#all.map(({ config, list, users, at, problem }) => {
      const { id, from, atMost, rooms } = config;
      const valid = list !== undefined && list.expires > now ? list : undefined;
      return {
        id,
        from,
        atMost,
        ...(rooms === undefined ? {} : { rooms }),
        entries: [...users.values()].filter(({ until }) => until > now).length,
        ...(list === undefined ? {} : { name: list.name, issued: list.issued, expires: list.expires }),
        ...(at === undefined ? {} : { at }),
        problems: [
          ...(problem === undefined ? [] : [problem]),
          ...(list !== undefined && valid === undefined
            ? ['it has expired and does not count any more']
            : []),
          ...(valid?.problems ?? []),
        ],
      };
    });
  }

  /** Reads one list now, or all. Never rejects: what went wrong is in the status. */
  async refresh(id?: string): Promise<void> {
    const wanted = this.#all.filter(({ config }) => id === undefined || config.id === id);
    await Promise.all(wanted.map((each) => this.#read(each)));
  }

  async #recall(each: Subscription): Promise<void> {
    try {
      const kept = await this.#options.state.load(stateName(each.config));
      if (kept === undefined) return;
      const { list, at } = JSON.parse(kept) as Kept;
      take(each, list, at);
    } catch (error) {
      this.#options.log.warn('A watch list of an earlier run cannot be read', {
        list: each.config.id,
        error,
      });
    }
  }

  #dueIn({ at, config }: Subscription): number {
    return at === undefined ? 0 : Math.max(0, at + config.refreshMs - this.#options.clock.now());
  }

  #schedule(each: Subscription, ms: number): void {
    if (this.#closed) return;
    each.timer?.cancel();
    each.timer = this.#options.clock.setTimeout(
      () => void this.#read(each),
      Math.min(ms, each.config.refreshMs),
    );
  }

  async #read(each: Subscription): Promise<void> {
    const { clock, source, log } = this.#options;
    const { config } = each;
    try {
      const list = await loadList(config.from, config.key, source, clock.now());
      if (each.list !== undefined && list.issued < each.list.issued)
        throw new ListError(
          'older',
          'it is older than the one that is known: somebody may want it to be forgotten',
        );
      const at = clock.now();
      take(each, list, at);
      await this.#options.state.save(stateName(config), JSON.stringify({ list, at } satisfies Kept));
      each.failures = 0;
      this.#schedule(each, config.refreshMs);
    } catch (error) {
      each.problem = error instanceof ListError ? error.message : `it cannot be kept: ${String(error)}`;
      log.warn('A watch list was not taken', { list: config.id, reason: each.problem });
      this.#schedule(each, FIRST_RETRY_MS * 2 ** Math.min(each.failures++, 8));
    }
  }
}

/** Another publisher, or another place, is another list: nothing of the old one may count. */
function stateName({ id, from, key }: ListConfig): string {
  return `list ${JSON.stringify([id, from, key])}`;
}

/** Of somebody who is listed twice the entry with the most points counts. */
function take(each: Subscription, list: LoadedList, at: number): void {
  const users = new Map<string, ListedUser>();
  for (const entry of list.entries) {
    const known = users.get(entry.user);
    if (known === undefined || entry.points > known.points) users.set(entry.user, entry);
  }
  each.list = list;
  each.users = users;
  each.at = at;
  each.problem = undefined;
}
