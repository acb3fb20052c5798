import { type RuleContext, type RuleJoin, type RuleLine, s, type Verdict } from '../../../api/index.ts';

type Shape = Parameters<typeof s.object>[0];

/** How far a rule looks back, see `RuleDefinition.window`. */
export interface Window {
  readonly withinMs: number;
  readonly lines: number;
  readonly sameUser: boolean;
}

/** What every rule can be told. */
const COMMON = {
  enabled: s.boolean().default(true).describe('Whether it judges at all; can be different in a room.'),
  exempt: s
    .array(s.oneOf('trusted', 'room.member', 'room.operator', 'room.owner'))
    .default([])
    .describe('Besides staff, whom no rule judges. Counts for all rooms.'),
  exemptUsers: s
    .array(s.string({ min: 1 }))
    .default([])
    .describe('Names, exact.'),
} as const;

/** The settings of a rule that knows only the common ones. */
export interface CommonSettings {
  readonly enabled: boolean;
  readonly points: number;
  readonly exempt: readonly ('trusted' | 'room.member' | 'room.operator' | 'room.owner')[];
  readonly exemptUsers: readonly string[];
}

/** The schema of a rule's settings: what is common, and its own. */
export function settingsOf<const S extends Shape>(points: number, own: S) {
  return s.object({
    ...COMMON,
    points: s
      .number({ min: 0.1, max: 100 })
      .default(points)
      .describe('1 a slip, 3 a nuisance, 10 an attack.'),
    ...own,
  });
}

interface About<Settings> {
  /** Lower-case letters and `-`: the name in cases. */
  readonly id: string;
  readonly summary: string;
  /** Goes up when it judges differently. */
  readonly version: string;
  /** @default looks back on nothing */
  readonly window?: (settings: Settings) => Window;
}

/** A rule about lines. A pure function of what it is given. */
export interface LineRule<Settings extends CommonSettings> extends About<Settings> {
  readonly on: 'line';
  readonly judge: (line: RuleLine, context: RuleContext, settings: Settings) => Verdict | undefined;
}

/** A rule about who comes in. */
export interface JoinRule<Settings extends CommonSettings> extends About<Settings> {
  readonly on: 'join';
  readonly judge: (join: RuleJoin, context: RuleContext, settings: Settings) => Verdict | undefined;
}

/** Computes something once for settings, which are the same object as long as the plugin is loaded. */
export function once<Settings extends object, T>(
  compute: (settings: Settings) => T,
): (settings: Settings) => T {
  const known = new WeakMap<Settings, T>();
  return (settings) => {
    const found = known.get(settings);
    if (found !== undefined) return found;
    const computed = compute(settings);
    known.set(settings, computed);
    return computed;
  };
}

const LONGEST = 300;

/** Something of a line, for a reason or as evidence: in one piece, and not too long. */
export function shown(text: string, most = LONGEST): string {
  const chars = Array.from(text.replace(/\s+/gu, ' ').trim());
  return chars.length > most ? `${chars.slice(0, most - 1).join('')}…` : chars.join('');
}
