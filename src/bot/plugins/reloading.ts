import type { LoadRequest } from '../../plugins/host/types.ts';
import type { BotConfig } from '../config/config.ts';
import { type Diagnostic, formatDiagnostic } from '../config/diagnostic.ts';
import { changedSections } from './config-difference.ts';
import type { PluginSet } from './plugin-set.ts';
import { NOTHING_DONE, type ReloadReport } from './reload-report.ts';

/** Reads the config again, from wherever it came. */
export type Reread = () =>
  | {
      readonly ok: true;
      readonly config: BotConfig;
      /** Instead of those in the config. */
      readonly plugins?: readonly LoadRequest[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface ReloadOptions {
  /** Reload only this one, whether it has changed or not. @default all that have changed */
  readonly only?: string;
  /** Reload these too, although they seem not to have changed. */
  readonly force?: ReadonlySet<string>;
}

export interface ReloadingOptions {
  readonly plugins: PluginSet;
  /** The config with which the bot runs. */
  readonly config: BotConfig;
  /** Absent: what it runs with stays, only the files of plugins are looked at. */
  readonly reread?: Reread;
}

/** Brings the running bot up to what is on disk. One reload at a time. */
export class Reloading {
  readonly #options: ReloadingOptions;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ReloadingOptions) {
    this.#options = options;
  }

  /** Resolves with what was done and what was not; never rejects. */
  reload(options: ReloadOptions = {}): Promise<ReloadReport> {
    const turn = this.#tail.then(() => this.#reload(options));
    this.#tail = turn;
    return turn;
  }

  /** Begins none any more. @returns when the last has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }

  async #reload({ only, force = new Set() }: ReloadOptions): Promise<ReloadReport> {
    if (this.#closed) return { ...NOTHING_DONE, problems: ['the bot is stopping'] };
    const { plugins, config, reread } = this.#options;
    const read = reread?.();
    if (read?.ok === false) return { ...NOTHING_DONE, problems: read.diagnostics.map(formatDiagnostic) };
    const requests: readonly LoadRequest[] = read?.plugins ?? read?.config.plugins ?? plugins.requests;
    const restart = read === undefined ? [] : changedSections(config, read.config);
    if (only === undefined) return { ...(await plugins.change(requests, force)), restart };
    const request = requests.find(({ id }) => id === only);
    if (request === undefined) {
      const ids = requests.map(({ id }) => id).join(', ');
      return { ...NOTHING_DONE, problems: [`there is no plugin "${only}" in the config; there are ${ids}`] };
    }
    const others = plugins.requests.filter(({ id }) => id !== only);
    const place = plugins.requests.findIndex(({ id }) => id === only);
    const next = others.toSpliced(place < 0 ? others.length : place, 0, request);
    return { ...(await plugins.change(next, new Set([only]), only)), restart };
  }
}
