import type { Clock } from '../../../platform/clock.ts';
import { nullLog } from '../../../platform/null-log.ts';
import { PluginHost } from '../../../plugins/host/plugin-host.ts';
import type { BuiltinPlugins, LoadRequest } from '../../../plugins/host/types.ts';
import { BUILTINS } from '../../plugins/builtins.ts';
import { openStore } from '../../store/store.ts';
import { Actions } from '../consequences/actions.ts';
import { type Rule, RuleBook } from '../rules/rule-book.ts';
import { collectingServices } from './collecting-services.ts';

export interface CollectOptions {
  /** The bot's user name. */
  readonly self: string;
  readonly plugins: readonly LoadRequest[];
  /** Absolute path of the folder of config.yaml. */
  readonly baseDir: string;
  readonly clock: Clock;
  /** @default those that come with the bot */
  readonly builtins?: BuiltinPlugins;
}

/** Rules of plugins, without a bot. */
export interface CollectedRules {
  readonly rules: readonly Rule[];
  readonly actions: Pick<Actions, 'get'>;
  /** Plugins that could not be set up like that, and why. */
  readonly problems: readonly { readonly plugin: string; readonly reason: string }[];
  /** Unloads the plugins; their rules cannot be asked any more. */
  close(): Promise<void>;
}

/**
 * Loads the plugins that may moderate and runs their `setup` with services that do nothing but note which rules and consequences
 * they add: their stores are empty, nobody is in any room, nothing leaves.
 */
export async function collectRules({
  self,
  plugins,
  baseDir,
  clock,
  builtins = BUILTINS,
}: CollectOptions): Promise<CollectedRules> {
  const book = new RuleBook();
  const actions = new Actions();
  const store = await openStore({ memory: true, clock, log: nullLog });
  const services = collectingServices(self, {
    store: store.kv,
    rules: { add: (instance, spec, check) => book.add(instance, spec, check) },
    actions,
  });
  const host = new PluginHost({ clock, services, baseDir, builtins });
  const problems: { plugin: string; reason: string }[] = [];
  for (const request of plugins) {
    try {
      const { granted } = await host.inspect(request);
      if (granted.includes('moderate')) await host.load(request);
    } catch (error) {
      problems.push({ plugin: request.id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return {
    rules: book.all,
    actions,
    problems,
    async close() {
      await host.close('only its rules were wanted');
      await store.close();
    },
  };
}
