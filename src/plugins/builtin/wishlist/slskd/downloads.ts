import type { Bot, Wish, WishFind, WishFinds } from '../../../api/index.ts';
import type { SlskdConfig, WishlistConfig } from '../config.ts';
import { dataOf } from '../declared.ts';
import { short } from '../telling/words-for-people.ts';
import { HandOver } from './hand-over.ts';
import { passed, takeShare } from './rule.ts';
import { sourcesOf } from './sources.ts';

/** What somebody was told last, and may have downloaded by an answer. */
interface Offer {
  readonly wish: string;
  readonly number: number;
}

const OFFER_TTL = '7d';
const KNOWN = 500;

/** Finds that become downloads: by somebody's word, or by rule. */
export class Downloads {
  readonly #bot: Bot<WishlistConfig>;
  readonly #config: SlskdConfig;
  readonly #handOver: HandOver;

  constructor(bot: Bot<WishlistConfig>, config: SlskdConfig) {
    this.#bot = bot;
    this.#config = config;
    this.#handOver = new HandOver(bot, config);
  }

  async start(): Promise<void> {
    const { user } = this.#bot.self;
    this.#bot.log.info(
      `slskd needs a Soulseek account of its own: with "${user}" the two would throw each other out`,
    );
    this.#bot.personal({
      what: 'downloads from you that are on their way',
      show: async (name) => (await this.#handOver.from(name)).map(({ label }) => label),
      forget: (name) => this.#handOver.forget(name),
    });
    await this.#handOver.start();
  }

  /** Whether this person may have something downloaded. */
  async allows(user: string): Promise<boolean> {
    const { allow } = this.#config;
    if (allow.length === 0) return true;
    const { roles } = await this.#bot.users.facts(user);
    return roles.includes('owner') || roles.some((role) => allow.includes(role));
  }

  /** Remembers what an answer is about. @returns whether there is anything to answer. */
  async offer(user: string, { wish, finds }: WishFinds): Promise<boolean> {
    const [best] = finds;
    if (best === undefined || dataOf(wish.options).get === 'no' || !(await this.allows(user))) return false;
    const offer: Offer = { wish: wish.id, number: best.number };
    await this.#bot.store.set(`offer/${user}`, offer, { ttl: OFFER_TTL });
    return true;
  }

  async offered(user: string): Promise<Offer | undefined> {
    return this.#bot.store.get<Offer>(`offer/${user}`);
  }

  /** What was offered last is settled. */
  async answered(user: string): Promise<void> {
    await this.#bot.store.delete(`offer/${user}`);
  }

  /** By rule, without anybody's word. */
  async consider(found: WishFinds): Promise<void> {
    const { wish, finds } = found;
    const { get } = dataOf(wish.options);
    if (this.#config.mode !== 'rule' || get === 'ask' || get === 'no') return;
    // A wish of the config that is nobody's in person is the owner's.
    const { user } = wish.options;
    if (user !== undefined && !(await this.allows(user))) return;
    const fitting = passed(finds, this.#config.rule);
    if (fitting.length === 0) return;
    const share = await takeShare(this.#bot.store, found, fitting.length, this.#config.rule.perDay);
    if (share < fitting.length)
      await this.#bot.why({
        what: 'download',
        reason: `${fitting.length - share} finds of wish ${wish.id} wait for approval: the rule allows ${this.#config.rule.perDay} a day`,
      });
    for (const find of fitting.slice(0, share)) await this.#order(wish, find, false, found.at);
  }

  /** By somebody's word. @returns what to answer. */
  async get(wish: Wish, number: number, whole: boolean, now: number): Promise<string> {
    const find = await this.#bot.wishlist.result(wish.id, number);
    if (find === undefined)
      return `Wish ${wish.id} has no result ${number}; "wish results ${wish.id}" shows them.`;
    if (dataOf(wish.options).get === 'no') return `Wish ${wish.id} says get=no.`;
    const { outcome, label, sources } = await this.#order(wish, find, whole, now);
    if (outcome === 'known') return `That is being downloaded already: ${label}`;
    if (outcome === 'full') return 'Too many downloads wait; try again later.';
    const others = sources > 1 ? `, and ${sources - 1} more have it` : '';
    const { trouble } = this.#handOver;
    const but = trouble === undefined ? '' : ` It waits, because ${trouble}.`;
    return `Getting ${label} from ${find.hit.user}${others}.${but}`;
  }

  async #order(wish: Wish, find: WishFind, whole: boolean, now: number) {
    const known = await this.#bot.wishlist.results(wish.id, { limit: KNOWN });
    const sources = sourcesOf(find, known, whole);
    const count = sources[0]?.files.length ?? 1;
    const folder = find.hit.folder.slice(find.hit.folder.lastIndexOf('\\') + 1);
    const label = short(whole && count > 1 ? `${folder} (${count} files)` : find.hit.name, 150);
    const outcome = await this.#handOver.order(
      {
        id: `${wish.id}:${find.number}${whole ? ':folder' : ''}`.replaceAll('/', '\\'),
        wish: wish.id,
        wisher: wish.options.user ?? '',
        label,
        sources,
      },
      now,
    );
    return { outcome, label, sources: sources.length };
  }
}
