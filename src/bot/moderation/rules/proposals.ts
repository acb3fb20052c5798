import type { StatePort } from '../../../network/ports.ts';
import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { formatDuration } from '../../../plugins/api/duration.ts';
import type { BackTestReport } from '../back-test/back-test.ts';
import { reportText, ruleSentence } from '../back-test/report-text.ts';
import type { StaffNotice } from '../voice.ts';
import type { Rule, RuleBook } from './rule-book.ts';
import type { Settings } from './settings.ts';

export interface ProposalsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: StatePort;
  readonly rules: RuleBook;
  readonly settings: Settings;
  /** Rooms of the config. */
  readonly rooms: readonly string[];
  /** What the rules would have done since then. */
  readonly test: (rules: readonly Rule[], since: number) => Promise<BackTestReport>;
  readonly tell: (notice: StaffNotice) => Promise<unknown>;
}

interface InShadow {
  readonly version: string;
  readonly since: number;
  readonly proposed?: boolean;
}

const STATE = 'moderation-shadow';
const MAX_LINES = 10;
const HOUR_MS = 3_600_000;

/** Rules that have been in shadow long enough are proposed to go live, with what they would have done. Nothing goes live by itself. */
export class Proposals {
  readonly #options: ProposalsOptions;
  #shadow: Map<string, InShadow> | undefined;
  #work: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: ProposalsOptions) {
    this.#options = options;
    options.rules.onAdded(() => this.look());
  }

  /** Looks which rules are in shadow, and proposes those that are due. Never throws. */
  look(): void {
    const { settings, log } = this.#options;
    if (settings.config.proposeMs === undefined || this.#stopped) return;
    this.#work = this.#work
      .then(() => this.#look())
      .catch((error: unknown) => log.error('Rules in shadow could not be looked after', { error }));
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#work;
  }

  async #look(): Promise<void> {
    const { clock, rules, settings } = this.#options;
    const { proposeMs = Number.POSITIVE_INFINITY } = settings.config;
    const now = clock.now();
    const shadow = await this.#load();
    let changed = false;
    for (const { name, spec } of rules.all) {
      const known = shadow.get(name);
      if (!this.#isInShadow(name)) changed = shadow.delete(name) || changed;
      else if (known?.version !== spec.version) {
        shadow.set(name, { version: spec.version, since: now });
        changed = true;
      }
    }
    const due = [...shadow].flatMap(([name, entry]) => {
      const rule = rules.get(name);
      const isDue = entry.proposed !== true && entry.since + proposeMs <= now;
      return isDue && rule !== undefined ? [{ rule, entry }] : [];
    });
    if (due.length > 0) {
      await this.#propose(due, now);
      for (const { rule, entry } of due) shadow.set(rule.name, { ...entry, proposed: true });
      changed = true;
    }
    if (changed) await this.#save(shadow);
    this.#schedule(shadow, proposeMs);
  }

  #isInShadow(name: string): boolean {
    const { settings, rooms } = this.#options;
    if (settings.isDistrusted(name)) return false;
    return rooms.some((room) => settings.rule(name, room).mode === 'shadow');
  }

  async #propose(
    due: readonly { readonly rule: Rule; readonly entry: InShadow }[],
    now: number,
  ): Promise<void> {
    const { test, tell, settings } = this.#options;
    const since = Math.min(...due.map(({ entry }) => entry.since));
    const report = await test(
      due.map(({ rule }) => rule),
      since,
    );
    const ceiling = settings.config.mode === 'shadow' ? ' and moderation.mode: live' : '';
    for (const { rule, entry } of due) {
      const found = report.rules.find((one) => one.rule === rule.name);
      if (found === undefined) continue;
      const time = formatDuration(Math.floor((now - since) / HOUR_MS) * HOUR_MS);
      const how = `moderation.rules."${rule.name}".mode: live${ceiling}`;
      await tell({
        key: `propose-${rule.name}-${entry.version}-${entry.since}`,
        title: `In shadow for ${time}: ${ruleSentence(found)}. To go live: ${how}`,
        lines: reportText({ ...report, rules: [found] }, MAX_LINES),
      });
    }
  }

  async #load(): Promise<Map<string, InShadow>> {
    if (this.#shadow !== undefined) return this.#shadow;
    const doc = await this.#options.state.load(STATE);
    const stored = doc === undefined ? {} : (JSON.parse(doc) as Record<string, InShadow>);
    this.#shadow = new Map(Object.entries(stored));
    return this.#shadow;
  }

  #save(shadow: ReadonlyMap<string, InShadow>): Promise<void> {
    return this.#options.state.save(STATE, JSON.stringify(Object.fromEntries(shadow)));
  }

  #schedule(shadow: ReadonlyMap<string, InShadow>, proposeMs: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { clock, rules } = this.#options;
    const due = [...shadow].flatMap(([name, { since, proposed }]) =>
      proposed === true || rules.get(name) === undefined ? [] : [since + proposeMs],
    );
    if (this.#stopped || due.length === 0) return;
    // A minute at least: what could not be told is tried again, and not at once.
    const wait = Math.max(60_000, Math.min(...due) - clock.now());
    this.#timer = clock.setTimeout(() => this.look(), wait);
  }
}
