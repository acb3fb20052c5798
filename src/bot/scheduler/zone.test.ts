import { expect, it } from 'vitest';
import { isTimeZone, Zone } from './zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

it('knows a change whatever was asked before', () => {
  // Zones that no other test asks for; clocks go back there at these instants.
  for (const [name, change] of [
    ['Pacific/Norfolk', '2026-04-04T15:00:00Z'],
    ['Europe/Oslo', '2026-10-25T01:00:00Z'],
  ] as const) {
    const zone = Zone.of(name);
    const at = Date.parse(change);
    for (const later of [3 * DAY, 2 * DAY, 2 * DAY - 1, DAY, 10 * 60_000, 0]) {
      const segment = zone.segmentAt(at + later);
      expect(segment.offset).toBe(zone.offsetAt(at + HOUR));
      if (later < 2 * DAY) expect(segment).toMatchObject({ start: at, before: segment.offset + HOUR });
    }
    expect(zone.segmentAt(at - 1)).toMatchObject({ end: at, after: zone.offsetAt(at) });
  }
});

it('reads offsets with minutes and seconds', () => {
  const at = (zone: string, time: string) => Zone.of(zone).offsetAt(Date.parse(time)) / 60_000;
  expect(at('Asia/Kathmandu', '2026-01-01T00:00:00Z')).toBe(345);
  expect(at('America/St_Johns', '2026-01-01T00:00:00Z')).toBe(-210);
  expect(at('Africa/Monrovia', '1971-01-01T00:00:00Z')).toBeCloseTo(-44.5, 5);
  expect(at('UTC', '2026-01-01T00:00:00Z')).toBe(0);
});

it.each(['UTC', 'Europe/Berlin', 'america/new_york', 'Etc/GMT+5'])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true);
});

it.each(['', '+02:00', 'Berlin', 'local', '__proto__', 'Europe/Berlin '])('%j is none', (name) => {
  expect(isTimeZone(name)).toBe(false);
});
