import { Emitter } from '../../platform/emitter.ts';
import { filePath } from '../../platform/files.ts';
import type { Directory } from '../../protocol/index.ts';
import type { SearchAnswer, SearchAnswerer, SearchQuestion } from '../search/answering.ts';
import type { Undo } from '../server-link.ts';
import { directoryEntry, searchEntry } from './entries.ts';
import { buildIndex } from './index/build-index.ts';
import { slabAt } from './index/bytes.ts';
import { SharedIndex } from './index/shared-index.ts';
import type { IndexTables } from './index/tables.ts';
import { type LocatedFile, type LocateFailure, locate } from './locate.ts';
import { logReport } from './log-report.ts';
import { RescanTiming } from './rescan-timing.ts';
import { globsOf } from './scan/globs.ts';
import { LocalScanEngine } from './scan/scan-all.ts';
import type { ScanEngine, ScanProgress, ScanReport } from './scan/scan-request.ts';
import { checkShares, shareKey } from './share-folder.ts';
import { ShareLists } from './share-lists.ts';
import type { RescanOptions, ShareCounts, SharesEvents, SharesOptions } from './shares-options.ts';
import { loadIndex } from './stored/stored-index.ts';
import { type Sight, sightOf } from './viewer.ts';
import { watchedFolders } from './watched-folders.ts';

/** A file that somebody asked for, ready to be opened, or why it is not. */
export type FoundFile =
  | { readonly ok: true; readonly file: LocatedFile }
  | { readonly ok: false; readonly reason: 'not-shared' | LocateFailure };

const HOUR_MS = 3_600_000;

/** Files in an answer [Nicotine+]. */
const MAX_RESULTS = 300;

/** Files in an answer about one folder: it is made at once, and often asked for. The whole list has all. */
const MAX_FOLDER = 10_000;

/** What we share: found by scanning, searched, listed, and located when somebody asks for it. */
export class Shares implements SearchAnswerer {
  readonly #options: SharesOptions;
  readonly #engine: ScanEngine;
  readonly #emitter: Emitter<SharesEvents>;
  readonly #timing: RescanTiming;
  readonly #ending = new AbortController();
  #index: SharedIndex;
  #lists: ShareLists;
  #counts: ShareCounts = { folders: 0, files: 0 };
  /** Files of the index that are not as it says any more: nobody is told of them. */
  readonly #left = new Set<number>();
  #running: Promise<ScanReport> | undefined;
  #next: Promise<ScanReport> | undefined;
  #acceptEmpty = false;
  #progress: ScanProgress | undefined;
  #report: ScanReport | undefined;

