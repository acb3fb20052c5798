import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ConfigIssue } from '../types.ts';
import { readConfig } from './config.ts';

/** The config of an instance, and what it is in rooms where it is different. */
export interface RoomConfigs {
  readonly config: unknown;
  readonly rooms: ReadonlyMap<string, unknown>;
}

/**
 * Reads the config, and for each room the config with what is different there merged over it, with the plugin's schema.
 * Issues of a room name it. What is wrong in the config itself is told once.
 */
export async function readRoomConfigs(
  schema: StandardSchemaV1 | undefined,
  config: unknown,
  rooms: Readonly<Record<string, unknown>>,
): Promise<RoomConfigs | { readonly issues: readonly ConfigIssue[] }> {
  const usual = await readConfig(schema, config);
  if ('issues' in usual) return usual;
  const read = new Map<string, unknown>();
  const issues: ConfigIssue[] = [];
  for (const [room, difference] of Object.entries(rooms)) {
    const there = await readConfig(schema, mergeConfig(config ?? {}, difference ?? {}));
    if ('issues' in there) issues.push(...there.issues.map((issue) => ({ ...issue, room })));
    else read.set(room, there.value);
  }
  return issues.length > 0 ? { issues } : { config: usual.value, rooms: read };
}

/** Maps are merged key by key; everything else, lists included, is replaced. */
function mergeConfig(usual: unknown, difference: unknown): unknown {
  if (!isMap(usual) || !isMap(difference)) return difference;
  const merged: Record<string, unknown> = { ...usual };
  for (const [key, value] of Object.entries(difference)) {
    const merging = Object.hasOwn(usual, key) ? mergeConfig(usual[key], value) : value;
    Object.defineProperty(merged, key, {
      value: merging,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return merged;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
