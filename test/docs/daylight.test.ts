import { describe, expect, it } from 'vitest';
import { type ClockChanges, CronSchedule } from '../../src/bot/scheduler/cron.ts';
import { page } from './markdown.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** The rows of a table of docs/scheduling.md: cells by the heading of their column. */
function rowsOf(first: string): Readonly<Record<string, string>>[] {
  const lines = page('docs/scheduling.md').split('\n');
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const at = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  const head = cells(lines[at] ?? '');
  const body = lines.slice(at + 2);
  return body
    .slice(
      0,
      body.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => {
      const values = cells(line);
      return Object.fromEntries(head.map((name, index) => [name, values[index] ?? '']));
    });
}

/** How a clock on the wall reads there, by a formatter that the scheduler does not use. */
function wall(zone: string, at: number): { readonly date: string; readonly text: string } {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);
  const [date = '', time = ''] = format.split(' ');
  const minutes = (Date.parse(`${date}T${time}:00Z`) - at) / MINUTE;
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return { date, text: `${time} ${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}` };
}

/** Runs of that day. */
function runsOn(date: string, zone: string, cron: string, changes: Partial<ClockChanges>): string[] {
  const schedule = new CronSchedule(cron, zone, { gap: 'skip', fold: 'first', ...changes });
  const runs: string[] = [];
  let at = schedule.next(Date.parse(`${date}T00:00:00Z`) - DAY);
  for (; at !== undefined && at < Date.parse(`${date}T00:00:00Z`) + 2 * DAY; at = schedule.next(at)) {
    const { date: day, text } = wall(zone, at);
    if (day === date) runs.push(text);
  }
  return runs;
}

const POLICIES: readonly (readonly [string, Partial<ClockChanges>])[] = [
  ['gap: shift', { gap: 'shift' }],
  ['gap: skip', { gap: 'skip' }],
  ['fold: first', { fold: 'first' }],
  ['fold: second', { fold: 'second' }],
  ['fold: both', { fold: 'both' }],
];

describe('the runs that are promised when clocks are changed', () => {
  it.each([
    ['forward', 2],
    ['back', 3],
  ] as const)('%s: in five time zones, by each policy', (direction, policies) => {
    const rows = rowsOf(direction);
    expect(new Set(rows.map((row) => row[direction])).size).toBe(5);
    for (const row of rows) {
      const zone = row[direction] ?? '';
      const [date = '', clocks = ''] = (row['clocks'] ?? '').split(', ');
      // The minute before the change and the one after it read as the table says.
      const every = runsOn(date, zone, '*/30 * * * *', {});
      const [from = '', to = ''] = clocks.split(' to ');
      expect(changeOf(zone, date)).toEqual([from, to]);
      expect(every).toHaveLength(Number(row['half-hourly']));
      const promised = POLICIES.filter(([name]) => row[name] !== undefined);
      expect(promised).toHaveLength(policies);
      for (const [name, changes] of promised) {
        const runs = runsOn(date, zone, row['job'] ?? '', changes);
        expect(`${zone} ${name}: ${runs.join(', ') || '–'}`).toBe(`${zone} ${name}: ${row[name] ?? ''}`);
      }
    }
  });
});

/** When the clocks of a zone are changed on a day: what they would show, and what they show. */
function changeOf(zone: string, date: string): readonly [string, string] | undefined {
  const start = Date.parse(`${date}T00:00:00Z`) - DAY / 2;
  for (let at = start; at < start + 2 * DAY; at += MINUTE) {
    const [before, after] = [wall(zone, at - MINUTE).text, wall(zone, at).text];
    const [, offset = ''] = before.split(' ');
    const [shows = '', now = ''] = after.split(' ');
    if (offset === now) continue;
    const [hours = 0, minutes = 0] = before.split(' ')[0]!.split(':').map(Number);
    const next = (hours * 60 + minutes + 1) % 1440;
    const two = (n: number) => String(n).padStart(2, '0');
    return [`${two(Math.floor(next / 60))}:${two(next % 60)}`, shows];
  }
  return undefined;
}
