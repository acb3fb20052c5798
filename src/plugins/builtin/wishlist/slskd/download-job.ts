import type { Transfer } from './slskd-api.ts';
import type { Source } from './sources.ts';

/** A download on its way, as it is stored. */
export interface DownloadJob {
  readonly id: string;
  readonly wish: string;
  /** Who is told; empty: nobody wishes it in person. */
  readonly wisher: string;
  /** What it is, for people. */
  readonly label: string;
  readonly sources: readonly Source[];
  /** Places in `files` of every source that are still wanted. */
  readonly wanted: readonly number[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly state: 'waiting' | 'sending' | 'sent';
  /** Which source is asked, and how often all of them were. */
  readonly source: number;
  readonly round: number;
  /** A GUID; another one for every source and round. */
  readonly batch: string;
  readonly old: boolean;
  readonly sentAt?: number;
  readonly polls: number;
  /** When something is to be done about it. */
  readonly nextAt: number;
}

/** All sources are tried so often, since people come online again; in between it waits, in milliseconds. */
const ROUND_WAITS = [3_600_000, 6 * 3_600_000, 24 * 3_600_000];
const FIRST_POLL_MS = 15_000;
const LAST_POLL_MS = 300_000;

/** What happened to a job. */
export type JobStep = { readonly next: DownloadJob } | { readonly end: 'done' | 'given-up' | 'cancelled' };

/** What is known of the user who was asked. */
export interface SourceVerdict {
  readonly user: string;
  readonly how: 'good' | 'bad';
}

export const userOf = (job: DownloadJob): string => job.sources[job.source]!.user;

export const filesOf = (job: DownloadJob) =>
  job.wanted.map((index) => job.sources[job.source]!.files[index]!);

/** slskd has taken it. */
export function sent(job: DownloadJob, now: number): DownloadJob {
  return { ...job, state: 'sent', sentAt: now, polls: 0, nextAt: now + FIRST_POLL_MS };
}

/** This source will not do: the next one, and after the last one all of them again, later. */
export function nextSource(job: DownloadJob, now: number, guid: () => string): JobStep {
  const anew = { ...job, state: 'waiting' as const, batch: guid(), polls: 0 };
  if (job.source + 1 < job.sources.length) return { next: { ...anew, source: job.source + 1, nextAt: now } };
  const wait = ROUND_WAITS[job.round];
  if (wait === undefined) return { end: 'given-up' };
  return { next: { ...anew, source: 0, round: job.round + 1, nextAt: now + wait } };
}

/**
 * What transfers say about a job.
 * @param patienceMs how long it may wait in somebody's queue while others could be asked
 * @param stale what to cancel when it goes to the next source
 */
export function looked(
  job: DownloadJob,
  transfers: readonly Transfer[] | undefined,
  now: number,
  { patienceMs, guid }: { readonly patienceMs: number; readonly guid: () => string },
): {
  readonly step: JobStep;
  readonly verdicts: readonly SourceVerdict[];
  readonly stale: readonly Transfer[];
} {
  const user = userOf(job);
  const { files } = job.sources[job.source]!;
  // Of several of one file the last one counts.
  const found = new Map((transfers ?? []).map((transfer) => [transfer.filename, transfer]));
  const of = (index: number) => found.get(files[index]!.filename);
  const left = job.wanted.filter((index) => of(index)?.state !== 'succeeded');
  const succeeded = left.length < job.wanted.length;
  const good = succeeded ? [{ user, how: 'good' as const }] : [];
  if (left.length === 0) return { step: { end: 'done' }, verdicts: good, stale: [] };
  if (left.some((index) => of(index)?.state === 'cancelled'))
    return { step: { end: 'cancelled' }, verdicts: [], stale: [] };
  const pending = left.flatMap((index) => {
    const transfer = of(index);
    return transfer?.state === 'pending' ? [transfer] : [];
  });
  const tooLong =
    pending.every(({ queued }) => queued) && now - (job.sentAt ?? now) > patienceMs && job.sources.length > 1;
  if (pending.length > 0 && !tooLong) {
    const wait = Math.min(LAST_POLL_MS, FIRST_POLL_MS * 1.5 ** (job.polls + 1));
    return { step: { next: { ...job, polls: job.polls + 1, nextAt: now + wait } }, verdicts: [], stale: [] };
  }
  const failed = left.some((index) => of(index)?.state === 'failed');
  const verdicts = failed ? [{ user, how: 'bad' as const }] : good;
  return { step: nextSource({ ...job, wanted: left }, now, guid), verdicts, stale: pending };
}
