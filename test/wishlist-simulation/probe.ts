import { type Bot, definePlugin, type Plugin, type WishFinds } from '../../src/plugins/api/index.ts';
import type { ModelWish } from './catalogue.ts';
import type { Announcement, Telling } from './record.ts';

/** A find as the plugin keeps it; its key is the id of the finds and the place in them. */
type Kept = Omit<Announcement, 'id'>;

const PREFIX = 'told/';

/** A plugin that wishes, writes down what it is told, and remembers beside the bot how often it was called. */
export class Probe {
  readonly plugin: Plugin;
  /** Every call of a handler, also those of processes that were killed. */
  readonly tellings: Telling[] = [];
  /** So many calls from now on fail: half of them before anything was written, half after. */
  failures = 0;
  readonly #wishes: readonly ModelWish[];
  readonly #now: () => number;
  #bot: Bot | undefined;

  /** @param now milliseconds since the epoch of the simulation. @param epoch that epoch, by the bot's clock. */
  constructor(wishes: readonly ModelWish[], now: () => number, epoch: () => number) {
    this.#wishes = wishes;
    this.#now = now;
    this.plugin = definePlugin({
      name: 'probe',
      needs: ['search.run'],
      setup: (bot) => this.#setup(bot, epoch),
    });
  }

  /** As the plugin has it now. @throws Error when it was never loaded. */
  get bot(): Bot {
    if (this.#bot === undefined) throw new Error('The probe was never loaded');
    return this.#bot;
  }

  /** What was written down, in the order in which it was told. */
  static announcements(
    rows: readonly { readonly key: string; readonly value: unknown }[],
  ): readonly Announcement[] {
    return rows
      .filter(({ key }) => key.startsWith(PREFIX))
      .map(({ key, value }) => ({ id: key.slice(PREFIX.length).split('#')[0]!, ...(value as Kept) }))
      .sort((a, b) => a.toldAt - b.toldAt || compare(a.wish, b.wish) || a.number - b.number);
  }

  async #setup(bot: Bot, epoch: () => number): Promise<void> {
    this.#bot = bot;
    const told = (finds: WishFinds) => this.#told(bot, finds, epoch());
    bot.wishlist.onFinds(told);
    for (const { options, registered } of this.#wishes) {
      const { id } = options;
      if (registered) bot.wishlist({ ...options, id: id!, onFinds: told });
      else if ((await bot.wishlist.get(id!)) === undefined) await bot.wishlist.add(options);
    }
  }

  async #told(bot: Bot, { id, wish, finds, redelivered }: WishFinds, epoch: number): Promise<void> {
    this.tellings.push({
      id,
      wish: wish.id,
      at: this.#now(),
      redelivered,
      finds: finds.map(({ number, kind, hit }) => `${number} ${kind} ${hit.user} ${hit.path}`).join('\n'),
    });
    const fails = this.failures > 0;
    if (fails) this.failures -= 1;
    if (fails && this.failures % 2 === 1) throw new Error('The probe fails before it wrote');
    for (const [i, { number, kind, hit, late, at }] of finds.entries()) {
      const key = `${PREFIX}${id}#${i}`;
      const kept: Kept = {
        wish: wish.id,
        number,
        kind,
        user: hit.user,
        path: hit.path,
        size: hit.size,
        late,
        foundAt: at - epoch,
        toldAt: this.#now(),
      };
      // What was told before is not told again: that is what the id is for.
      if ((await bot.store.get(key)) === undefined) await bot.store.set(key, kept);
    }
    if (fails) throw new Error('The probe fails after it wrote');
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
