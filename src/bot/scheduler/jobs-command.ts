import { type CoreCommand, coreSpec } from '../commands/core-command.ts';
import { deadLine, jobLine, jobsInShort } from './jobs-text.ts';
import type { Scheduler } from './scheduler.ts';
import { Zone } from './zone.ts';

/** In a room one line with so many jobs; in private everything, up to so many lines. */
const IN_ROOM = 3;
const JOB_LINES = 20;
const DEAD_LINES = 5;

/** `!jobs`: what runs when, how it went, and what was left out. */
export function jobsCommand(scheduler: Pick<Scheduler, 'report'>): CoreCommand {
  return {
    spec: coreSpec({
      name: 'jobs',
      summary: 'What runs when, and how it went the last time',
      description: 'In a room what comes next; in private everything, with what was left out or given up.',
      allow: ['owner', 'mod'],
    }),
    async run({ room }) {
      const report = await scheduler.report();
      if (room !== undefined) return { lines: [jobsInShort(report, IN_ROOM)] };
      const { jobs, dead, deadCount, timezone } = report;
      if (jobs.length === 0 && deadCount === 0) return { lines: ['No plugin runs anything by the clock.'] };
      const zone = Zone.of(timezone);
      const more = jobs.length - JOB_LINES;
      return {
        lines: [
          ...jobs.slice(0, JOB_LINES).map((job) => jobLine(job, report)),
          ...(more > 0 ? [`and ${more} more: seekeeper jobs`] : []),
          ...dead.slice(-DEAD_LINES).map((letter) => deadLine(letter, zone)),
          ...(deadCount > DEAD_LINES ? [`${deadCount} were given up: seekeeper jobs`] : []),
        ],
      };
    },
  };
}
