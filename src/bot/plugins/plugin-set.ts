import type { Log } from '../../platform/log.ts';
import type { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { LoadRequest } from '../../plugins/host/types.ts';
import { NOTHING_DONE, type ReloadReport } from './reload-report.ts';

type Lists = { -readonly [K in keyof ReloadReport]: ReloadReport[K][number][] };

export interface PluginSetOptions {
  readonly host: Pick<PluginHost, 'load' | 'reload' | 'unload' | 'changed' | 'filesOf' | 'list'>;
  readonly log: Log;
  readonly requests: readonly LoadRequest[];
}

/** The plugins that the config names, and which of them run. */
export class PluginSet {
  readonly #host: PluginSetOptions['host'];
  readonly #log: Log;
  readonly #failed = new Map<string, string>();
  #requests: readonly LoadRequest[];

  constructor({ host, log, requests }: PluginSetOptions) {
    this.#host = host;
    this.#log = log;
    this.#requests = requests;
  }

  /** Those that do not run because they could not be loaded. */
  get failed(): readonly { readonly id: string; readonly reason: string }[] {
    return [...this.#failed].map(([id, reason]) => ({ id, reason }));
  }

  /** Those of the config, also without what they would do. */
  get requests(): readonly LoadRequest[] {
    return this.#requests;
  }

  /** Absolute paths of what a plugin was or would be loaded from. */
  filesOf(id: string): readonly string[] {
    const use = this.#requests.find((request) => request.id === id)?.use;
    const own = use !== undefined && 'path' in use ? [use.path] : [];
    return [...new Set([...own, ...this.#host.filesOf(id)])];
  }

  /** Loads all of them. @throws PluginLoadError (as rejection) of the first that fails, unless `goOn` is set. */
  async load(goOn: boolean): Promise<void> {
    for (const request of this.#requests) {
      try {
        const { name, commands } = await this.#host.load(request);
        this.#log.info('Loaded a plugin', { plugin: request.id, name, commands });
      } catch (error) {
        if (!goOn) throw error;
        const reason = reasonOf(error);
        this.#failed.set(request.id, reason);
        this.#log.error('A plugin is left out: it cannot be loaded', { plugin: request.id, reason });
      }
    }
  }

  /**
   * Makes the plugins that run those of `requests`. Only what has changed is touched.
   * @param force these are reloaded whether they have changed or not
   * @param only look at no other
   */
  async change(
    requests: readonly LoadRequest[],
    force: ReadonlySet<string>,
    only?: string,
  ): Promise<ReloadReport> {
    const report: Lists = structuredClone(NOTHING_DONE) as Lists;
    const gone = this.#requests.filter(({ id }) => !requests.some((request) => request.id === id));
    this.#requests = requests;
    for (const { id } of gone) {
      await this.#host.unload(id, 'it is no longer in the config');
      this.#failed.delete(id);
      report.unloaded.push(id);
    }
    const wanted = requests.filter(
      (request) =>
        (only === undefined || request.id === only) && (force.has(request.id) || this.#host.changed(request)),
    );
    report.unchanged.push(...requests.filter((request) => !wanted.includes(request)).map(({ id }) => id));
    const again: LoadRequest[] = [];
    for (const request of wanted) if (!(await this.#bringIn(request, report))) again.push(request);
    // A name may have been free only when a later one had given it up.
    if (again.length < wanted.length) {
      for (const request of again) {
        report.failed = report.failed.filter(({ id }) => id !== request.id);
        await this.#bringIn(request, report);
      }
    }
    this.#log.info('Reloaded', { ...report });
    return report;
  }

  async #bringIn(request: LoadRequest, report: Lists): Promise<boolean> {
    const { id } = request;
    const known = this.#host.list().some((info) => info.id === id);
    try {
      await this.#host.reload(request);
      this.#failed.delete(id);
      report[known ? 'reloaded' : 'loaded'].push(id);
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      if (!known) this.#failed.set(id, reason);
      report.failed.push({ id, reason });
      return false;
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
