import { PluginError } from '../api/errors.ts';
import type { Decision } from '../api/why.ts';

/** Longest of each field, in characters. */
const LONGEST = { what: 64, reason: 500, user: 128, room: 128, about: 128 } as const;

/** A decision, as a plugin handed it over. @throws PluginError `invalid` */
export function readDecision(value: unknown): Decision {
  const given =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const user = optional(given, 'user');
  const room = optional(given, 'room');
  const about = optional(given, 'about');
  return {
    what: required(given, 'what'),
    reason: required(given, 'reason'),
    ...(user !== undefined && { user }),
    ...(room !== undefined && { room }),
    ...(about !== undefined && { about }),
  };
}

function required(given: Readonly<Record<string, unknown>>, key: keyof typeof LONGEST): string {
  const value = optional(given, key);
  if (value !== undefined) return value;
  throw new PluginError('invalid', `bot.why: ${key} must be a text`);
}

function optional(given: Readonly<Record<string, unknown>>, key: keyof typeof LONGEST): string | undefined {
  const value = given[key];
  if (value === undefined) return undefined;
  const longest = LONGEST[key];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return value;
  throw new PluginError('invalid', `bot.why: ${key} must be a text of 1 to ${longest} characters`);
}
