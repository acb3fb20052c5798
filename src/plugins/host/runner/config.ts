import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { JsonSchema } from '../../api/schema/types.ts';
import type { ConfigIssue } from '../types.ts';

/** What a schema says about itself; `{ type: 'object' }` when it cannot. */
export function describeConfig(schema: StandardSchemaV1 | undefined): JsonSchema {
  if (schema === undefined) return { type: 'object', properties: {}, additionalProperties: false };
  const standard: Partial<StandardJSONSchemaV1.Props> = schema['~standard'];
  try {
    const described = standard.jsonSchema?.input({ target: 'draft-2020-12' });
    // Through JSON, because it must cross to the host.
    if (described !== undefined) return JSON.parse(JSON.stringify(described)) as JsonSchema;
  } catch {
    // The library cannot express this schema; it still validates.
  }
  return { type: 'object' };
}

export type ReadConfig = { readonly value: unknown } | { readonly issues: readonly ConfigIssue[] };

/** Reads a config with a plugin's schema. Rejects only when the schema itself throws. */
export async function readConfig(schema: StandardSchemaV1 | undefined, config: unknown): Promise<ReadConfig> {
  const given = config ?? {};
  if (schema === undefined) {
    if (typeof given !== 'object') return { issues: [{ path: [], message: 'this plugin takes no config' }] };
    const keys = Object.keys(given);
    if (keys.length === 0) return { value: Object.freeze({}) };
    return { issues: keys.map((key) => ({ path: [key], message: 'this plugin takes no config' })) };
  }
  const result = await schema['~standard'].validate(given);
  return result.issues === undefined ? { value: result.value } : { issues: result.issues.map(plainIssue) };
}

function plainIssue(issue: StandardSchemaV1.Issue): ConfigIssue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'symbol' ? String(key) : key;
  });
  const nearest: unknown = 'nearest' in issue ? issue.nearest : undefined;
  return { path, message: issue.message, ...(typeof nearest === 'string' ? { nearest } : {}) };
}
