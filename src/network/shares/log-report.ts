import type { Log } from '../../platform/log.ts';
import type { ScanReport } from './scan/scan-request.ts';

/** Says what a scan found, and what it could not. */
export function logReport(log: Log, { shares, folders, files, clashes, unsaved }: ScanReport): void {
  log.info('the shares were scanned', { folders, files });
  for (const { name, state, code, notes } of shares) {
    if (state !== 'scanned')
      log.warn('a share is away or empty', { share: name, code, filesKept: state === 'kept' });
    if (notes === undefined) continue;
    const { unreadable, unreadableFirst, special, links, deep, full } = notes;
    if (unreadable > 0)
      log.warn('some of a share cannot be read', { share: name, unreadable, first: unreadableFirst });
    if (deep > 0 || full) log.warn('a share is too large to be taken whole', { share: name, deep, full });
    if (special + links > 0) log.debug('some of a share was passed over', { share: name, special, links });
  }
  if (clashes > 0) log.warn('names that others could not tell apart were left out', { clashes });
  if (unsaved !== undefined) log.warn('the index of the shares could not be saved', { code: unsaved });
}
