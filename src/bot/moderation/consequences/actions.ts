import type { Case, Power } from '../../../plugins/api/cases.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { ActionsService, RunOutcome } from '../../../plugins/host/services.ts';
import type { ActionSpec } from '../../../plugins/host/wire.ts';
import { OWN_CONSEQUENCES } from './consequence.ts';
import type { Effect } from './effect.ts';

type Run = (act: 'apply' | 'undo', of: Case) => Promise<RunOutcome>;

/** Consequences that plugins add, by `plugin/action`. */
export class Actions implements ActionsService {
  /** While a plugin is reloaded there are two of a name: the later one counts. */
  readonly #actions = new Map<string, { readonly spec: ActionSpec; readonly run: Run }[]>();

  add(instance: string, spec: ActionSpec, run: Run): () => void {
    if (OWN_CONSEQUENCES.some((own) => own === spec.id))
      throw new PluginError('conflict', `bot.action("${spec.id}"): the bot has a consequence of that name`);
    const name = `${instance}/${spec.id}`;
    const action = { spec, run };
    this.#actions.set(name, [...(this.#actions.get(name) ?? []), action]);
    return () => {
      const left = (this.#actions.get(name) ?? []).filter((other) => other !== action);
      if (left.length === 0) this.#actions.delete(name);
      else this.#actions.set(name, left);
    };
  }

  get(name: string): { readonly powers?: readonly Power[] } | undefined {
    return this.#actions.get(name)?.at(-1)?.spec;
  }

  /** Never rejects. */
  async run(name: string, act: 'apply' | 'undo', of: Case): Promise<Effect> {
    const action = this.#actions.get(name)?.at(-1);
    if (action === undefined)
      return { state: 'failed', detail: `no plugin that runs has the action ${name}` };
    try {
      const ended = await action.run(act, of);
      if (ended.how === 'done') return { state: 'done' };
      if (ended.how === 'cut') return { state: 'later', detail: 'its plugin went away meanwhile' };
      return { state: 'failed', detail: ended.message };
    } catch (error) {
      return { state: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }
}
