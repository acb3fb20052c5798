import { normalizeQuery } from '../../network/governor/search-budget.ts';
import { cleanQuery, type SearchQuery } from '../../network/search/query.ts';
import { PluginError } from '../../plugins/api/errors.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { WishFilter, WishProblem, WishState } from '../../plugins/api/wishlist.ts';
import type { DeliverFinds } from '../../plugins/host/services.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import type { StoredWish } from '../store/wish-rows.ts';
import { Collection } from './collecting/collection.ts';
import { compileWishFilter, type WishTest } from './filter/compile-filter.ts';
import { mergeFilters } from './filter/profiles.ts';
import { variantsOf } from './hygiene/variants.ts';
import type { Candidate } from './planner/candidate.ts';

/** Not sooner again, when a wish does not say. */
export const DEFAULT_EVERY_MS = 30 * 60_000;
export const DEFAULT_AT_MOST_MS = 86_400_000;
export const DEFAULT_PRIORITY = 5;
/** Of wishes that do not ask the network. */
export const DEFAULT_CRON = '17 */6 * * *';

/** A spelling of a wish's query, ready to be searched. */
export interface Spelling {
  /** In the form in which two searches are compared. */
  readonly key: string;
  readonly query: SearchQuery;
}

/** What follows from a spec. */
export interface CompiledWish {
  readonly spellings: readonly Spelling[];
  /** Their keys. */
  readonly keys: readonly string[];
  readonly test: WishTest;
}

/** @throws PluginError `invalid`, `bad-pattern`: the filter cannot be used, or there is no such profile. */
export function compileWish(
  { query, variants = true, profile, filter }: WishSpec,
  profiles: Readonly<Record<string, WishFilter>>,
): CompiledWish {
  const spellings = new Map<string, Spelling>();
  for (const text of variants ? variantsOf(query) : [query]) {
    const cleaned = cleanQuery(text);
    if (!cleaned.ok) continue;
    const key = normalizeQuery(cleaned.query.text);
    if (!spellings.has(key)) spellings.set(key, { key, query: cleaned.query });
  }
  const test = compileWishFilter(mergeFilters(profileOf(profile, profiles), filter));
  return { spellings: [...spellings.values()], keys: [...spellings.keys()], test };
}

function profileOf(
  name: string | undefined,
  profiles: Readonly<Record<string, WishFilter>>,
): WishFilter | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(profiles, name)) return profiles[name];
  const nearest = nearestKey(name, Object.keys(profiles));
  const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  throw new PluginError('invalid', `there is no profile ${JSON.stringify(name)} in wishes.profiles${hint}`);
}

/** A wish in memory: what is kept of it, what follows from that, and what it is collecting. */
export class LiveWish {
  readonly stored: StoredWish;
  readonly collection = new Collection();
  compiled: CompiledWish;
  /** Somebody registers it now; of one that was added: always. */
  present: boolean;
  deliver: DeliverFinds | undefined;
  /** What is wrong or doubtful with it, fatal problems first. */
  problems: readonly WishProblem[] = [];
  /** It can never match. */
  refused = false;
  /** Finds that wait to be told. */
  waiting = 0;
  /** Contents among them that are new. */
  waitingNew = 0;
  /** It was removed: whatever is under way for it is for nothing. */
  gone = false;

  constructor(stored: StoredWish, compiled: CompiledWish) {
    this.stored = stored;
    this.compiled = compiled;
    this.present = !stored.registered;
  }

  get spec(): WishSpec {
    return this.stored.spec;
  }

  /** How it stands, by the clock. */
  state(now: number): WishState {
    const { mode, until } = this.stored;
    if (mode === 'done') return mode;
    if (this.refused) return 'refused';
    if ((this.spec.expires ?? Number.POSITIVE_INFINITY) <= now) return 'expired';
    if (mode === 'snoozed' && (until ?? 0) <= now) return 'active';
    return mode;
  }

  /** As many contents were found as were wanted, told or not. */
  get satisfied(): boolean {
    return foundEnough(this.stored, this.waitingNew);
  }

  /** As many were told as were wanted. */
  get complete(): boolean {
    return foundEnough(this.stored);
  }

  /** Whether searches are made for it, now or when it is no longer put off. */
  get wanted(): boolean {
    const { mode } = this.stored;
    return (
      this.present &&
      !this.gone &&
      (mode === 'active' || mode === 'snoozed') &&
      !this.refused &&
      !this.satisfied &&
      this.compiled.spellings.length > 0
    );
  }

  /**
   * What the planner looks at, in its own time.
   * @param skew what that is behind the clock, in milliseconds
   */
  candidate(skew = 0): Candidate {
    const { spec, stored } = this;
    const { everyMs = DEFAULT_EVERY_MS } = spec;
    const inTime = (at: number | undefined) => (at === undefined ? undefined : at - skew);
    return {
      seq: stored.seq,
      everyMs,
      atMostMs: Math.max(everyMs, spec.atMostMs ?? DEFAULT_AT_MOST_MS),
      priority: spec.priority ?? DEFAULT_PRIORITY,
      deadline: inTime(spec.deadline),
      expires: inTime(spec.expires),
      notBefore: stored.mode === 'snoozed' ? inTime(stored.until) : undefined,
      createdAt: stored.createdAt - skew,
      spellings: this.compiled.keys,
      variant: stored.variant,
      fruitless: stored.fruitless,
      lastTurn: stored.lastTurn === undefined ? undefined : stored.lastTurn - stored.doc.skew,
      boostedAt: inTime(stored.boostedAt),
    };
  }
}

/** Whether a wish has found as many contents as are wanted. @param waiting those that wait to be told */
export function foundEnough({ spec, finds, doc }: StoredWish, waiting = 0): boolean {
  return spec.completeAfter !== undefined && finds - doc.base + waiting >= spec.completeAfter;
}
