import type { Log } from '../../../platform/log.ts';
import type { CaseBook } from '../../store/cases.ts';
import type { Rule, RuleBook } from './rule-book.ts';
import type { Settings } from './settings.ts';

export interface TrustOptions {
  readonly log: Log;
  readonly book: Pick<CaseBook, 'overturned'>;
  readonly rules: RuleBook;
  readonly settings: Settings;
  /** A rule goes back to shadow. */
  readonly lost: (rule: string, overturned: number, of: number) => Promise<unknown>;
}

/**
 * Rules whose cases are overturned too often go back to shadow by themselves. They come back with another version, or when the
 * config says since when they are trusted again.
 */
export class Trust {
  readonly #options: TrustOptions;
  readonly #checking = new Set<Promise<void>>();

  constructor(options: TrustOptions) {
    this.#options = options;
    options.rules.onAdded((rule) => this.#begin(rule));
  }

  /** Resolves when it is known of every rule that there is. */
  async known(): Promise<void> {
    if (this.#checking.size > 0) await Promise.all(this.#checking);
  }

  /** An appeal was granted. @throws StoreError (as rejection). */
  async overturned(name: string): Promise<void> {
    const rule = this.#options.rules.get(name);
    if (rule === undefined) return;
    const overturned = await this.#check(rule);
    if (overturned !== undefined)
      await this.#options.lost(name, overturned, this.#options.settings.config.overturned.of);
  }

  #begin(rule: Rule): void {
    const checking: Promise<void> = this.#check(rule)
      .then(() => {})
      .catch((error: unknown) => {
        this.#options.log.error('How a rule has fared cannot be read', { rule: rule.name, error });
      })
      .finally(() => this.#checking.delete(checking));
    this.#checking.add(checking);
  }

  /** @returns how many were overturned, when that is news and too many. */
  async #check({ name, spec }: Rule): Promise<number | undefined> {
    const { book, settings } = this.#options;
    const { count, of } = settings.config.overturned;
    if (count === 0) return undefined;
    const since = settings.config.rules[name]?.trustedSince ?? 0;
    const overturned = await book.overturned(name, spec.version, { last: of, since });
    return settings.distrust(name, overturned >= count) && overturned >= count ? overturned : undefined;
  }
}
