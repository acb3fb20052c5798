import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { withTimeout } from '../../../platform/time.ts';
import { formatDuration } from '../../../plugins/api/duration.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { RuleLine, Verdict } from '../../../plugins/api/rule.ts';
import type { People } from '../people.ts';
import { Bench, PATIENCE_MS } from './bench.ts';
import type { Memories } from './memories.ts';
import type { Arrival, RoomMemory } from './room-memory.ts';
import type { Rule, RuleBook } from './rule-book.ts';
import { concerns, contextOf, hasExemptRole, isTooMuch } from './rule-context.ts';
import type { Settings } from './settings.ts';
import { byMode, type Objection, type Objections, objection } from './verdicts.ts';

export interface JudgeOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: RuleBook;
  readonly memories: Memories;
  readonly people: People;
  readonly settings: Settings;
  /** Decides what follows; rejects when it cannot be written down. */
  readonly decide: (objections: Objections, of: Arrival, lines: readonly RuleLine[]) => Promise<void>;
  /** A rule is not asked for a while. */
  readonly benched: (rule: string, why: string, ms: number) => void;
}

/** Lines before the one that is judged that a case shows. */
const LINES_AROUND = 10;
const AROUND_MS = 600_000;

/** Asks rules about what happens in rooms. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #bench: Bench;
  /** What rules with patience are still asked. */
  readonly #slow = new Set<Promise<void>>();
  #passedOver = 0;
  #stopped = false;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#bench = new Bench(options.clock);
  }

  /** Answers of rules with patience that are waited for. */
  get active(): number {
    return this.#slow.size;
  }

  /** What rules with patience say from now on comes too late. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Resolves when it is decided what follows of what quick rules say; what follows goes on, and what rules with patience say of
   * an arrival is decided when they have said it. In bounded time, and never rejects.
   */
  async judge(of: Arrival): Promise<void> {
    const { memories, people, log } = this.#options;
    const { what } = of;
    const { name: room } = what.room;
    if (people.protection(what.user, of.people) !== undefined) return;
    const memory = memories.of(room);
    const rules = this.#rulesFor(of);
    if (rules.length === 0) return;
    if (isTooMuch(memory, of)) {
      this.#passedOver += 1;
      if (/^10*$/.test(String(this.#passedOver)))
        log.warn('Lines are not judged: too many at once', {
          room,
          user: what.user,
          sofar: this.#passedOver,
        });
      return;
    }
    for (const rule of rules.filter(isPatient)) {
      const asked: Promise<void> = this.#judgeBy([rule], of, memory).finally(() => this.#slow.delete(asked));
      this.#slow.add(asked);
    }
    await this.#judgeBy(
      rules.filter((rule) => !isPatient(rule)),
      of,
      memory,
    );
  }

  async #judgeBy(rules: readonly Rule[], of: Arrival, memory: RoomMemory): Promise<void> {
    const { decide, log } = this.#options;
    const { what } = of;
    const found = await Promise.all(rules.map((rule) => this.#ask(rule, of)));
    const objections = found.filter((one) => one !== undefined);
    if (objections.length === 0 || (this.#stopped && rules.some(isPatient))) return;
    const lines = memory.linesBefore(of.before.lines, what.at - AROUND_MS, LINES_AROUND);
    for (const one of byMode(objections)) {
      try {
        await decide(one, of, what.kind === 'line' ? [...lines, what] : lines);
      } catch (error) {
        log.error('A case could not be written down, so nothing follows', {
          room: what.room.name,
          user: what.user,
          error,
        });
      }
    }
  }

  #rulesFor(of: Arrival): readonly Rule[] {
    const { rules, people, settings } = this.#options;
    return rules.all.filter(
      (rule) =>
        settings.rule(rule.name, of.what.room.name).mode !== 'off' &&
        !this.#bench.isOut(rule.name) &&
        concerns(rule, of) &&
        !hasExemptRole(rule, of, people),
    );
  }

  async #ask(rule: Rule, of: Arrival): Promise<Objection | undefined> {
    const { clock, memories, people, settings } = this.#options;
    const room = of.what.room.name;
    const asked = answerOf(rule, of, contextOf(memories.of(room), of, rule.spec, people));
    const { patienceMs = PATIENCE_MS } = rule.spec;
    let late = false;
    try {
      const verdict = await withTimeout(clock, asked, patienceMs, () => {
        late = true;
        return new Error('it took too long');
      });
      this.#bench.good(rule.name);
      return verdict === undefined ? undefined : objection(rule, verdict, settings, room);
    } catch (error) {
      // Its plugin is being loaded again, or has gone.
      if (error instanceof PluginError && error.code === 'unloaded') return undefined;
      if (late)
        this.#tell(
          rule,
          `it took longer than ${formatDuration(patienceMs)}`,
          // Nobody waits for a rule with patience: once is no reason to do without it.
          isPatient(rule) ? this.#bench.failed(rule.name) : this.#bench.hangs(rule.name, asked),
        );
      else this.#tell(rule, messageOf(error), this.#bench.failed(rule.name));
      return undefined;
    }
  }

  #tell({ name }: Rule, why: string, ms: number | undefined): void {
    const { log, benched } = this.#options;
    log.error('A rule failed', {
      rule: name,
      error: why,
      ...(ms !== undefined && { pause: formatDuration(ms) }),
    });
    if (ms !== undefined) benched(name, why, ms);
  }
}

/** It is asked about arrivals, and nothing waits for it. */
function isPatient({ spec }: Rule): boolean {
  return spec.on === 'join' && (spec.patienceMs ?? 0) > PATIENCE_MS;
}

async function answerOf(
  rule: Rule,
  { what }: Arrival,
  context: Parameters<Rule['check']>[1],
): Promise<Verdict | undefined> {
  return rule.check(what, context);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
