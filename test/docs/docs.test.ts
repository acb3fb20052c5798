import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { testBot } from 'seekeeper/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { complaints, load, whole } from './configs.ts';
import { anchorsOf, type Block, blocks, blocksOf, page, pages, prose, root, targetOf } from './markdown.ts';
import { typeCheck } from './type-check.ts';
import { Workshop } from './workshop.ts';

const marked = (language: string, ...marks: readonly string[]) =>
  blocks.filter((block) => block.language === language && marks.includes(block.mark));
const at = ({ path, line, name }: Block) => `${path}:${line} ${name}`;

const code = marked('ts', 'plugin', 'test', 'client');
const workshop = new Workshop(code);
afterAll(() => workshop.close());

describe('code that the pages show', () => {
  it('is all of a kind that is checked here', () => {
    const checked = new Set([...code, ...marked('yaml', 'config', 'part', 'broken', 'for')]);
    const others = blocks.filter(({ language }) =>
      ['ts', 'typescript', 'js', 'yaml', 'yml', ''].includes(language),
    );
    expect(others.filter((block) => !checked.has(block)).map(at)).toEqual([]);
    expect(marked('ts', 'plugin').length).toBeGreaterThan(10);
    expect(marked('ts', 'test').length).toBeGreaterThan(2);
    expect(marked('ts', 'client').length).toBeGreaterThan(2);
  });

  it('has the right types', () => {
    // The last one is wrong, so that a check that sees nothing fails.
    const wrong: Block = {
      path: 'x.md',
      line: 1,
      language: 'ts',
      mark: 'plugin',
      name: 'x.ts',
      text: "import { definePlugin } from 'seekeeper';\nexport default definePlugin({ name: 1, setup() {} });\n",
    };
    expect(typeCheck([...code, wrong])).toEqual([expect.stringMatching(/^x\.md:3: .*number/)]);
  });

  it.each(
    marked('ts', 'plugin').flatMap((block) =>
      (['inproc', 'worker'] as const).map((mode) => [mode, at(block), block] as const),
    ),
  )('is a plugin that a bot can run (%s): %s', async (mode, _, block) => {
    const settings = blocks.find(
      (other) => other.path === block.path && other.mark === 'for' && other.name === block.name,
    );
    const { config, rooms } = (settings && load(whole(settings.text)).plugins[0]) ?? {};
    const bot = await testBot(workshop.fileOf(block), { mode, config, ...(rooms && { configIn: rooms }) });
    await bot.dispose();
  });

  it.each(marked('ts', 'test').map((block) => [at(block), block] as const))(
    'is a test that passes: %s',
    async (_, block) => {
      const tests = await workshop.testsOf(block);
      expect(tests.length).toBeGreaterThan(0);
      for (const test of tests) await test.run();
    },
  );
});

describe('configs that the pages show', () => {
  it.each(marked('yaml', 'config', 'part', 'for').map((block) => [at(block), block] as const))(
    'load: %s',
    (_, block) => {
      load(block.mark === 'config' ? block.text : whole(block.text));
    },
  );

  it.each(marked('yaml', 'broken').map((block) => [at(block), block] as const))(
    'are refused as the page says: %s',
    async (_, block) => {
      const own = blocksOf({ path: block.path, text: page(block.path) });
      const printed = own[own.findIndex(({ line }) => line === block.line) + 1];
      expect(printed?.language).toBe('text');
      expect(`${(await complaints(whole(block.text))).join('\n')}\n`).toBe(printed?.text);
    },
  );
});

describe('links', () => {
  const links = pages.flatMap(({ path, text }) =>
    [...prose(text).matchAll(/\]\(([^)\s]+)\)/gu)].map(([, link = '']) => ({ path, link })),
  );
  const inside = links.filter(({ link }) => !/^[a-z]+:/u.test(link));

  it('lead to files and headings that are there', () => {
    const broken = inside.filter(({ path, link }) => {
      const { file, anchor } = targetOf(path, link);
      const full = join(root, file);
      if (!existsSync(full)) return true;
      return anchor !== '' && !(statSync(full).isFile() && anchorsOf(readFileSync(full, 'utf8')).has(anchor));
    });
    expect(broken).toEqual([]);
    expect(inside.length).toBeGreaterThan(20);
  });

  it('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      for (const { link } of inside.filter((one) => one.path === path)) {
        const { file } = targetOf(path, link);
        if (file.endsWith('.md')) reached.add(file);
      }
    }
    expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe('the README', () => {
  const readme = blocksOf({ path: 'README.md', text: page('README.md') });

  it('shows a plugin in 20 lines and a config in 15', () => {
    const lines = (block: Block | undefined) => (block?.text.split('\n').length ?? Infinity) - 1;
    expect(
      lines(readme.find(({ language, mark }) => language === 'ts' && mark === 'plugin')),
    ).toBeLessThanOrEqual(20);
    expect(lines(readme.find(({ mark }) => mark === 'config'))).toBeLessThanOrEqual(15);
  });

  it('shows what the demo really does', () => {
    const scenario = readFileSync(join(root, 'src/cli/demo/scenario.ts'), 'utf8');
    const done = readme.flatMap(({ text }) =>
      [...text.matchAll(/✓ the bot (.+)/gu)].map(([, what = '']) => what),
    );
    expect(done.length).toBeGreaterThan(2);
    for (const what of done) expect(scenario).toContain(`'${what}'`);
  });
});
