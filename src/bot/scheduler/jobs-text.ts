import { formatDuration } from '../../plugins/api/duration.ts';
import type { DeadLetter, JobInfo, JobsReport, RunInfo } from './jobs-report.ts';
import { Zone } from './zone.ts';

/** Why a run was left out, in words. */
export const SKIPPED: Readonly<Record<string, string>> = {
  missed: 'the bot was away',
  overlap: 'the last run was still going on',
};

/** Everything about a job in one line, as its plugin and id, when it runs, how it went and what was left out. */
export function jobLine(job: JobInfo, { at: now, timezone }: JobsReport): string {
  const zone = Zone.of(timezone);
  const parts = [
    nextText(job, now, zone),
    ...job.runs.map((run) => runText(run, now)),
    job.last === undefined
      ? 'never ran yet'
      : `last ${job.last.how === 'done' ? 'ok' : `failed (${job.last.detail ?? ''})`} ${agoText(now - job.last.at)}, took ${formatDuration(job.last.ms)}`,
  ];
  if (job.skipped !== undefined)
    parts.push(
      `left out ${localText(job.skipped.due, zone)}: ${SKIPPED[job.skipped.why] ?? job.skipped.why}`,
    );
  return `${job.instance}/${job.id} (${job.when}): ${parts.join('; ')}`;
}

/** A run that was given up, and what can be done about it. */
export function deadLine({ run, instance, id, key, due, attempts, error }: DeadLetter, zone: Zone): string {
  const what = `${instance}/${id}${key === undefined ? '' : ` "${key}"`}`;
  return `given up: ${what}, due ${localText(due, zone)}, after ${attempts} attempts: ${error} [${run}]`;
}

/** What a room wants to know: what comes next, and whether something is wrong. */
export function jobsInShort({ at: now, jobs, deadCount }: JobsReport, most: number): string {
  const coming = jobs
    .filter(({ next, orphaned }) => next !== undefined && !orphaned)
    .sort((a, b) => a.next! - b.next!)
    .map(({ instance, id, next, timers }) => {
      const count = timers > 1 ? ` (${timers} timers)` : '';
      return `${instance}/${id} ${inText(next! - now)}${count}`;
    });
  const failing = jobs.filter(({ last }) => last?.how === 'error').length;
  const notes = [
    coming.length === 0 ? 'Nothing is due.' : `Next: ${coming.slice(0, most).join(', ')}`,
    coming.length > most && `${coming.length - most} more`,
    failing > 0 && `${failing} failed the last time`,
    deadCount > 0 && `${deadCount} given up`,
  ];
  return notes.filter((note) => note !== false).join('; ');
}

function nextText({ next, timers, kind, orphaned, orphanedAt }: JobInfo, now: number, zone: Zone): string {
  if (orphaned) {
    const left = orphanedAt === undefined ? '' : `, forgotten ${inText(orphanedAt + KEPT_MS - now)}`;
    return `no plugin registers it${left}`;
  }
  const count = kind === 'timer' ? `${timers} set` : undefined;
  if (next === undefined) return count ?? 'never again';
  const when = `next ${inText(next - now)} (${localText(next, zone)})`;
  return count === undefined ? when : `${count}, ${when}`;
}

/** As long as the store keeps a job that nobody registers. */
const KEPT_MS = 30 * 86_400_000;

function runText({ begun, attempt, at, error, key }: RunInfo, now: number): string {
  const what = key === undefined ? '' : `"${key}" `;
  if (begun) return `${what}under way`;
  if (attempt === 0) return `${what}waits for its turn`;
  return `${what}tried again ${inText(at - now)} (attempt ${attempt} failed: ${error ?? ''})`;
}

function inText(ms: number): string {
  return ms <= 0 ? 'now' : `in ${roughly(ms)}`;
}

function agoText(ms: number): string {
  return ms < 1000 ? 'just now' : `${roughly(ms)} ago`;
}

/** The two largest units: `3d4h`, `20m5s`. */
function roughly(ms: number): string {
  const text = formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000));
  return (text.match(/\d+[a-z]+/gu) ?? []).slice(0, 2).join('');
}

function localText(at: number, zone: Zone): string {
  const local = new Date(at + zone.offsetAt(at)).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 16)} ${zone.name}`;
}
