import type { Clock } from '../../../platform/clock.ts';
import { type Files, FilesError, filePath } from '../../../platform/files.ts';
import { KnownAttributes } from '../attributes/known-attributes.ts';
import { isAudio, readAttributes } from '../attributes/read-attributes.ts';
import { buildIndex } from '../index/build-index.ts';
import { filesOfShare, scannedAgain } from '../index/scanned-again.ts';
import type { ScannedFolder, ScannedShare } from '../index/shared-file.ts';
import { type ShareFolder, shareKey } from '../share-folder.ts';
import { loadIndex, type StoredIndex, type StoredShare, saveIndex } from '../stored/stored-index.ts';
import type { ScanEngine, ScanOutcome, ScanRequest, ShareReport } from './scan-request.ts';
import { type AttributesOf, DiskAwayError, type ScanResult, scanShare } from './scan-share.ts';

type ScanOptions = NonNullable<Parameters<ScanEngine['scan']>[1]>;

/** Of clashes so many are named. */
const NAMED = 20;

interface ScanTools {
  readonly files: Files;
  readonly clock: Pick<Clock, 'setTimeout' | 'hold'>;
}

interface OneShare {
  readonly scanned: ScannedShare;
  readonly stored: StoredShare;
  readonly report: ShareReport;
}

/** Scans in the thread that asks. */
export class LocalScanEngine implements ScanEngine {
  readonly #tools: ScanTools;

  constructor(tools: ScanTools) {
    this.#tools = tools;
  }

  async scan(request: ScanRequest, options: ScanOptions = {}): Promise<ScanOutcome> {
    const { files } = this.#tools;
    const indexFile = filePath(request.indexFile);
    const before = await loadIndex(files, indexFile);
    const all: OneShare[] = [];
    for (const share of request.shares) all.push(await this.#share(share, request, before, options));
    const { tables, clashes } = buildIndex(all.map(({ scanned }) => scanned));
    const unsaved = await this.#save(indexFile, {
      tables,
      shares: all.map(({ stored }) => stored),
      attributes: request.attributes,
      at: request.now,
    });
    return {
      tables,
      report: {
        at: request.now,
        shares: all.map(({ report }) => report),
        folders: tables.folderShare.length,
        files: tables.sizes.length,
        clashes: clashes.length,
        clashesFirst: clashes.slice(0, NAMED).map(({ path }) => path),
        ...(unsaved !== undefined && { unsaved }),
      },
    };
  }

  async #share(
    share: ShareFolder,
    request: ScanRequest,
    before: StoredIndex | undefined,
    { onProgress, signal }: ScanOptions,
  ): Promise<OneShare> {
    const { name } = share;
    let read = 0;
    const known = before?.attributes ? new KnownAttributes(before.tables) : undefined;
    const attributesOf: AttributesOf = (file) => {
      const { parts, facts } = file;
      if (!request.attributes || !isAudio(file.name)) return {};
      const old = known?.of({
        share: name,
        parts,
        name: file.name,
        size: facts.size,
        changed: facts.changed,
      });
      if (old !== undefined) return old;
      read++;
      return readAttributes(this.#tools, file);
    };
    let result: ScanResult | undefined;
    let code = 'EMPTY';
    try {
      result = await scanShare(share, {
        files: this.#tools.files,
        attributesOf,
        ...(request.limits && { limits: request.limits }),
        ...(signal && { signal }),
        onProgress: (folders, found) => onProgress?.({ share: name, folders, files: found }),
      });
    } catch (error) {
      if (!(error instanceof DiskAwayError)) throw error;
      code = error.code;
    }
    return outcomeOf(share, request, { result, code, read }, before);
  }

  async #save(path: Uint8Array, index: StoredIndex): Promise<string | undefined> {
    try {
      await saveIndex(this.#tools.files, path, index);
      return undefined;
    } catch (error) {
      if (error instanceof FilesError) return error.code;
      throw error;
    }
  }
}

/** Takes what was found, or keeps what was there before when it looks as if the disk were away. */
function outcomeOf(
  share: ShareFolder,
  { now, keepMissingMs }: ScanRequest,
  { result, code, read }: { result: ScanResult | undefined; code: string; read: number },
  before: StoredIndex | undefined,
): OneShare {
  const { name, audience } = share;
  const key = shareKey(share);
  const old = before?.shares.find((each) => each.name === name && each.key === key);
  const had = before === undefined || old === undefined ? 0 : filesOfShare(before.tables, name);
  const missingSince = old?.missingSince ?? now;
  const found = result === undefined ? 0 : countFiles(result.folders);
  if (before && had > 0 && isAway(result, found, had) && now - missingSince < keepMissingMs) {
    const oldFolders = scannedAgain(before.tables, name);
    return {
      scanned: { name, audience, folders: oldFolders },
      stored: { name, key, missingSince },
      report: {
        name,
        state: 'kept',
        code: result !== undefined && found > 0 ? 'EIO' : code,
        missingSince,
        folders: oldFolders.length,
        files: had,
        read,
        ...(result && { notes: result.notes }),
      },
    };
  }
  const folders = result?.folders ?? [];
  return {
    scanned: { name, audience, folders },
    stored: { name, key },
    report: {
      name,
      ...(result === undefined ? { state: 'away', code } : { state: 'scanned', notes: result.notes }),
      folders: folders.length,
      files: found,
      read,
    },
  };
}

/** Nothing where something was, or a failing disk that shows less than half of it. */
function isAway(result: ScanResult | undefined, found: number, had: number): boolean {
  return result === undefined || found === 0 || (result.notes.ailing > 0 && found < had / 2);
}

function countFiles(folders: readonly ScannedFolder[]): number {
  return folders.reduce((sum, { files }) => sum + files.length, 0);
}
