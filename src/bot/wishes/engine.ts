import type { Wish } from '../../plugins/api/wishlist.ts';
import type { DeliverFinds } from '../../plugins/host/services.ts';
import { Settling } from './collecting/settling.ts';
import type { WishEngineOptions } from './engine-options.ts';
import type { LiveWish } from './live-wish.ts';
import { KnownPeople } from './people.ts';
import { standingOf } from './planner/candidate.ts';
import { firstEligible } from './planner/choose-next.ts';
import { Forecast } from './planner/forecast.ts';
import { Timekeeping } from './planner/timekeeping.ts';
import { resolveWeights } from './ranking/weights.ts';
import { WishRegistry } from './registry.ts';
import { Slot } from './slot.ts';
import { Telling } from './telling/telling.ts';
import { Tidying } from './tidying.ts';
import { CronSearches } from './triggers/cron-searches.ts';
import { OnlineSearches } from './triggers/online-searches.ts';
import { TurnKeeper } from './turns/turn-keeper.ts';
import { Turns } from './turns/turns.ts';
import { viewOf } from './views.ts';
import { WishSearches } from './wish-searches.ts';
import { Work } from './work.ts';

/** Whose figures these are. */
const METRICS = 'wishes';

/** Searches that people leave running for years: what all its parts share, and what keeps them going. */
export class WishEngine {
  readonly registry: WishRegistry;
  readonly people = new KnownPeople();
  readonly work = new Work();
  readonly forecast: Forecast;
  readonly cron: CronSearches;
  readonly searches: WishSearches;
  readonly turns: Turns;
  readonly settling: Settling;
  readonly telling: Telling;
  readonly options: WishEngineOptions;
  /** What `onFinds` registered, by instance. */
  readonly #receivers = new Map<string, DeliverFinds>();
  readonly #online: OnlineSearches;
  readonly #slot: Slot;
  readonly #time: Timekeeping;
  readonly #tidying: Tidying;
  #undo: (() => void)[] = [];
  /** Seconds, as the server said in this session. */
  #interval: number | undefined;
  /** What the server excludes from answers, in lower case. */
  #excluded: readonly string[] = [];

