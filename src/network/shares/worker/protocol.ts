import type { ScanOutcome, ScanProgress, ScanRequest } from '../scan/scan-request.ts';

/** To the thread that scans. It scans once and ends. */
export interface ToScanThread {
  readonly request: ScanRequest;
}

/** From it. */
export type FromScanThread =
  | { readonly type: 'progress'; readonly progress: ScanProgress }
  | { readonly type: 'done'; readonly outcome: ScanOutcome }
  | { readonly type: 'failed'; readonly message: string };
