import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { nearestKey } from '../../api/schema/nearest-key.ts';
import type { JsonSchema } from '../../api/schema/types.ts';
import type { ConfigIssue } from '../types.ts';
import { propertiesAt } from './json-properties.ts';

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
    return {
      issues: keys.map((key) => ({
        path: [key],
        message: 'this plugin takes no config',
        unknownKey: true as const,
      })),
    };
  }
  const result = await schema['~standard'].validate(given);
  if (result.issues === undefined) return { value: result.value };
  return { issues: result.issues.flatMap((issue) => plainIssues(issue, schema)) };
}

function plainIssues(issue: StandardSchemaV1.Issue, schema: StandardSchemaV1): ConfigIssue[] {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'symbol' ? String(key) : key;
  });
  const keys = unrecognizedKeys(issue);
  if (keys.length > 0) {
    const known = propertiesAt(describeConfig(schema), path);
    return keys.map((key) => unknownKey(key, path, known));
  }
  const nearest: unknown = 'nearest' in issue ? issue.nearest : undefined;
  return [
    {
      path,
      message: issue.message,
      ...(typeof nearest === 'string' ? { nearest } : {}),
      ...('unknownKey' in issue && issue.unknownKey === true ? { unknownKey: true } : {}),
    },
  ];
}

/** zod tells all unknown keys of an object in one issue, at the place of the object. */
function unrecognizedKeys(issue: StandardSchemaV1.Issue): readonly string[] {
  if (!('code' in issue && issue.code === 'unrecognized_keys' && 'keys' in issue)) return [];
  const keys: unknown = issue.keys;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

function unknownKey(key: string, path: ConfigIssue['path'], known: readonly string[]): ConfigIssue {
  const nearest = nearestKey(key, known);
  const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  return {
    path: [...path, key],
    message: `unknown key ${JSON.stringify(key)}${hint}`,
    ...(nearest === undefined ? {} : { nearest }),
    unknownKey: true,
  };
}
