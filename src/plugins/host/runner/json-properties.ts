import type { JsonSchema } from '../../api/schema/types.ts';

/** The keys that a JSON Schema names for the object at `path`; empty when it names none. References are not followed. */
export function propertiesAt(schema: JsonSchema, path: readonly (string | number)[]): readonly string[] {
  let places = withBranches(schema);
  for (const step of path) {
    places = places.flatMap((place) => [...inner(place, step)].flatMap(withBranches));
  }
  return [...new Set(places.flatMap((place) => Object.keys(asSchema(place['properties']))))];
}

/** A schema and what it is combined from. */
function withBranches(schema: JsonSchema): JsonSchema[] {
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => asList(schema[word]).map(asSchema));
  return [schema, ...branches.flatMap(withBranches)];
}

/** The schema of an object's key or a list's entry. */
function* inner(schema: JsonSchema, step: string | number): Generator<JsonSchema> {
  const properties = asSchema(schema['properties']);
  if (typeof step === 'number') yield asSchema(asList(schema['prefixItems'])[step] ?? schema['items']);
  else if (Object.hasOwn(properties, step)) yield asSchema(properties[step]);
  else yield asSchema(schema['additionalProperties']);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}
