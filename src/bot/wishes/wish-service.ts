import { PluginError } from '../../plugins/api/errors.ts';
import type { SearchHit } from '../../plugins/api/search.ts';
import type {
  Wish,
  WishPlan,
  WishProblem,
  WishQuery,
  WishResult,
  WishVerdict,
  WishWhy,
} from '../../plugins/api/wishlist.ts';
import type { DeliverFinds, WishesService } from '../../plugins/host/services.ts';
import type { WishSpec, WishSpecChange } from '../../plugins/host/wire.ts';
import { newWish, type StoredWish } from '../store/wish-rows.ts';
import type { WishEngine } from './engine.ts';
import { foundEnough, type LiveWish } from './live-wish.ts';
import { whoOf } from './memory/seen-key.ts';
import { Registrations } from './registrations.ts';
import { checkSpec, follow, respec } from './spec.ts';
import { whyOf } from './views.ts';

/** So many experiences with one user count; later ones weigh more that way. */
const MAX_EXPERIENCE = 100;

/** How a wish is changed. */
interface Update {
  readonly change: (stored: StoredWish) => void;
  /** What follows from it. */
  readonly afterwards?: () => void;
}

/** `bot.wishlist` for all plugins. */
export class WishServices implements WishesService {
  readonly #engine: WishEngine;
  readonly #registrations: Registrations;

  constructor(engine: WishEngine) {
    this.#engine = engine;
    this.#registrations = new Registrations(engine);
  }

  register(instance: string, id: string, spec: WishSpec, deliver: DeliverFinds | undefined): () => void {
    return this.#registrations.register(instance, id, spec, deliver);
  }

  onFinds(instance: string, deliver: DeliverFinds): () => void {
    return this.#registrations.onFinds(instance, deliver);
  }

  async add(instance: string, id: string | undefined, spec: WishSpec): Promise<Wish> {
    const { store } = this.#engine.options;
    const { registry, work } = this.#engine;
    this.#check(spec);
    return work.run(async () => {
      this.#registrations.checkRoom(instance);
      if (id !== undefined && registry.find(instance, id) !== undefined)
        throw new PluginError('conflict', `there is a wish ${JSON.stringify(id)} already`);
      const compiled = registry.compile(spec);
      const about = { instance, spec, registered: false, createdAt: this.#engine.now() };
      const fresh = newWish({ ...about, id: id ?? '' });
      const stored =
        id === undefined
          ? { ...fresh, ...(await store.wishes.insertNumbered(fresh)) }
          : { ...fresh, seq: await store.wishes.insert(fresh) };
      const wish = registry.add(stored, compiled);
      this.#engine.changed(wish);
      return this.#engine.view(wish);
    });
  }

  async change(instance: string, id: string, change: WishSpecChange): Promise<Wish> {
    return this.#update(instance, id, (wish) => {
      const before = wish.spec;
      const spec = merged(before, change);
      this.#check(spec);
      const compiled = this.#engine.registry.compile(spec);
      return {
        change(stored) {
          respec(stored, spec);
          if (stored.mode === 'done' && !foundEnough(stored)) stored.mode = 'active';
        },
        afterwards: () => follow(this.#engine, wish, { before, compiled }),
      };
    });
  }

  async remove(instance: string, id: string): Promise<boolean> {
    const { options, registry, work } = this.#engine;
    return work.run(async () => {
      const wish = registry.find(instance, id);
      if (wish === undefined) return false;
      await options.store.wishes.remove(wish.stored.seq);
      this.#engine.forgetWish(wish);
      return true;
    });
  }

