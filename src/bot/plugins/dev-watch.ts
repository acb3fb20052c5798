import type { Clock, Timer } from '../../platform/clock.ts';
import type { FileWatch } from '../../platform/file-watch.ts';
import type { ReloadReport } from './reload-report.ts';
import type { ReloadOptions } from './reloading.ts';

/** Editors write in several steps; a pause this long means that they are done, in milliseconds. */
const PAUSE_MS = 150;

export interface DevWatchOptions {
  readonly clock: Clock;
  readonly watch: FileWatch;
  /** Absolute path of the config. */
  readonly config: string;
  /** The files of every plugin, by id, as they are now. */
  readonly files: () => ReadonlyMap<string, readonly string[]>;
  readonly reload: (options: ReloadOptions) => Promise<ReloadReport>;
  /** Is told what came of it. */
  readonly done: (report: ReloadReport) => void;
}

/** Reloads what has changed as soon as somebody saves it. */
export class DevWatch {
  readonly #options: DevWatchOptions;
  readonly #touched = new Set<string>();
  #unwatch: () => void = () => {};
  #timer: Timer | undefined;
  #reloading = false;
  /** Touched while a reload went on: it may have read them before or after. */
  readonly #between = new Set<string>();
  #stopped = false;

  constructor(options: DevWatchOptions) {
    this.#options = options;
    this.#follow();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#unwatch();
  }

  /** Watches the files that there are now. */
  #follow(): void {
    const { watch, config, files } = this.#options;
    const all = new Set([config, ...[...files().values()].flat()]);
    const unwatch = watch.watch([...all], (file) => this.#changed(file));
    // The new watch before the old one ends, so that nothing is missed.
    this.#unwatch();
    this.#unwatch = unwatch;
  }

  #changed(file: string): void {
    if (this.#stopped) return;
    this.#touched.add(file);
    if (this.#reloading) this.#between.add(file);
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => void this.#go(), PAUSE_MS);
  }

  async #go(): Promise<void> {
    // It goes again when it is done.
    if (this.#reloading || this.#stopped) return;
    const { files, reload, done } = this.#options;
    const force = new Set(
      [...files()].flatMap(([id, own]) => (own.some((file) => this.#between.has(file)) ? [id] : [])),
    );
    this.#touched.clear();
    this.#between.clear();
    this.#reloading = true;
    done(await reload({ force }));
    this.#reloading = false;
    if (this.#stopped) return;
    this.#follow();
    if (this.#touched.size > 0) {
      this.#timer?.cancel();
      this.#timer = this.#options.clock.setTimeout(() => void this.#go(), PAUSE_MS);
    }
  }
}
