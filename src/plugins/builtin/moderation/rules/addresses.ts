import { type Infer, s, type Verdict } from '../../../api/index.ts';
import { settingsOf } from './rule.ts';

export const addressesSettings = settingsOf(5, {
  deny: s
    .array(s.string({ min: 7, max: 18 }), { min: 1, max: 5_000 })
    .describe('IPv4 addresses and ranges: "203.0.113.7", "198.51.100.0/24".'),
});

type Settings = Infer<typeof addressesSettings>;

interface Range {
  readonly base: number;
  readonly size: number;
}

const RANGE = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** Reads `198.51.100.0/24`. */
export function parseRange(text: string): Range | undefined {
  const [, a, b, c, d, bits = '32'] = RANGE.exec(text.trim()) ?? [];
  const bytes = [a, b, c, d].map(Number);
  if (bytes.some((byte) => !(byte <= 255)) || Number(bits) > 32) return undefined;
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - Number(bits));
  return { base: address - (address % size), size };
}

/** What is wrong with a range, as a sentence without an end; undefined: nothing. */
export function rangeProblem(text: string): string | undefined {
  const range = parseRange(text);
  if (range === undefined)
    return `${JSON.stringify(text)} is no IPv4 address or range, such as "203.0.113.7" or "198.51.100.0/24"`;
  if (range.size > 2 ** 24)
    return `${JSON.stringify(text)} is wider than /8: that is no range but half the world`;
  return undefined;
}

/** Whether somebody comes from an address that is not admitted. The address itself is not part of what is said. */
export function judgeAddress(
  address: string,
  { deny, points }: Pick<Settings, 'deny' | 'points'>,
): Verdict | undefined {
  const own = parseRange(address);
  if (own === undefined) return undefined;
  const found = deny.find((text) => {
    const range = parseRange(text);
    return range !== undefined && own.base >= range.base && own.base < range.base + range.size;
  });
  return found === undefined ? undefined : { points, reason: `comes from the range ${found}` };
}