  async get(instance: string, id: string): Promise<Wish | undefined> {
    return this.#look(() => {
      const wish = this.#engine.registry.find(instance, id);
      return wish && this.#engine.view(wish);
    });
  }

  async list(instance: string, { user, state, tag }: WishQuery): Promise<readonly Wish[]> {
    return this.#look(() =>
      [...this.#engine.registry.of(instance)]
        .filter(({ spec }) => user === undefined || spec.user === user)
        .filter(({ spec }) => tag === undefined || (spec.tags ?? []).includes(tag))
        .map((wish) => this.#engine.view(wish))
        .filter((wish) => state === undefined || state.includes(wish.state)),
    );
  }

  async pause(instance: string, id: string, until: number | undefined): Promise<Wish> {
    const mode = until === undefined ? 'paused' : 'snoozed';
    return this.#update(instance, id, () => ({ change: (stored) => Object.assign(stored, { mode, until }) }));
  }

  async resume(instance: string, id: string): Promise<Wish> {
    const now = this.#engine.options.clock.now();
    return this.#update(instance, id, ({ waitingNew }) => ({
      change(stored) {
        const { expires, ...spec } = stored.spec;
        if (expires !== undefined && expires <= now) stored.spec = spec;
        if (foundEnough(stored, waitingNew)) stored.doc.base = stored.finds + waitingNew;
        Object.assign(stored, { mode: 'active', until: undefined, fruitless: 0 });
      },
    }));
  }

  async boost(instance: string, id: string): Promise<Wish> {
    return this.#update(instance, id, async (wish): Promise<Update> => {
      const { scope = 'network' } = wish.spec;
      if (scope !== 'network') await this.#engine.cron.runNow(wish);
      const now = this.#engine.now();
      return {
        change(stored) {
          if (scope === 'network') stored.boostedAt ??= now;
        },
      };
    });
  }

  async results(instance: string, id: string, limit: number): Promise<readonly WishResult[]> {
    return this.#read(instance, id, (wish, { wishFinds }) => wishFinds.latest(wish.stored.seq, limit));
  }

  async result(instance: string, id: string, number: number): Promise<WishResult | undefined> {
    return this.#read(instance, id, (wish, { wishFinds }) => wishFinds.get(wish.stored.seq, number));
  }

  async why(instance: string, id: string): Promise<WishWhy> {
    return this.#look(() => {
      const wish = this.#engine.registry.get(instance, id);
      return whyOf(wish, this.#engine.view(wish));
    });
  }

  async forget(instance: string, id: string, user: string | undefined): Promise<number> {
    return this.#read(instance, id, (wish, { wishMemory }) =>
      wishMemory.forget(wish.stored, user === undefined ? undefined : whoOf(user)),
    );
  }

  async ignore(instance: string, user: string): Promise<void> {
    const { options, people, work } = this.#engine;
    await work.run(() => options.store.wishes.ignore(instance, user));
    people.ignore(instance, user);
  }

  async unignore(instance: string, user: string): Promise<boolean> {
    const { options, people, work } = this.#engine;
    await work.run(() => options.store.wishes.unignore(instance, user));
    return people.unignore(instance, user);
  }

  async ignored(instance: string): Promise<readonly string[]> {
    return this.#engine.people.ignored(instance);
  }

  async experience(instance: string, user: string, how: 'good' | 'bad'): Promise<void> {
    const { options, people, work } = this.#engine;
    await work.run(async () => {
      const { good, bad } = people.experience(instance, user) ?? { good: 0, bad: 0 };
      const shrink = good + bad >= MAX_EXPERIENCE ? 0.5 : 1;
      const after = {
        good: Math.floor(good * shrink) + (how === 'good' ? 1 : 0),
        bad: Math.floor(bad * shrink) + (how === 'bad' ? 1 : 0),
      };
      await options.store.wishes.learn(instance, user, after);
      people.learn(instance, user, after);
    });
  }

  async check(_instance: string, spec: WishSpec): Promise<readonly WishProblem[]> {
    return this.#check(spec);
  }

  async test(_instance: string, spec: WishSpec, hit: SearchHit): Promise<WishVerdict> {
    return this.#engine.registry.compile(spec).test.check(hit);
  }

  async plan(instance: string, ms: number): Promise<WishPlan> {
    return this.#look(() => this.#engine.forecast.plan(instance, ms));
  }

  /** @throws PluginError `invalid`, `bad-pattern` */
  #check(spec: WishSpec): readonly WishProblem[] {
    return checkSpec(this.#engine, spec);
  }

  /**
   * Changes how a wish stands. The change is made to a copy, which is stored; then to the wish itself, as far as it has come
   * meanwhile. Without the first nothing has changed.
   */
  async #update(
    instance: string,
    id: string,
    decide: (wish: LiveWish) => Update | Promise<Update>,
  ): Promise<Wish> {
    const { options, registry, work } = this.#engine;
    return work.run(async () => {
      const wish = registry.get(instance, id);
      const { change, afterwards } = await decide(wish);
      const copy = structuredClone(wish.stored);
      change(copy);
      await options.store.wishes.save([copy]);
      change(wish.stored);
      afterwards?.();
      registry.assess(wish);
      this.#engine.changed(wish);
      return this.#engine.view(wish);
    });
  }

  async #read<T>(
    instance: string,
    id: string,
    read: (wish: LiveWish, store: WishEngine['options']['store']) => Promise<T>,
  ): Promise<T> {
    const { options, registry, work } = this.#engine;
    return work.run(async () => read(registry.get(instance, id), options.store));
  }

  /** After everything that was asked for before. */
  #look<T>(look: () => T): Promise<T> {
    return this.#engine.work.run(async () => look());
  }
}

function merged(spec: WishSpec, change: WishSpecChange): WishSpec {
  const all = { ...spec, ...change };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as WishSpec;
}
