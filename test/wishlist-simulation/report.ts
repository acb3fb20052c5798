import type { SimulationOptions, SimulationReport } from './simulation.ts';
import { trace } from './trace.ts';

const PROBLEMS = 20;

/** A run as text for people, one line each. */
export function describe(report: SimulationReport): string[] {
  const { options, record, problems, errors, seen, due, atOnce, changes } = report;
  const { announcements, turns, processes, sessions, incidents, tellings } = record;
  const ofKind = (kind: string) => announcements.filter((each) => each.kind === kind).length;
  const late = announcements.filter((each) => each.late).length;
  const again = tellings.filter(({ redelivered }) => redelivered).length;
  const lines = [
    `seed ${options.seed}${options.faults ? ' with faults' : ''}: ${problems.length === 0 ? 'passed' : 'FAILED'}, digest ${report.digest}`,
    `  ${options.wishes} wishes, ${options.people} people, ${options.days} days; ${changes} changes of libraries, ${incidents.length} faults, ` +
      `${processes.length} starts and ${sessions.length} logins of the bot`,
    `  ${turns.length} wish searches; ${seen} matching files were reached, ${due} by two turns or more; ${atOnce} of these told after the first`,
    `  announced: ${ofKind('new')} new, ${ofKind('source')} sources, ${announcements.length - ofKind('new') - ofKind('source')} others; ${late} late, ${again} finds delivered again`,
  ];
  if (errors.length > 0) lines.push(`  the bot's log has ${errors.length} errors, the first: ${errors[0]!}`);
  for (const { text } of problems.slice(0, PROBLEMS)) lines.push(`  ${text}`);
  if (problems.length > PROBLEMS) lines.push(`  … and ${problems.length - PROBLEMS} more`);
  const [first] = problems;
  if (first === undefined) return lines;
  lines.push('  around the first:', ...trace(record, first).map((line) => `    ${line}`));
  return lines;
}

/** What to type to see the same run again. */
export function command({ wishes, people, days, seed, faults }: SimulationOptions): string {
  return `npm run simulate:wishlist -- --wishes ${wishes} --people ${people} --days ${days} --seed ${seed}${faults ? ' --faults' : ''}`;
}
