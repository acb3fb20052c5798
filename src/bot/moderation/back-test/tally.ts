import type { Consequence, ModerationMode } from '../../../plugins/api/cases.ts';
import type { ModerationConfig } from '../../config/moderation-config.ts';
import type { Rule } from '../rules/rule-book.ts';
import { modeOf, Settings } from '../rules/settings.ts';
import type { TestedCase } from './back-test.ts';
import type { Replayed, ReplayedVerdict } from './replay.ts';

/** Lines that a report shows of each rule. */
const MAX_SAMPLES = 50;

/** One thing that a rule objected to. */
export interface TestedLine {
  readonly at: number;
  readonly room: string;
  readonly user: string;
  /** Of a line; absent for an arrival. */
  readonly text?: string;
  readonly points: number;
  readonly reason: string;
  /** Nothing would have followed, since they are that. */
  readonly protection?: string;
}

/** What a rule would have done. */
export interface RuleTestReport {
  readonly rule: string;
  readonly summary: string;
  readonly version: string;
  /** Which it has outside of rooms with settings of their own. */
  readonly mode: ModerationMode;
  /** Objections to people to whom something may happen. */
  readonly objections: number;
  /** Cases that would have been made of them. */
  readonly cases: number;
  /** People of whom cases would have been made, by how many; the most first. */
  readonly people: readonly { readonly user: string; readonly cases: number }[];
  /** Objections to staff and owners, to whom nothing happens; and to those who are exempt. */
  readonly staff: number;
  readonly exempt: number;
  /** Times it failed, and with which words last. */
  readonly failures: number;
  readonly error?: string;
  /** What would have followed: how often. */
  readonly consequences: Readonly<Record<Consequence, number>>;
  /** The first of them, oldest first. */
  readonly lines: readonly TestedLine[];
}

/** Counts what one rule would have done. */
export class RuleTally {
  readonly #rule: Rule;
  readonly #mode: ModerationMode;
  readonly #people = new Map<string, number>();
  readonly #consequences: Record<Consequence, number> = {};
  readonly #lines: TestedLine[] = [];
  #objections = 0;
  #cases = 0;
  #staff = 0;
  #exempt = 0;
  #failures = 0;
  #error: string | undefined;

  constructor(rule: Rule, moderation: ModerationConfig) {
    this.#rule = rule;
    this.#mode = modeOf(new Settings(moderation).rule(rule.name, '').mode) ?? 'shadow';
  }

  heard({ of: { what }, protection }: Replayed, { verdict, error }: ReplayedVerdict): void {
    if (verdict === undefined) {
      this.#failures += 1;
      this.#error = error;
      return;
    }
    if (protection === undefined) this.#objections += 1;
    else if (protection === 'exempt') this.#exempt += 1;
    else this.#staff += 1;
    if (this.#lines.length >= MAX_SAMPLES) return;
    this.#lines.push({
      at: what.at,
      room: what.room.name,
      user: what.user,
      ...(what.kind === 'line' && { text: what.text }),
      points: verdict.points,
      reason: verdict.reason,
      ...(protection !== undefined && { protection }),
    });
  }

  opened({ user, consequence }: TestedCase): void {
    this.#cases += 1;
    this.#people.set(user, (this.#people.get(user) ?? 0) + 1);
    this.#consequences[consequence] = (this.#consequences[consequence] ?? 0) + 1;
  }

  report(): RuleTestReport {
    const { name: rule, spec } = this.#rule;
    const people = [...this.#people]
      .map(([user, cases]) => ({ user, cases }))
      .sort((a, b) => b.cases - a.cases || (a.user < b.user ? -1 : 1));
    return {
      rule,
      summary: spec.summary,
      version: spec.version,
      mode: this.#mode,
      objections: this.#objections,
      cases: this.#cases,
      people,
      staff: this.#staff,
      exempt: this.#exempt,
      failures: this.#failures,
      ...(this.#error !== undefined && { error: this.#error }),
      consequences: this.#consequences,
      lines: this.#lines,
    };
  }
}
