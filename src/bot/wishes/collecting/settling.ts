import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { SearchHit } from '../../../plugins/api/search.ts';
import { StoreError } from '../../store/store-error.ts';
import { KEPT_FINDS, type StoredBatch, type StoredFind, type WishFindBook } from '../../store/wish-finds.ts';
import type { WishMemory } from '../../store/wish-memory.ts';
import type { StoredWish } from '../../store/wish-rows.ts';
import type { WishBook } from '../../store/wishes.ts';
import type { LiveWish } from '../live-wish.ts';
import type { WishWeights } from '../ranking/weights.ts';
import type { WishesConfig } from '../wish-config.ts';
import type { Work } from '../work.ts';
import type { Waiting } from './collection.ts';
import { countDrops, type Drop, dropsOf } from './drops.ts';
import { type Finding, judgeAll, rank } from './findings.ts';

/** Results looked at in one go: some ten milliseconds. */
const SLICE = 1_000;
/** Results of one wish that wait, at most. */
const MAX_WAITING = 5_000;
/** Finds that are told together. */
const TOLD_TOGETHER = 100;
/** After the store could not be used, in milliseconds. */
const AGAIN_MS = 30_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What is known is noted as seen again this often, as a part of how long it is remembered. */
const REFRESH = 1 / 12;

export interface SettlingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly work: Work;
  readonly wishes: Pick<WishBook, 'save'>;
  readonly memory: Pick<WishMemory, 'lookup'>;
  readonly finds: Pick<WishFindBook, 'note'>;
  readonly config: Pick<WishesConfig, 'settleMs' | 'results' | 'memory'>;
  readonly weights: WishWeights;
  readonly experience: (
    instance: string,
    user: string,
  ) => { readonly good: number; readonly bad: number } | undefined;
  /** Something is to be told. */
  readonly onNews: (wish: LiveWish, batches: readonly StoredBatch[], finds: number) => void;
  /** It found what it can find in this turn. */
  readonly onEnough: (wish: LiveWish) => void;
}

/**
 * Looks at results some time after the first of them came, so that whole folders are there to be counted: what is news, what
 * is known. Both are noted in one step, together with what is to be told.
 */
