import { matchesPath } from '../../../network/search/match-path.ts';
import type { Log } from '../../../platform/log.ts';
import type { SearchHit } from '../../../plugins/api/search.ts';
import { emptyTally, type SpellingHistory } from '../../store/wish-rows.ts';
import type { WishBook } from '../../store/wishes.ts';
import type { Settling } from '../collecting/settling.ts';
import { countDrop } from '../collecting/tally.ts';
import type { LiveWish } from '../live-wish.ts';
import type { Pace } from '../planner/pace.ts';
import { afterTurn, shareOf } from '../planner/take-turn.ts';
import { isLive } from '../planner/timetable.ts';
import type { Work } from '../work.ts';
import { giveBack } from './give-back.ts';
import type { Member, Turn, TurnPlan } from './turn.ts';

export interface TurnKeeperOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly work: Work;
  readonly book: WishBook;
  readonly pace: Pace;
  readonly settling: Settling;
  /** Who we are: our own files are no finds. */
  readonly self: string;
  /** Wishes that share the slot. */
  readonly network: () => Iterable<LiveWish>;
  readonly isIgnored: (instance: string, user: string) => boolean;
  /** Something has changed that the planner looks at. */
  readonly onChange: (wish: LiveWish) => void;
}

/** Notes what turns do to wishes: when they were sent, what arrived, and whether they count. */
export class TurnKeeper {
  readonly #options: TurnKeeperOptions;

  constructor(options: TurnKeeperOptions) {
    this.#options = options;
  }

  /** A search left. @returns who takes its results: also other wishes with the same query, whichever plugin has them. */
  sent(plan: TurnPlan): ReadonlyMap<LiveWish, Member> {
    const { network, onChange, pace } = this.#options;
    const { target, spelling, chosen, decided } = plan;
    const now = this.#options.now();
    if (decided !== undefined) pace.took(decided);
    const members = new Map<LiveWish, Member>();
    for (const wish of new Set(target.kind === 'network' ? [...chosen, ...network()] : chosen)) {
      const own = wish.compiled.spellings.find(({ key }) => key === spelling);
      const candidate = wish.candidate();
      if (own === undefined || !wish.wanted || !isLive(candidate, now)) continue;
      const guest = !chosen.includes(wish) && shareOf(candidate, spelling) !== 'turn';
      const late = wish.stored.late && !guest;
      const askedBefore = this.#take(wish, plan, now, guest);
      members.set(wish, { query: own.query, late, guest, askedBefore });
      onChange(wish);
    }
    this.#save([...members.keys()]);
    return members;
  }

  hit({ plan }: Turn, wish: LiveWish, member: Member, hit: SearchHit): void {
    const { isIgnored, self, settling } = this.#options;
    if (hit.user === self || wish.gone) return;
    const { doc, instance } = wish.stored;
    doc.last.arrived++;
    doc.total.arrived++;
    const history = doc.history.get(plan.spelling);
    if (history) history.hits++;
    settling.touched(wish);
    const drop = (filter: string, detail: string): void => {
      countDrop(doc.last, filter, hit, detail);
      countDrop(doc.total, filter, hit, detail);
    };
    if (isIgnored(instance, hit.user)) drop('ignored-user', 'results of this user do not count');
    else if (!matchesPath(member.query, hit.path)) drop('query', 'the path does not match the whole query');
    else {
      const verdict = wish.compiled.test.check(hit);
      if (!verdict.passes) drop(verdict.filter ?? 'filter', verdict.detail ?? '');
      else if (!settling.add(wish, hit, member)) drop('limit', 'too many results wait to be looked at');
    }
  }

  heard({ members }: Turn): void {
    const { onChange } = this.#options;
    for (const [wish, { guest }] of members) {
      if (guest) continue;
      Object.assign(wish.stored, { heard: true, cuts: 0 });
      onChange(wish);
    }
    this.#save([...members.keys()]);
  }

  /** Nobody can have answered in time: the wish has its turn again before others, but not a third time. */
  cut({ members, plan }: Turn): void {
    if (plan.target.kind === 'user') return;
    for (const [wish, { guest }] of members) {
      if (guest) continue;
      if (wish.collection.finds === 0 && wish.collection.size === 0) giveBack(wish.stored);
      wish.stored.heard = true;
      this.#options.onChange(wish);
    }
    this.#save([...members.keys()]);
  }

  /** @returns when the same was asked before. */
  #take(wish: LiveWish, plan: TurnPlan, now: number, guest: boolean): number | undefined {
    const { target, spelling } = plan;
    const { stored } = wish;
    const { doc, lastTurn, fruitless, variant } = stored;
    const { skew } = doc;
    const { scope = 'network' } = wish.spec;
    const own = (scope === 'network') === (target.kind === 'network');
    const history: SpellingHistory = doc.history.get(spelling) ?? { turns: 0, hits: 0 };
    history.turns++;
    const round = plan.round ?? now;
    if (own && history.at !== round) {
      history.previous = history.at;
      history.at = round;
    }
    const askedBefore = own ? history.previous : history.at;
    doc.history.set(spelling, history);
    wish.collection.begin();
    if (guest) return askedBefore;
    stored.turns++;
    // What somebody who comes online is asked is beside the wish's own turns.
    if (target.kind === 'user' && (wish.spec.whenOnline?.includes(target.user) ?? false))
      doc.online.set(target.user, now);
    if (!own) return askedBefore;
    doc.before = { ...(lastTurn !== undefined && { lastTurn }), skew, fruitless, variant };
    doc.skew = target.kind === 'network' ? this.#options.pace.skew : 0;
    doc.last = emptyTally();
    Object.assign(stored, afterTurn(wish.candidate(), spelling, now), { heard: false, late: false });
    return askedBefore;
  }

  #save(wishes: readonly LiveWish[]): void {
    const { book, log, work } = this.#options;
    const kept = wishes.filter(({ gone }) => !gone).map(({ stored }) => stored);
    if (kept.length === 0) return;
    work
      .run(() => book.save(kept))
      .catch((error: unknown) => {
        // Whatever is noted of these wishes next says this too.
        log.warn('A turn of a wish could not be noted', { error });
      });
  }
}
