import type { Clock, Timer } from '../../platform/clock.ts';
import type { FolderWatch } from '../../platform/file-watch.ts';
import type { FilePath } from '../../platform/files.ts';

/** A copy of many files changes folders for as long as it runs: wait until it is quiet. */
const QUIET_MS = 15_000;

/** Between scans that hints ask for. */
const HINT_GAP_MS = 120_000;

export interface RescanTimingOptions {
  readonly clock: Clock;
  readonly watch?: FolderWatch;
  /** Milliseconds from the end of a scan to the next; Infinity: only hints and people ask for one. */
  readonly everyMs: number;
  readonly rescan: () => void;
}

/** Says when to scan again: after a while, and soon after something changed. */
export class RescanTiming {
  readonly #options: RescanTimingOptions;
  #periodic: Timer | undefined;
  #hinted: Timer | undefined;
  #unwatch: (() => void) | undefined;
  #ended = false;
  /** Monotonic. */
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: RescanTimingOptions) {
    this.#options = options;
  }

  /** A scan is over. @param folders those to watch */
  scanned(folders: readonly FilePath[]): void {
    if (this.#ended) return;
    const { clock, watch, everyMs, rescan } = this.#options;
    this.#lastAt = clock.monotonic();
    this.#periodic?.cancel();
    this.#periodic = clock.setTimeout(rescan, everyMs);
    this.#unwatch?.();
    this.#unwatch = watch?.watchFolders(folders, () => this.hint());
  }

  /** Something changed, or seems to have. */
  hint(): void {
    if (this.#ended) return;
    const { clock, rescan } = this.#options;
    this.#hinted?.cancel();
    const wait = Math.max(QUIET_MS, this.#lastAt + HINT_GAP_MS - clock.monotonic());
    this.#hinted = clock.setTimeout(rescan, wait);
  }

  close(): void {
    this.#ended = true;
    this.#periodic?.cancel();
    this.#hinted?.cancel();
    this.#unwatch?.();
  }
}