export class Settling {
  readonly #options: SettlingOptions;
  /** When results of a wish are looked at, monotonic milliseconds; in this order. */
  readonly #due = new Map<LiveWish, number>();
  /** Results of all wishes that wait. */
  #waiting = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  /** Results that wait to be looked at. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Something was counted. */
  touched(wish: LiveWish): void {
    wish.collection.dirty = true;
    if (this.#due.has(wish) || this.#stopped) return;
    this.#due.set(wish, this.#options.clock.monotonic() + this.#options.config.settleMs);
    this.#arm();
  }

  /** A result passed. @returns false when there is no place for it. */
  add(wish: LiveWish, hit: SearchHit, { late, askedBefore }: Omit<Waiting, 'hit'>): boolean {
    if (this.#waiting >= this.#options.config.results.total || wish.collection.size >= MAX_WAITING)
      return false;
    if (wish.collection.add({ hit, late, askedBefore })) this.#waiting++;
    return true;
  }

  /** Nothing of it is wanted any more. */
  drop(wish: LiveWish): void {
    this.#waiting -= wish.collection.size;
    wish.collection.clear();
    this.#due.delete(wish);
  }

  /** Looks at everything that waits, and at nothing after that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    const all = [...this.#due.keys()];
    this.#due.clear();
    await Promise.all(
      all.map(async (wish) => {
        while (await this.#settle(wish));
      }),
    );
  }

  #arm(): void {
    this.#timer?.cancel();
    if (this.#stopped || this.#due.size === 0) return;
    const first = Math.min(...this.#due.values());
    this.#timer = this.#options.clock.setTimeout(() => this.#run(), first - this.#options.clock.monotonic());
  }

  #run(): void {
    const now = this.#options.clock.monotonic();
    for (const [wish, at] of [...this.#due]) {
      if (at > now) continue;
      this.#due.delete(wish);
      void this.#settle(wish).then((more) => {
        if (!more || this.#stopped) return;
        // The next slice has its turn after whatever else happens.
        this.#due.set(wish, this.#due.get(wish) ?? 0);
        this.#arm();
      });
    }
    this.#arm();
  }

  /** @returns whether there is more to look at. */
  async #settle(wish: LiveWish): Promise<boolean> {
    const { log, work } = this.#options;
    const { collection } = wish;
    const taken = collection.take(SLICE);
    const { cleared } = collection;
    const wanted = () => !wish.gone && collection.cleared === cleared;
    this.#waiting -= taken.length;
    try {
      await work.run(() => this.#look(wish, taken, wanted));
    } catch (error) {
      if (!wanted() || (error instanceof StoreError && error.code === 'closed')) return false;
      log.warn('Results of a wish could not be noted; another try follows', { wish: wish.stored.id, error });
      collection.putBack(taken);
      this.#waiting += taken.length;
      if (!this.#stopped) this.#due.set(wish, this.#options.clock.monotonic() + AGAIN_MS);
      this.#arm();
      return false;
    }
    return collection.size > 0;
  }

  /** @param wanted whether it still is: a wish may be changed or removed meanwhile. */
  async #look(wish: LiveWish, taken: readonly Waiting[], wanted: () => boolean): Promise<void> {
    const { clock, config, experience, finds, memory, weights } = this.#options;
    const { collection, stored, spec } = wish;
    if (!wanted()) return;
    const { whole, drops } = this.#whole(wish, taken);
    const minute = Math.floor(clock.now() / MINUTE_MS);
    const keep = config.memory.keepMs / MINUTE_MS;
    const ranked = rank(whole, {
      query: spec.query,
      weights,
      folderFiles: (hit) => collection.folderFiles(hit),
      experience: (user) => experience(stored.instance, user),
    });
    collection.settled();
    if (ranked.length === 0) {
      if (drops.length > 0 || collection.dirty)
        await this.#keep(
          wish,
          (after) => countDrops(after, drops),
          (copy) => this.#options.wishes.save([copy]),
        );
      return;
    }
    const known = await memory.lookup(
      stored.seq,
      [...new Set(ranked.flatMap(({ keys }) => [keys.source, keys.content, keys.folder]))],
      minute - keep,
    );
    if (!wanted()) return;
    const again = spec.tell?.again === true;
    const places = collection.places(config.results, KEPT_FINDS - wish.waiting);
    const judged = judgeAll(ranked, known, {
      telling: spec.tell,
      now: minute,
      awayBefore: minute - DAY_MS / MINUTE_MS,
      freshSince: again ? minute : minute - Math.ceil(keep * REFRESH),
      takePlace: (user) => places.take(user),
    });
    drops.push(...dropsOf(judged));
    const at = clock.now();
    let { nextNumber } = stored;
    const number = (finding: Finding, state: StoredFind['state']) => findOf(finding, state, nextNumber++, at);
    const news = groups(judged.news.map((finding) => number(finding, 'waiting')));
    const others = judged.known.map((finding) => number(finding, 'known'));
    const batches = await this.#keep(
      wish,
      (after) => {
        countDrops(after, drops);
        for (const tally of [after.doc.last, after.doc.total]) tally.passed += whole.length;
        after.nextNumber = nextNumber;
        after.seen += judged.newFiles;
        after.remembered += judged.newRows;
        if (judged.news.length > 0) Object.assign(after, { fruitless: 0, lastFind: at });
      },
      (copy) => finds.note(copy, { seen: judged.seen, news, known: others, at, most: config.memory.perWish }),
    );
    if (batches === undefined) return;
    places.keep();
    wish.waiting += judged.news.length;
    wish.waitingNew += judged.news.filter(({ kind }) => kind === 'new').length;
    if (batches.length > 0) this.#options.onNews(wish, batches, judged.news.length);
    if (wish.satisfied || collection.finds >= config.results.perWish) this.#options.onEnough(wish);
  }

  /** Stores a change to a copy of what is kept of a wish, then makes it: one that could not be stored did not happen. */
  async #keep<T>(
    { collection, stored }: LiveWish,
    change: (after: StoredWish) => void,
    store: (copy: StoredWish) => Promise<T>,
  ): Promise<T> {
    const copy = structuredClone(stored);
    change(copy);
    collection.dirty = false;
    try {
      const result = await store(copy);
      change(stored);
      // They are counted anew when the oldest are forgotten.
      Object.assign(stored, { seen: copy.seen, remembered: copy.remembered });
      return result;
    } catch (error) {
      collection.dirty = true;
      throw error;
    }
  }

  /** Those whose folders are as full as is wanted, and the others. */
  #whole({ collection, compiled }: LiveWish, taken: readonly Waiting[]): { whole: Waiting[]; drops: Drop[] } {
    const whole: Waiting[] = [];
    const drops: Drop[] = [];
    for (const one of taken) {
      const { hit } = one;
      const verdict = compiled.test.check(hit, { files: collection.folderFiles(hit) });
      if (verdict.passes) whole.push(one);
      else drops.push({ hit, filter: verdict.filter ?? 'filter', detail: verdict.detail ?? '' });
    }
    return { whole, drops };
  }
}

function findOf(finding: Finding, state: StoredFind['state'], number: number, at: number): StoredFind {
  const { passing, kind, content, reason } = finding;
  const { hit, folderFiles, score, parts, late } = passing;
  return {
    number,
    state,
    kind,
    hit,
    content,
    folderFiles,
    score,
    parts,
    at,
    late,
    ...(reason !== undefined && { reason }),
  };
}

function groups<T>(all: readonly T[]): readonly (readonly T[])[] {
  const found: T[][] = [];
  for (let from = 0; from < all.length; from += TOLD_TOGETHER)
    found.push(all.slice(from, from + TOLD_TOGETHER));
  return found;
}
