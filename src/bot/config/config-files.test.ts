import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { LIMITS, resolveLimits } from '../../network/governor/limits.ts';
import { formatDiagnostic } from './diagnostic.ts';
import { configJsonSchema } from './json-schema.ts';
import { loadConfig } from './load-config.ts';
import { OUTGOING } from './outgoing.ts';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const example = read('config.example.yaml');
/** The secrets that the example takes from the environment. */
const SECRETS = {
  SOULSEEK_PASSWORD: 'x',
  WEBHOOK_URL: 'https://example.org/hook',
  WEBHOOK_SECRET: 'x',
  WEBHOOK_TOKEN: 'x',
  DISCORD_URL: 'https://discord.com/api/webhooks/1/x',
  NTFY_TOPIC: 'x',
  NTFY_TOKEN: 'x',
  TELEGRAM_TOKEN: 'x',
  SMTP_PASSWORD: 'x',
};
const load = (text: string) => {
  const result = loadConfig({ path: '/x/config.yaml', text, env: SECRETS });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result;
};

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly description?: string;
}

const branches = ({ anyOf = [], oneOf = [] }: Node): readonly Node[] => [...anyOf, ...oneOf];

/** Every key that the schema has, as `a.b`; list items and names that people give add no step of their own. */
const schemaKeys = (node: Node, path = ''): string[] => [
  ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => [
    `${path}${key}`,
    ...schemaKeys(inner, `${path}${key}.`),
  ]),
  ...(typeof node.additionalProperties === 'object' ? schemaKeys(node.additionalProperties, path) : []),
  ...(node.items ? schemaKeys(node.items, path) : []),
  ...branches(node).flatMap((inner) => schemaKeys(inner, path)),
];

/** Where people give names, as `a.`: below each name there is the same. */
const namedPlaces = (node: Node, path = ''): string[] => [
  ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => namedPlaces(inner, `${path}${key}.`)),
  ...(typeof node.additionalProperties === 'object'
    ? [path, ...namedPlaces(node.additionalProperties, path)]
    : []),
  ...(node.items ? namedPlaces(node.items, path) : []),
  ...branches(node).flatMap((inner) => namedPlaces(inner, path)),
];
const NAMED = new Set(namedPlaces(configJsonSchema()).filter((path) => path !== 'plugins.'));

/** What the entry of a plugin has. */
const ENTRY_KEYS = new Set(
  schemaKeys(configJsonSchema()).flatMap((key) => /^plugins\.(.+)$/u.exec(key)?.[1] ?? []),
);

/** Below them anything goes. */
const OPEN = new Set(['plugins.config.', 'plugins.rooms.', 'wishes.profiles.']);

/** Every key that a value has, in the same form. */
const valueKeys = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => valueKeys(item, path));
  if (typeof value !== 'object' || value === null || OPEN.has(path)) return [];
  if (NAMED.has(path)) return Object.values(value).flatMap((inner) => innerKeys(inner, path));
  return innerKeys(value, path);
};

const innerKeys = (value: unknown, path: string): string[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const inPlugins = path === 'plugins.';
  return Object.entries(value).flatMap(([key, inner]) =>
    inPlugins && !('use' in value && key === 'use') && !ENTRY_KEYS.has(key)
      ? valueKeys(inner, path)
      : [`${path}${key}`, ...valueKeys(inner, `${path}${key}.`)],
  );
};

it('config.schema.json is up to date (npx tsx scripts/schema.ts writes it)', () => {
  expect(JSON.parse(read('config.schema.json'))).toEqual(configJsonSchema());
});

it('config.example.yaml has every key of the schema and no other, and tells editors of the schema', () => {
  expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./config.schema.json');
  const known = schemaKeys(configJsonSchema());
  const shown = new Set(valueKeys(parse(example)));
  // The two forms of a secret exclude each other; the other one is in the comment.
  const missing = new Set(
    known.filter((key) => !shown.has(key) && !/^notify\.channels\.\w+\.file$/u.test(key)),
  );
  expect([...missing]).toEqual(['bot.password.file']);
  expect([...shown].filter((key) => !known.includes(key))).toEqual([]);
});

it('every key of the schema is described', () => {
  const undescribed = (node: Node, path: string): string[] => [
    ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => [
      ...(inner.description === undefined ? [`${path}${key}`] : []),
      ...undescribed(inner, `${path}${key}.`),
    ]),
    ...(node.items ? undescribed(node.items, path) : []),
    ...(typeof node.additionalProperties === 'object' ? undescribed(node.additionalProperties, path) : []),
    ...branches(node).flatMap((inner) => undescribed(inner, path)),
  ];
  expect(undescribed(configJsonSchema() as Node, '')).toEqual([]);
});

it('config.example.yaml loads without a warning, and what it gives as defaults are the defaults', () => {
  const { config, warnings } = load(example);
  expect(warnings).toEqual([]);
  const bare = load('bot: { user: roomkeeper, password: { env: SOULSEEK_PASSWORD } }').config;
  // These are there to be copied; the comments say that by default there is nothing.
  const { bot, rooms, roles, plugins } = bare;
  const { host, port } = config.listen || {};
  const { level, format } = config.log;
  const notify = { ...config.notify, channels: bare.notify.channels };
  const wishes = { ...config.wishes, profiles: bare.wishes.profiles };
  const { lists, rooms: moderated, rules, staff } = bare.moderation;
  const moderation = { ...config.moderation, lists, rooms: moderated, rules, staff };
  expect({
    ...config,
    bot,
    notify,
    wishes,
    moderation,
    listen: { host, port },
    rooms,
    roles,
    plugins,
    log: { level, format },
  }).toEqual(bare);
});

it('every limit of the governor can be set by exactly one key, and the defaults are its own', () => {
  const all = Object.entries(LIMITS).flatMap(([group, limits]) =>
    Object.keys(limits).map((key) => `${group}.${key}`),
  );
  expect(
    Object.values(OUTGOING)
      .flatMap(({ limits }) => limits)
      .sort(),
  ).toEqual(all.sort());
  const { outgoing } = load('bot: { user: a, password: { env: SOULSEEK_PASSWORD } }').config;
  expect(resolveLimits(outgoing)).toEqual(resolveLimits({}));
});

it('the schema describes the settings of plugins where they are known', () => {
  const schema = configJsonSchema({
    seen: { $schema: 'x', type: 'object', required: ['rooms'] },
  }) as unknown as {
    properties: { plugins: { properties: { seen: { anyOf: [{ properties: { config: unknown } }] } } } };
  };
  expect(schema.properties.plugins.properties.seen.anyOf[0].properties.config).toMatchObject({
    type: 'object',
    required: ['rooms'],
  });
});
