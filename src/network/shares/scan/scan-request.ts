import type { IndexTables } from '../index/tables.ts';
import type { ShareFolder } from '../share-folder.ts';
import type { ScanNotes } from './notes.ts';
import type { ScanLimits } from './scan-share.ts';

/** What is to be scanned. Plain data: it crosses to another thread. */
export interface ScanRequest {
  readonly shares: readonly ShareFolder[];
  /** Where the index rests: an absolute path. What is there already saves reading unchanged files again. */
  readonly indexFile: string;
  /** Whether audio files are asked what they say of themselves. */
  readonly attributes: boolean;
  readonly limits?: ScanLimits;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long the old files of a share are kept where nothing is found any more, in milliseconds; 0: not at all. */
  readonly keepMissingMs: number;
}

/** How far a scan is. */
export interface ScanProgress {
  readonly share: string;
  readonly folders: number;
  readonly files: number;
}

/** What became of one share. */
export interface ShareReport {
  readonly name: string;
  /**
   * `scanned`: as it is now. `kept`: it is away, or empty where it had files, and the files of the last scan stay for now.
   * `away`: it cannot be read and there are no files to keep.
   */
  readonly state: 'scanned' | 'kept' | 'away';
  /** Why it is not `scanned`: the system's code, or `EMPTY`. */
  readonly code?: string;
  /** Of `kept`: since when, milliseconds since the epoch. */
  readonly missingSince?: number;
  readonly folders: number;
  readonly files: number;
  /** Files that were opened to read what they say of themselves. */
  readonly read: number;
  /** What was passed over; absent when nothing was scanned. */
  readonly notes?: ScanNotes;
}

/** What became of a scan. Plain data. */
export interface ScanReport {
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
  readonly shares: readonly ShareReport[];
  readonly folders: number;
  readonly files: number;
  /** Files and folders left out because others would see them under the same path as another one. */
  readonly clashes: number;
  /** The first of them, as others see them. */
  readonly clashesFirst: readonly string[];
  /** The code with which the index could not be saved; absent: it was. */
  readonly unsaved?: string;
}

export interface ScanOutcome {
  readonly tables: IndexTables;
  readonly report: ScanReport;
}

/** Who scans: this thread, or one of its own. */
export interface ScanEngine {
  /** One at a time. Rejects with the signal's reason when that is aborted. */
  scan(
    request: ScanRequest,
    options?: { readonly onProgress?: (progress: ScanProgress) => void; readonly signal?: AbortSignal },
  ): Promise<ScanOutcome>;
}