  constructor(options: WishEngineOptions) {
    const { buddies, client, clock, config, isLoaded, log, note, store } = options;
    const { people, work } = this;
    this.options = options;
    this.registry = new WishRegistry(config.profiles, () => this.#excluded);
    const network = () => this.network();
    const interval = () => this.#seconds();
    const delay = () => client.governor.delay({ kind: 'wishlist', query: '' });
    this.#time = new Timekeeping({
      clock,
      log,
      network,
      intervalMs: () => interval() * 1000,
      all: () => this.registry.all(),
      onChange: (wishes) => {
        this.#save(wishes);
        this.forecast.invalidate();
      },
    });
    const { pace } = this.#time;
    this.forecast = new Forecast({ clock, wishes: network, interval, delay, pace });
    this.telling = new Telling({
      clock,
      log,
      work,
      finds: store.wishFinds,
      receiver: (wish) =>
        wish.present ? (wish.deliver ?? this.#receivers.get(wish.stored.instance)) : undefined,
      view: (wish) => this.view(wish),
      onTold: (wish) => this.changed(wish),
    });
    this.settling = new Settling({
      clock,
      log,
      work,
      config,
      wishes: store.wishes,
      memory: store.wishMemory,
      finds: store.wishFinds,
      weights: resolveWeights(config.weights),
      experience: (instance, user) => people.experience(instance, user),
      onNews: (wish, batches, found) => {
        this.#count('wish_finds', found);
        this.telling.add(wish, batches);
        this.changed(wish);
      },
      onEnough: (wish) => this.turns.leave(wish),
    });
    const keeper = new TurnKeeper({
      log,
      work,
      network,
      pace,
      book: store.wishes,
      settling: this.settling,
      self: client.username,
      now: () => this.now(),
      isIgnored: (instance, user) => people.isIgnored(instance, user),
      onChange: () => this.forecast.invalidate(),
    });
    this.turns = new Turns({
      clock,
      searches: client.searches,
      onSent: (plan) => {
        this.#count('wish_turns', 1);
        return keeper.sent(plan);
      },
      onHit: (turn, wish, member, hit) => keeper.hit(turn, wish, member, hit),
      onHeard: (turn) => {
        for (const wish of turn.members.keys()) this.registry.assess(wish);
        keeper.heard(turn);
      },
      onCut: (turn) => keeper.cut(turn),
    });
    this.searches = new WishSearches({
      clock,
      buddies,
      isLoaded,
      network,
      note,
      pace,
      turns: this.turns,
      slot: () => this.#slot,
    });
    this.cron = new CronSearches({
      jobs: options.scheduler,
      timezone: options.timezone,
      run: (wish) => this.searches.byCalendar(wish),
    });
    this.#online = new OnlineSearches({
      clock,
      watch: (user) => client.users.watch(user),
      run: (wish, user) => this.searches.online(wish, user),
    });
    this.#tidying = new Tidying({
      clock,
      log,
      work,
      store,
      registry: this.registry,
      keepMs: config.memory.keepMs,
      onGone: (wish) => this.forgetWish(wish),
    });
    this.#slot = new Slot({
      clock,
      interval,
      delay,
      firstEligible: () => {
        this.#time.lookAtClock();
        const { skew } = pace;
        return firstEligible([...this.network()].map((wish) => standingOf(wish.candidate(skew)))) + skew;
      },
      onReady: () => this.#time.ready(),
      turn: () => this.searches.slotTurn(),
      failed: (error) => log.error('A turn of the wishlist failed', { error }),
    });
  }

  /** Work and deliveries that are under way. */
  get active(): number {
    return this.work.active + this.telling.active;
  }

  /** Takes up what an earlier run left. Once, before plugins are loaded. @throws StoreError (as rejection). */
  async load(): Promise<void> {
    const { client, store } = this.options;
    const stored = await store.wishes.load();
    this.#time.takeUp(stored);
    for (const one of stored) this.cron.update(this.registry.revive(one));
    const waiting = await store.wishFinds.waiting();
    for (const { wish: seq, all, fresh } of waiting) {
      const wish = this.registry.bySeq(seq);
      if (wish !== undefined) Object.assign(wish, { waiting: all, waitingNew: fresh });
    }
    for (const batch of await store.wishFinds.batches()) {
      const wish = this.registry.bySeq(batch.wish);
      if (wish !== undefined) this.telling.add(wish, [batch]);
    }
    this.people.load(await store.wishes.ignored(), await store.wishes.experience());
    this.#undo = [
      client.on('state', ({ state }) => {
        if (state.name !== 'online') this.#interval = undefined;
        this.#slot.session(state);
      }),
      client.on('wishlist.interval', ({ seconds }) => {
        this.#interval = seconds;
        this.forecast.invalidate();
        this.#slot.interval();
      }),
      client.on('excluded.phrases', ({ phrases }) => {
        this.#excluded = phrases.filter((phrase) => phrase !== '').map((phrase) => phrase.toLowerCase());
        for (const wish of this.registry.all()) {
          const { refused } = wish;
          this.registry.assess(wish);
          if (wish.refused !== refused) this.changed(wish);
        }
      }),
      client.on('user.status', (status) => this.#online.status(status)),
    ];
  }

  /** Begins to search and to tell. */
  start(): void {
    for (const wish of this.registry.all()) this.#online.update(wish);
    this.#slot.start(this.options.client.state);
    this.telling.start();
    this.#tidying.start();
  }

  /** Searches and tells nothing any more. */
  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#tidying.stop();
    this.#slot.stop();
    this.#online.stop();
    this.telling.stop();
    this.turns.stop();
  }

  /** After {@link stop}: notes what was collected. Never rejects. */
  async close(): Promise<void> {
    await this.settling.stop();
    await this.work.idle();
  }

  /** Wishes that share the slot. */
  *network(): Generator<LiveWish> {
    const loaded = new Map<string, boolean>();
    for (const wish of this.registry.all()) {
      const { scope = 'network' } = wish.spec;
      if (scope !== 'network' || !wish.wanted) continue;
      const { instance } = wish.stored;
      const isLoaded = loaded.get(instance) ?? this.options.isLoaded(instance);
      loaded.set(instance, isLoaded);
      if (isLoaded) yield wish;
    }
  }

  /** What the clock says, after it was looked at whether it was set. */
  now(): number {
    return this.#time.now();
  }

  view(wish: LiveWish): Wish {
    const now = this.options.clock.now();
    const active = wish.wanted && wish.state(now) !== 'expired';
    const next = active ? (this.forecast.next(wish) ?? this.cron.next(wish, now)) : undefined;
    return viewOf(wish, now, next);
  }

  /** Something about a wish has changed that searching hangs on. */
  changed(wish: LiveWish): void {
    this.forecast.invalidate();
    this.cron.update(wish);
    this.#online.update(wish);
    if (!wish.wanted) {
      this.searches.abort(wish);
      this.turns.leave(wish);
    }
    this.#slot.look();
    this.#tidying.wake();
  }

  /** Who hears of the finds of a plugin's wishes that have nobody else; undefined: nobody. */
  receive(instance: string, deliver: DeliverFinds | undefined): void {
    if (deliver === undefined) this.#receivers.delete(instance);
    else this.#receivers.set(instance, deliver);
    this.telling.again((wish) => wish.stored.instance === instance);
  }

  /** Nobody wants it any more. */
  forgetWish(wish: LiveWish): void {
    this.registry.remove(wish);
    this.settling.drop(wish);
    this.telling.drop(wish);
    this.changed(wish);
  }

  /** Seconds between two wishlist searches; 0: none. */
  #seconds(): number {
    return this.#interval ?? this.options.client.searches.wishlistInterval;
  }

  #save(wishes: readonly LiveWish[]): void {
    const { log, store } = this.options;
    if (wishes.length === 0) return;
    const stored = wishes.map((wish) => wish.stored);
    this.work
      .run(() => store.wishes.save(stored))
      .catch((error: unknown) => {
        log.warn('How wishes stand could not be noted', { error });
      });
  }

  #count(name: string, by: number): void {
    if (by > 0) this.options.metrics.record(METRICS, [{ name, labels: {}, kind: 'count', by }], 0);
  }
}
