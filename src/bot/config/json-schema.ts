import * as z from 'zod';
import type { JsonSchema } from '../../plugins/api/schema/types.ts';
import { configSchema } from './schema.ts';

/**
 * One JSON Schema (draft 2020-12) for the whole of config.yaml, for editors.
 * @param plugins schemas of plugins' own `config`, by the key under which the plugin stands in the config.
 */
export function configJsonSchema(plugins: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as Record<string, unknown>;
  const section = (schema['properties'] as Record<string, Record<string, unknown>>)['plugins']!;
  const entry = section['additionalProperties'] as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
  };
  section['additionalProperties'] = orNothing(entry);
  const known = Object.entries(plugins).map(([key, config]) => {
    const rest = Object.fromEntries(Object.entries(config).filter(([keyword]) => keyword !== '$schema'));
    const described = {
      ...entry,
      properties: { ...entry.properties, config: { ...entry.properties['config'], ...rest } },
    };
    return [key, orNothing(described)] as const;
  });
  if (known.length > 0) section['properties'] = Object.fromEntries(known);
  return schema;
}

/** `seen:` with nothing behind it is a plugin with every default. */
function orNothing(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}
