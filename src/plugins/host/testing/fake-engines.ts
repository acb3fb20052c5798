import { CASE_CALLS, MEMBER_CALLS } from '../moderation-calls.ts';
import type { DeliverFinds, HostServices } from '../services.ts';
import type { WishSpec } from '../wire.ts';

type Rules = HostServices['rules'];
type Actions = HostServices['actions'];

/** A call of an engine, as it arrived. */
export interface EngineCall {
  readonly method: string;
  readonly instance: string;
  readonly args: readonly unknown[];
}

/** The engines behind `bot.wishlist`, `bot.notify`, `bot.rule`, `bot.cases` and `bot.members`: they remember what they were asked. */
export class FakeEngines {
  readonly calls: EngineCall[] = [];
  /** What calls answer, by method; others answer undefined. */
  readonly answers = new Map<string, unknown>();
  /** Registered wishes and rules by `instance/id`; undone ones are gone. */
  readonly wishSpecs = new Map<string, { spec: WishSpec; deliver: DeliverFinds | undefined }>();
  readonly finders = new Map<string, DeliverFinds>();
  readonly ruleChecks = new Map<string, Parameters<Rules['add']>[2]>();
  readonly actionRuns = new Map<string, Parameters<Actions['add']>[2]>();

  readonly wishes: HostServices['wishes'] = {
    ...this.#asked<HostServices['wishes']>('wishlist', [
      'add',
      'change',
      'remove',
      'get',
      'list',
      'pause',
      'resume',
      'boost',
      'results',
      'result',
      'why',
      'forget',
      'ignore',
      'unignore',
      'ignored',
      'experience',
      'check',
      'test',
      'plan',
    ]),
    register: (instance, id, spec, deliver) => {
      this.wishSpecs.set(`${instance}/${id}`, { spec, deliver });
      return () => void this.wishSpecs.delete(`${instance}/${id}`);
    },
    onFinds: (instance, deliver) => {
      this.finders.set(instance, deliver);
      return () => void this.finders.delete(instance);
    },
  };
  readonly notices = this.#asked<HostServices['notices']>('notify', ['tell', 'channels']);
  readonly cases = this.#asked<HostServices['cases']>('cases', Object.keys(CASE_CALLS));
  readonly members = this.#asked<HostServices['members']>('members', Object.keys(MEMBER_CALLS));
  readonly rules: Rules = {
    add: (instance, { id }, check) => {
      this.ruleChecks.set(`${instance}/${id}`, check);
      return () => void this.ruleChecks.delete(`${instance}/${id}`);
    },
  };
  readonly actions: Actions = {
    add: (instance, { id }, run) => {
      this.actionRuns.set(`${instance}/${id}`, run);
      return () => void this.actionRuns.delete(`${instance}/${id}`);
    },
  };

  #asked<T>(of: string, methods: readonly string[]): T {
    return Object.fromEntries(
      methods.map((method) => [
        method,
        async (instance: string, ...args: readonly unknown[]) => {
          this.calls.push({ method: `${of}.${method}`, instance, args });
          return this.answers.get(`${of}.${method}`);
        },
      ]),
    ) as T;
  }
}
