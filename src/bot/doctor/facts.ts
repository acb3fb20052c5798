import { readdirSync } from 'node:fs';
import type { NoticesAnswer } from '../notify/notices-control.ts';
import type { BotStatus } from '../runtime/status.ts';
import type { JobsAnswer } from '../scheduler/jobs-control.ts';
import type { DecisionQuery } from '../store/decisions.ts';
import type { RecordedDecision } from '../why/decision-log.ts';
import type { RecentSearch } from './recent-searches.ts';

/** How often the bot decided something for the same reason. */
export interface DecisionCount {
  readonly source: string;
  readonly what: string;
  readonly reason: string;
  readonly times: number;
}

/** The process that the bot runs in. */
export interface ProcessFacts {
  readonly pid: number;
  /** Open descriptors; absent where the system does not tell. */
  readonly descriptors?: number;
  /** The most that it may open. */
  readonly descriptorLimit?: number;
  readonly residentBytes: number;
}

/** What there is to know about a running bot, for the rules. Plain data, without secrets and private text. */
export interface DoctorFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly status: BotStatus;
  /** The last searches of plugins, oldest first. */
  readonly searches: readonly RecentSearch[];
  /** Decisions of the last hour, the most frequent first. */
  readonly decisions: readonly DecisionCount[];
  /** Runs by the clock that were given up. */
  readonly deadJobs: {
    readonly count: number;
    readonly last?: { readonly name: string; readonly error: string };
  };
  /** What people were to be told and could not, and the channels that fail now. */
  readonly notices: {
    readonly dead: number;
    readonly failing: readonly { readonly channel: string; readonly problem: string }[];
  };
  readonly process: ProcessFacts;
}

/** What is needed of the bot. */
export interface DoctoredBot {
  status(): BotStatus;
  readonly recentSearches: readonly RecentSearch[];
  readonly descriptorLimit: number | undefined;
  now(): number;
  decisions(query: DecisionQuery): Promise<readonly RecordedDecision[]>;
  jobs(request: unknown): Promise<JobsAnswer>;
  notices(request: unknown): Promise<NoticesAnswer>;
}

const HOUR_MS = 3_600_000;
const MAX_DECISIONS = 1_000;
const MAX_REASONS = 10;

/** Collects them. @throws StoreError (as rejection). */
export async function doctorFacts(bot: DoctoredBot): Promise<DoctorFacts> {
  const now = bot.now();
  const [decisions, jobs, notices] = await Promise.all([
    bot.decisions({ since: now - HOUR_MS, limit: MAX_DECISIONS }),
    bot.jobs({ act: 'list' }),
    bot.notices({ act: 'list' }),
  ]);
  return {
    now,
    status: bot.status(),
    searches: bot.recentSearches,
    decisions: countDecisions(decisions),
    deadJobs: deadJobs(jobs),
    notices: noticesOf(notices),
    process: processFacts(bot.descriptorLimit),
  };
}

/** The same decision for different people is the same; numbers in reasons (seconds left) do not tell them apart. */
export function countDecisions(decisions: readonly DecisionCount[]): readonly DecisionCount[] {
  const counts = new Map<string, DecisionCount>();
  for (const { source, what, reason, times } of decisions) {
    const key = JSON.stringify([source, what, reason.replaceAll(/\d+/g, '#')]);
    const known = counts.get(key);
    counts.set(key, { source, what, reason: known?.reason ?? reason, times: (known?.times ?? 0) + times });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times).slice(0, MAX_REASONS);
}

function deadJobs(answer: JobsAnswer): DoctorFacts['deadJobs'] {
  if (!('report' in answer)) return { count: 0 };
  const { dead, deadCount } = answer.report;
  const [last] = dead;
  if (last === undefined) return { count: deadCount };
  return { count: deadCount, last: { name: `${last.instance}/${last.id}`, error: last.error } };
}

function noticesOf(answer: NoticesAnswer): DoctorFacts['notices'] {
  if (!('report' in answer)) return { dead: 0, failing: [] };
  const { channels, deadCount } = answer.report;
  const failing = channels.flatMap(({ name: channel, problem }) =>
    problem === undefined ? [] : [{ channel, problem }],
  );
  return { dead: deadCount, failing };
}

function processFacts(limit: number | undefined): ProcessFacts {
  const descriptors = openDescriptors();
  return {
    pid: process.pid,
    ...(descriptors === undefined ? {} : { descriptors }),
    ...(limit === undefined ? {} : { descriptorLimit: limit }),
    residentBytes: process.memoryUsage.rss(),
  };
}

function openDescriptors(): number | undefined {
  try {
    return readdirSync(process.platform === 'darwin' ? '/dev/fd' : '/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
