import { RealClock } from '../../platform/real/real-clock.ts';
import { askBot } from '../control/ask-bot.ts';
import { printable } from '../terminal/printable.ts';

/** The watch lists of the running bot. */
export async function showLists(config: string): Promise<boolean> {
  const answer = await askBot(config, 'moderation', { ask: 'lists' });
  if (answer === undefined) return false;
  const lists = answer.lists ?? [];
  if (lists.length === 0) process.stdout.write('The config subscribes to no list (moderation.lists).\n');
  const now = new RealClock().now();
  for (const { id, from, atMost, rooms, entries, name, expires, at, problems } of lists) {
    const hours = at === undefined ? 'never read' : `read ${Math.round((now - at) / 3_600_000)} h ago`;
    const until =
      expires === undefined ? '' : `, holds until ${new Date(expires).toISOString().slice(0, 10)}`;
    const where = rooms === undefined ? 'every room' : rooms.join(', ');
    const lines = [
      `${id}${name === undefined ? '' : ` (${name})`}: ${entries} names, ${hours}${until}; at most ${atMost}, in ${where}`,
      `  from ${from}`,
      ...problems.map((problem) => `  problem: ${problem}`),
    ];
    for (const line of lines) process.stdout.write(`${printable(line)}\n`);
  }
  return true;
}
