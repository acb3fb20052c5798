import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { ServerLink } from '../server-link.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import type { Answer } from '../users/replies.ts';
import { Replies } from '../users/replies.ts';

export interface InterestsOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait for an answer once the question left, milliseconds. @default 15000 */
  readonly timeoutMs?: number;
}

interface Recommendation {
  readonly item: string;
  readonly score: number;
}

/** Recommendations by sign: best first, worst first. */
export interface Recommended {
  readonly recommended: readonly Recommendation[];
  readonly unrecommended: readonly Recommendation[];
}

export interface SimilarUser {
  readonly user: string;
  /** How many likes we share. */
  readonly shared: number;
}

/** What became of a change of our likes and hates. */
export interface InterestChange {
  /** The item as it is kept and sent: lower case, without space around. */
  readonly item: string;
  readonly changed: boolean;
  /** The change was made, but the server is known to ignore such items [soulfind]. */
  readonly warning?: string;
}

/** Limits of soulfind; those of the official server are not known. */
const MAX_ITEMS = 30;
const MAX_ITEM_BYTES = 64;

type Kind = 'likes' | 'hates';
const ADD = { likes: 'AddThingILike', hates: 'AddThingIHate' } as const;
const REMOVE = { likes: 'RemoveThingILike', hates: 'RemoveThingIHate' } as const;

/** Our likes and hates, restored after each login, and what the server makes of everybody's. */
export class Interests {
  readonly #link: ServerLink;
  readonly #log: Log;
  readonly #items: Readonly<Record<Kind, Set<string>>> = { likes: new Set(), hates: new Set() };
  readonly #recommendations: Replies<Recommended>;
  readonly #ofItem: Replies<Recommended>;
  readonly #similar: Replies<readonly SimilarUser[]>;
  readonly #similarByItem: Replies<readonly string[]>;
  readonly #ofUser: Replies<{ readonly likes: readonly string[]; readonly hates: readonly string[] }>;

  constructor(options: InterestsOptions) {
    const { link, clock, log, timeoutMs = 15_000 } = options;
    this.#link = link;
    this.#log = log;
    this.#recommendations = new Replies(link, clock, timeoutMs);
    this.#ofItem = new Replies(link, clock, timeoutMs);
    this.#similar = new Replies(link, clock, timeoutMs);
    this.#similarByItem = new Replies(link, clock, timeoutMs);
    this.#ofUser = new Replies(link, clock, timeoutMs);
    for (const type of ['Recommendations', 'GlobalRecommendations'] as const) {
      link.on(type, ({ recommendations, unrecommendations }) => {
        this.#recommendations.answer(type, bySign([...recommendations, ...(unrecommendations ?? [])]));
      });
    }
    link.on('ItemRecommendations', ({ item, recommendations }) => {
      this.#ofItem.answer(normalise(item), bySign(recommendations));
    });
    link.on('SimilarUsers', ({ users }) => {
      this.#similar.answer(
        '',
        users.map(({ username, rating }) => ({ user: username, shared: rating })),
      );
    });
    link.on('ItemSimilarUsers', ({ item, usernames }) =>
      this.#similarByItem.answer(normalise(item), usernames),
    );
    link.on('UserInterests', ({ username, likes, hates }) => this.#ofUser.answer(username, { likes, hates }));
    link.onRestore(RestoreStep.interests, () => {
      for (const kind of ['likes', 'hates'] as const) {
        for (const item of this.#items[kind]) this.#send(ADD[kind], item);
      }
    });
  }

  get likes(): readonly string[] {
    return [...this.#items.likes];
  }

  get hates(): readonly string[] {
    return [...this.#items.hates];
  }

  like(item: string): InterestChange {
    return this.#add('likes', item);
  }

  unlike(item: string): InterestChange {
    return this.#remove('likes', item);
  }

  hate(item: string): InterestChange {
    return this.#add('hates', item);
  }

  unhate(item: string): InterestChange {
    return this.#remove('hates', item);
  }

  /** What people with our likes like. */
  recommendations(options?: SendOptions): Promise<Answer<Recommended>> {
    return this.#recommendations.ask('Recommendations', { type: 'Recommendations' }, options);
  }

  /** What everybody online likes. */
  globalRecommendations(options?: SendOptions): Promise<Answer<Recommended>> {
    return this.#recommendations.ask('GlobalRecommendations', { type: 'GlobalRecommendations' }, options);
  }

  /** What people who like `item` like. */
  itemRecommendations(item: string, options?: SendOptions): Promise<Answer<Recommended>> {
    const key = normalise(item);
    return this.#ofItem.ask(key, { type: 'ItemRecommendations', item: key }, options);
  }

  /** People with our likes. */
  similarUsers(options?: SendOptions): Promise<Answer<readonly SimilarUser[]>> {
    return this.#similar.ask('', { type: 'SimilarUsers' }, options);
  }

  /** People who like `item`. */
  itemSimilarUsers(item: string, options?: SendOptions): Promise<Answer<readonly string[]>> {
    const key = normalise(item);
    return this.#similarByItem.ask(key, { type: 'ItemSimilarUsers', item: key }, options);
  }

  /** Somebody's likes and hates; both empty for users who are offline or unknown. */
  userInterests(
    user: string,
    options?: SendOptions,
  ): Promise<Answer<{ readonly likes: readonly string[]; readonly hates: readonly string[] }>> {
    return this.#ofUser.ask(user, { type: 'UserInterests', username: user }, options);
  }

  #add(kind: Kind, raw: string): InterestChange {
    const item = normalise(raw);
    const items = this.#items[kind];
    if (item === '') return { item, changed: false, warning: 'an interest is not empty' };
    if (items.has(item)) return { item, changed: false };
    items.add(item);
    if (this.#link.state.name === 'online') this.#send(ADD[kind], item);
    const bytes = Buffer.byteLength(item);
    const warning =
      bytes > MAX_ITEM_BYTES
        ? `the server may ignore an interest of more than ${MAX_ITEM_BYTES} bytes; this one has ${bytes}`
        : items.size > MAX_ITEMS
          ? `the server may ignore more than ${MAX_ITEMS} ${kind}; these are ${items.size}`
          : undefined;
    if (warning === undefined) return { item, changed: true };
    this.#log.warn('An interest is beyond the known limits', { item, warning });
    return { item, changed: true, warning };
  }

  #remove(kind: Kind, raw: string): InterestChange {
    const item = normalise(raw);
    const changed = this.#items[kind].delete(item);
    if (changed && this.#link.state.name === 'online') this.#send(REMOVE[kind], item);
    return { item, changed };
  }

  #send(type: (typeof ADD | typeof REMOVE)[Kind], item: string): void {
    void this.#link.send({ type, item }, { kind: 'housekeeping' });
  }
}

/** Items are compared in lower case by clients and servers. */
function normalise(item: string): string {
  return item.trim().toLowerCase();
}

/** The two lists may overlap, so the sign alone decides; an item that comes twice counts once, a score of 0 not at all. */
function bySign(all: readonly Recommendation[]): Recommended {
  const scores = new Map(all.map(({ item, score }) => [item, score]));
  const sorted = [...scores].map(([item, score]) => ({ item, score })).sort((a, b) => b.score - a.score);
  return {
    recommended: sorted.filter(({ score }) => score > 0),
    unrecommended: sorted.filter(({ score }) => score < 0).reverse(),
  };
}
