import type { Clock } from '../../platform/clock.ts';
import type { FolderWatch } from '../../platform/file-watch.ts';
import type { Files } from '../../platform/files.ts';
import type { Log } from '../../platform/log.ts';
import type { ScanEngine, ScanProgress, ScanReport } from './scan/scan-request.ts';
import type { ScanLimits } from './scan/scan-share.ts';
import type { ShareFolder } from './share-folder.ts';
import type { Viewer } from './viewer.ts';

export interface SharesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: Files;
  /** Hints that something changed. @default none: only time and people ask for scans */
  readonly watch?: FolderWatch;
  /** @default this thread: a scan of many files holds up the event loop while the index is made */
  readonly engine?: ScanEngine;
  readonly folders: readonly ShareFolder[];
  /** Where the index rests between runs: the absolute path of a file in a folder that is there. */
  readonly indexFile: string;
  /** Who somebody is to us. @default everybody is `everyone` */
  readonly viewerOf?: (user: string) => Viewer;
  /** Whether others see, locked, what only buddies may have. @default false */
  readonly showLocked?: boolean;
  /** Whether audio files are asked for their duration and so on, once until they change. @default true */
  readonly attributes?: boolean;
  /** Milliseconds from the end of a scan to the next; Infinity: only hints and people ask for one. @default 6 h */
  readonly rescanEveryMs?: number;
  /**
   * How long the files of a share that is away, or empty where it had files, stay in the index, in milliseconds.
   * @default 24 h
   */
  readonly keepMissingMs?: number;
  readonly limits?: ScanLimits;
}

/** What others may learn of by number: files they may have, and those that they see locked. */
export interface ShareCounts {
  readonly folders: number;
  readonly files: number;
}

export interface SharesEvents {
  /** There is another index; its counts, for the server. */
  changed: ShareCounts;
  progress: ScanProgress;
  scanned: ScanReport;
  /** A scan failed as a whole; the index stays. */
  failed: { readonly error: unknown };
}

export interface RescanOptions {
  /** Take shares as they are even if they are empty where they had files, because a person says so. @default false */
  readonly acceptEmpty?: boolean;
}