  /** Throws a RangeError for names that cannot be told apart and for globs that are none. */
  constructor(options: SharesOptions) {
    checkShares(options.folders);
    for (const folder of options.folders) globsOf(folder);
    const { clock, log, files, watch, rescanEveryMs = 6 * HOUR_MS } = options;
    this.#options = options;
    this.#engine = options.engine ?? new LocalScanEngine({ files, clock });
    this.#emitter = new Emitter((error, event) => {
      log.error('A handler of an event failed', { event, error });
    });
    this.#timing = new RescanTiming({
      clock,
      ...(watch && { watch }),
      everyMs: rescanEveryMs,
      rescan: () => void this.rescan().catch(() => {}),
    });
    this.#index = new SharedIndex(buildIndex([]).tables);
    this.#lists = this.#listsOf(this.#index);
  }

  /** What is shared now. Another object after each scan. */
  get index(): SharedIndex {
    return this.#index;
  }

  /** For the server. Until the first scan after a change of the shares they are those of before. */
  get counts(): ShareCounts {
    return this.#counts;
  }

  /** How far a scan is; undefined when none is under way. */
  get progress(): ScanProgress | undefined {
    return this.#progress;
  }

  /** What became of the last scan of this run. */
  get report(): ScanReport | undefined {
    return this.#report;
  }

  /** Calls `handler` for each event of that name until the result is called. */
  on<E extends keyof SharesEvents>(event: E, handler: (value: SharesEvents[E]) => void): Undo {
    return this.#emitter.on(event, handler);
  }

  /** Takes up the index of the last run, and begins to scan; resolves before that is over. Call once. */
  async start(): Promise<void> {
    const { files, folders, indexFile, log } = this.#options;
    if (folders.length === 0) return;
    const stored = await loadIndex(files, filePath(indexFile));
    if (stored !== undefined) {
      // Under other settings its files may be for other eyes: only their number is told until they were scanned again.
      const keys = folders.map(shareKey);
      const same =
        keys.length === stored.shares.length && stored.shares.every(({ key }, at) => key === keys[at]);
      if (same) this.#take(stored.tables);
      else this.#counts = this.#countsOf(new SharedIndex(stored.tables));
    }
    log.info('shares are ready', { ...this.#counts, stored: stored !== undefined });
    if (!this.#ending.signal.aborted) this.rescan().catch(() => {});
  }

  /**
   * Scans everything again. One scan runs at a time: while one does, all who ask wait for the one after it.
   * Rejects when the scan fails as a whole, or `close` ends it; then the index stays as it is.
   */
  rescan({ acceptEmpty = false }: RescanOptions = {}): Promise<ScanReport> {
    this.#acceptEmpty ||= acceptEmpty;
    if (this.#running === undefined) return this.#begin();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  /** Asks for a scan soon: something seems to have changed. */
  hint(): void {
    this.#timing.hint();
  }

  answer({ asked, user }: SearchQuestion): SearchAnswer | undefined {
    const { open, locked } = this.#sightOf(user);
    if (open.length === 0) return undefined;
    const audiences = [...open, ...locked];
    const index = this.#index;
    const found = index
      .search(asked, { limit: MAX_RESULTS, audiences })
      .files.filter((id) => !this.#left.has(id));
    if (found.length === 0) return undefined;
    const entriesOf = (which: Sight['open']) =>
      found
        .filter((id) => which.includes(index.audienceOfFolder(index.folderOf(id))))
        .map((id) => searchEntry(index, id));
    const hidden = locked.length > 0 ? entriesOf(locked) : [];
    return { results: entriesOf(open), ...(hidden.length > 0 && { locked: hidden }) };
  }

  /**
   * The frame of a SharedFileListResponse for this user, made once per index and kept: do not change its bytes. How often
   * one may ask, and that one reads what was sent before, is seen to by who answers peers.
   * @param user undefined: somebody whose name is not proven
   */
  browse(user: string | undefined): Promise<Uint8Array> {
    return this.#lists.of(this.#viewerOf(user));
  }

  /** One folder for a FolderContentsResponse; undefined when this user may not have it, or it is not there. */
  folder(name: string, user: string | undefined): readonly Directory[] | undefined {
    const index = this.#index;
    const number = index.folder(name) ?? (isLatin1(name) ? index.folder(name, true) : undefined);
    if (number === undefined || !this.#sightOf(user).open.includes(index.audienceOfFolder(number)))
      return undefined;
    return [directoryEntry(index, number, { except: this.#left, most: MAX_FOLDER })];
  }

  /**
   * The file that somebody asks for by its path, as it is on the disk now: within its share, with the size that others
   * were told. One that is not leaves the index at once, and a scan follows.
   * @param latin1 whether the path was no UTF-8 on the wire
   */
  async find(path: string, latin1: boolean, user: string | undefined): Promise<FoundFile> {
    const index = this.#index;
    const id = this.#idOf(path, latin1);
    if (id === undefined || this.#left.has(id)) return { ok: false, reason: 'not-shared' };
    const folder = index.folderOf(id);
    if (!this.#sightOf(user).open.includes(index.audienceOfFolder(folder)))
      return { ok: false, reason: 'not-shared' };
    const { shares, folderShare } = index.tables;
    const name = Buffer.from(slabAt(shares, folderShare[folder]!)).toString();
    const share = this.#options.folders.find((each) => each.name === name);
    if (share === undefined) return { ok: false, reason: 'not-shared' };
    const found = await locate(this.#options.files, share.folder, index, id);
    if (typeof found !== 'string') return { ok: true, file: found };
    if (found === 'gone' || found === 'changed') {
      if (index === this.#index) this.#left.add(id);
      this.#timing.hint();
    }
    return { ok: false, reason: found };
  }

  /** Ends scans and watches. What is in memory can still be asked. */
  close(): void {
    this.#ending.abort(new Error('the shares were closed'));
    this.#timing.close();
  }

  #idOf(path: string, latin1: boolean): number | undefined {
    if (latin1) return isLatin1(path) ? this.#index.find(path, true) : undefined;
    // There are clients that show names as Latin-1 and ask for what they show.
    return this.#index.find(path) ?? (isLatin1(path) ? this.#index.find(path, true) : undefined);
  }

  #begin(): Promise<ScanReport> {
    const acceptEmpty = this.#acceptEmpty;
    this.#acceptEmpty = false;
    this.#running = this.#scan(acceptEmpty).finally(() => {
      this.#running = undefined;
      this.#progress = undefined;
      this.#timing.scanned(watchedFolders(this.#options.folders, this.#index));
    });
    return this.#running;
  }

  async #scan(acceptEmpty: boolean): Promise<ScanReport> {
    const { clock, log, folders, indexFile, limits, attributes = true } = this.#options;
    const { keepMissingMs = 24 * HOUR_MS } = this.#options;
    try {
      const { tables, report } = await this.#engine.scan(
        {
          shares: folders,
          indexFile,
          attributes,
          ...(limits && { limits }),
          now: clock.now(),
          keepMissingMs: acceptEmpty ? 0 : keepMissingMs,
        },
        {
          onProgress: (progress) => {
            this.#progress = progress;
            this.#emitter.emit('progress', progress);
          },
          signal: this.#ending.signal,
        },
      );
      this.#take(tables);
      this.#report = report;
      logReport(log, report);
      this.#emitter.emit('changed', this.#counts);
      this.#emitter.emit('scanned', report);
      return report;
    } catch (error) {
      if (!this.#ending.signal.aborted) {
        log.error('the shares could not be scanned', { error });
        this.#emitter.emit('failed', { error });
      }
      throw error;
    }
  }

  #take(tables: IndexTables): void {
    this.#index = new SharedIndex(tables);
    this.#lists = this.#listsOf(this.#index);
    this.#left.clear();
    this.#counts = this.#countsOf(this.#index);
  }

  #listsOf(index: SharedIndex): ShareLists {
    const { clock, showLocked = false } = this.#options;
    return new ShareLists({ index, showLocked, clock });
  }

  #countsOf(index: SharedIndex): ShareCounts {
    const { open, locked } = sightOf('everyone', this.#options.showLocked ?? false);
    let [folders, files] = [0, 0];
    for (let folder = 0; folder < index.folderCount; folder++) {
      if (![...open, ...locked].includes(index.audienceOfFolder(folder))) continue;
      const [from, to] = index.filesOf(folder);
      folders++;
      files += to - from;
    }
    return { folders, files };
  }

  #viewerOf(user: string | undefined) {
    return user === undefined ? 'everyone' : (this.#options.viewerOf?.(user) ?? 'everyone');
  }

  #sightOf(user: string | undefined): Sight {
    return sightOf(this.#viewerOf(user), this.#options.showLocked ?? false);
  }
}

const isLatin1 = (text: string): boolean => !/[^\0-\xff]/u.test(text);
