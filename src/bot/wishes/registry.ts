import { PluginError } from '../../plugins/api/errors.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import type { StoredWish } from '../store/wish-rows.ts';
import { isFatal, problemsOf } from './hygiene/problems.ts';
import { type CompiledWish, compileWish, LiveWish } from './live-wish.ts';
import type { WishesConfig } from './wish-config.ts';

/** Wishes of one plugin. */
const MAX_WISHES = 2_000;

/** All wishes, by plugin and id. */
export class WishRegistry {
  readonly #profiles: WishesConfig['profiles'];
  readonly #excluded: () => readonly string[];
  readonly #bySeq = new Map<number, LiveWish>();
  readonly #byInstance = new Map<string, Map<string, LiveWish>>();

  constructor(profiles: WishesConfig['profiles'], excludedPhrases: () => readonly string[]) {
    this.#profiles = profiles;
    this.#excluded = excludedPhrases;
  }

  /** In the order in which they were made. */
  all(): Iterable<LiveWish> {
    return this.#bySeq.values();
  }

  get size(): number {
    return this.#bySeq.size;
  }

  of(instance: string): Iterable<LiveWish> {
    return this.#byInstance.get(instance)?.values() ?? [];
  }

  bySeq(seq: number): LiveWish | undefined {
    return this.#bySeq.get(seq);
  }

  find(instance: string, id: string): LiveWish | undefined {
    return this.#byInstance.get(instance)?.get(id);
  }

  /** @throws PluginError `not-found` */
  get(instance: string, id: string): LiveWish {
    const wish = this.find(instance, id);
    if (wish === undefined) throw new PluginError('not-found', `there is no wish ${JSON.stringify(id)}`);
    return wish;
  }

  /** @param coming wishes that are about to be added. @throws PluginError `too-many` */
  checkRoom(instance: string, coming: number): void {
    if ((this.#byInstance.get(instance)?.size ?? 0) + coming >= MAX_WISHES)
      throw new PluginError('too-many', `a plugin can have ${MAX_WISHES} wishes`);
  }

  /** @throws PluginError `invalid`, `bad-pattern` */
  compile(spec: WishSpec): CompiledWish {
    return compileWish(spec, this.#profiles);
  }

  add(stored: StoredWish, compiled: CompiledWish): LiveWish {
    const wish = new LiveWish(stored, compiled);
    this.#bySeq.set(stored.seq, wish);
    const own = this.#byInstance.get(stored.instance) ?? new Map<string, LiveWish>();
    this.#byInstance.set(stored.instance, own.set(stored.id, wish));
    this.assess(wish);
    return wish;
  }

  /** A wish of an earlier run, whatever has become of what it refers to. */
  revive(stored: StoredWish): LiveWish {
    try {
      return this.add(stored, this.compile(stored.spec));
    } catch (error) {
      const nothing = { spellings: [], keys: [], test: this.compile({ query: stored.spec.query }).test };
      const wish = this.add(stored, nothing);
      const message = error instanceof Error ? error.message : String(error);
      wish.problems = [{ code: 'bad-filter', message }, ...wish.problems];
      wish.refused = true;
      return wish;
    }
  }

  remove(wish: LiveWish): void {
    wish.gone = true;
    this.#bySeq.delete(wish.stored.seq);
    const own = this.#byInstance.get(wish.stored.instance);
    if (own?.get(wish.stored.id) === wish) own.delete(wish.stored.id);
  }

  /** Looks anew at what may be wrong with it. */
  assess(wish: LiveWish): void {
    if (wish.problems.some(({ code }) => code === 'bad-filter')) return;
    const { history } = wish.stored.doc;
    let turns = 0;
    let arrived = 0;
    for (const one of history.values()) {
      turns += one.turns;
      arrived += one.hits;
    }
    wish.problems = problemsOf(wish.spec, {
      excludedPhrases: this.#excluded(),
      ...(turns > 0 && { history: { turns, arrived, spellings: history.size } }),
    });
    wish.refused = wish.problems.some(isFatal);
  }

  /** @throws PluginError `invalid`, `bad-pattern` */
  checkSpec(spec: WishSpec): ReturnType<typeof problemsOf> {
    this.compile(spec);
    return problemsOf(spec, { excludedPhrases: this.#excluded() });
  }
}
