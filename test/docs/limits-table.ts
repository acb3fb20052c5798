import { OUTGOING, spec } from '../../src/bot/config/outgoing.ts';

/** What `outgoing:` allows, as the rows of the table in docs/network-rules.md. */
export function limitRows(): readonly string[] {
  return Object.entries(OUTGOING).map(([key, { about, standard, limits }]) => {
    const bounds = limits.map((name) => {
      const { ceiling, floor, unit } = spec(name);
      return ceiling === undefined ? `at least ${String(floor)} ${unit}` : `at most ${ceiling} ${unit}`;
    });
    return `| \`${key}\` | \`${standard}\` | ${bounds.join('; ')} | ${about} |`;
  });
}
