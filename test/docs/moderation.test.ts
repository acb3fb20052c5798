import { describe, expect, it } from 'vitest';
import { config } from '../../src/plugins/builtin/moderation/config.ts';
import moderation from '../../src/plugins/builtin/moderation/index.ts';
import { complaints, whole } from './configs.ts';
import { blocks, page } from './markdown.ts';

const text = page('docs/moderation.md');
const rows = (heading: string): readonly string[] => {
  const from = text.slice(text.indexOf(`\n## ${heading}\n`) + 4);
  const until = from.indexOf('\n## ');
  return (until < 0 ? from : from.slice(0, until)).split('\n').filter((line) => line.startsWith('| `'));
};

interface Described {
  readonly properties: Readonly<Record<string, Described>>;
  readonly default?: unknown;
}

/** What every rule can be told; the page tells it once. */
const COMMON = ['enabled', 'exempt', 'exemptUsers', 'points'];

/** What setup registers, without a bot. */
async function registered(): Promise<{ commands: readonly string[]; rules: readonly string[] }> {
  const commands: string[] = [];
  const rules: string[] = [];
  const given = config['~standard'].validate({
    rules: {
      words: { lists: { a: { words: ['a'] } } },
      patterns: { lists: { a: { patterns: ['a'] } } },
      links: { deny: ['a.org'] },
      names: { patterns: ['a'] },
      shares: {},
      countries: { deny: ['xx'] },
      addresses: { deny: ['10.0.0.1'] },
    },
  }) as { readonly value: unknown };
  const bot = {
    config: given.value,
    configuredRooms: [],
    command: ({ name }: { name: string }) => commands.push(name),
    rule: ({ id }: { id: string }) => rules.push(id),
    on: () => undefined,
    timer: () => undefined,
    dialog: () => undefined,
  };
  await moderation.setup(bot as never);
  return { commands, rules };
}

describe('docs/moderation.md', () => {
  it('has every rule with its settings, defaults and points', async () => {
    const described = config['~standard'].jsonSchema.input({
      target: 'draft-2020-12',
    }) as unknown as Described;
    const rules = described.properties['rules']!.properties;
    const { rules: ids } = await registered();
    const table = rows('The rules');
    expect(Object.keys(rules)).toHaveLength(ids.length);
    expect(table.map((row) => row.split('|')[1]!.trim())).toEqual(
      Object.keys(rules).map((key) => `\`${key}\``),
    );
    expect(table.map((row) => row.split('|')[2]!.trim().replaceAll('`', '')).sort()).toEqual([...ids].sort());
    for (const row of table) {
      const [, key = '', , , settings = '', points = ''] = row.split('|').map((cell) => cell.trim());
      const { properties } = rules[key.replaceAll('`', '')]!;
      expect([key, Number(points)]).toEqual([key, properties['points']?.default]);
      const own = Object.keys(properties).filter((name) => !COMMON.includes(name));
      const words = [...settings.matchAll(/`([^`]+)`/gu)].map(([, word = '']) => word);
      for (const name of own) expect([key, words]).toEqual([key, expect.arrayContaining([name])]);
      const defaults = own.flatMap((name) => {
        const value = properties[name]?.default;
        return value === undefined || Array.isArray(value)
          ? []
          : [typeof value === 'string' ? value : JSON.stringify(value)];
      });
      expect([key, words]).toEqual([key, expect.arrayContaining(defaults)]);
      expect([key, words.length]).toEqual([key, own.length + defaults.length]);
    }
  });

  it('has every command', async () => {
    const { commands } = await registered();
    const named = rows('Commands').flatMap((row) =>
      [...row.split('|')[1]!.matchAll(/`!?([a-z-]+)/gu)].map(([, name = '']) => name),
    );
    expect([...new Set(named)].sort()).toEqual([...commands].sort());
  });
});

describe('configs on the pages about moderation', () => {
  const about = ['', '/small-private-club', '/big-public-room', '/music-room'].map(
    (name) => `docs/moderation${name}.md`,
  );
  const own = blocks.filter(({ path, language }) => language === 'yaml' && about.includes(path));

  it('are there', () => expect(own.length).toBeGreaterThan(7));

  it.each(own.map((block) => [`${block.path}:${block.line}`, block] as const))(
    'are right, with all that the plugin checks: %s',
    async (_, block) => {
      expect(await complaints(whole(block.text))).toEqual([]);
    },
  );
});
