import type { RuleContext, RuleJoin, RuleLine, Verdict } from '../../../plugins/api/rule.ts';
import type { RuleSpec } from '../../../plugins/host/wire.ts';

/** Asks the plugin; rejects when the rule failed. */
export type CheckRule = (what: RuleLine | RuleJoin, context: RuleContext) => Promise<Verdict | undefined>;

/** A rule of a plugin. */
export interface Rule {
  /** `plugin/rule`: the id of the instance and of the rule. */
  readonly name: string;
  readonly spec: RuleSpec;
  readonly check: CheckRule;
}

/** The rules that there are now. */
export class RuleBook {
  /** While a plugin is reloaded there are two of a name: the later one counts. */
  readonly #rules = new Map<string, Rule[]>();
  readonly #added: ((rule: Rule) => void)[] = [];
  #sorted: readonly Rule[] | undefined;

  /** By name: the order in which verdicts are weighed is the same in every run. */
  get all(): readonly Rule[] {
    this.#sorted ??= [...this.#rules.values()]
      .flatMap((versions) => versions.at(-1) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted;
  }

  get(name: string): Rule | undefined {
    return this.#rules.get(name)?.at(-1);
  }

  /** Calls back for every rule that comes. */
  onAdded(heard: (rule: Rule) => void): void {
    this.#added.push(heard);
  }

  /** @returns takes it away. */
  add(instance: string, spec: RuleSpec, check: CheckRule): () => void {
    const rule: Rule = { name: `${instance}/${spec.id}`, spec, check };
    this.#rules.set(rule.name, [...(this.#rules.get(rule.name) ?? []), rule]);
    this.#sorted = undefined;
    for (const heard of this.#added) heard(rule);
    return () => {
      const left = (this.#rules.get(rule.name) ?? []).filter((other) => other !== rule);
      if (left.length === 0) this.#rules.delete(rule.name);
      else this.#rules.set(rule.name, left);
      this.#sorted = undefined;
    };
  }
}
