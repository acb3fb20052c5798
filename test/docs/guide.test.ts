import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anchorsOf, blocks, page, pages, root } from './markdown.ts';

const guidePages = pages.filter(({ path }) => path.startsWith('docs/plugins/')).map(({ path }) => path);

it('finds the pages of the plugin guide', () => {
  expect(guidePages.length).toBeGreaterThan(20);
});

it.each(guidePages)('%s shows a plugin, and tells limits, errors and when not to use it', (path) => {
  const own = blocks.filter((block) => block.path === path);
  expect(own.filter(({ language, mark }) => language === 'ts' && mark === 'plugin')).not.toEqual([]);
  const anchors = anchorsOf(page(path));
  const title = /^# (.+)$/mu.exec(page(path))?.[1];
  // The pages about errors and about limits are about nothing else.
  if (title !== 'Errors') expect(anchors).toContain('errors');
  if (title !== 'Limits') expect(anchors).toContain('limits');
  expect(anchors).toContain('when-not-to-use-it');
});

it('plugins-examples/README.md lists every example', () => {
  const examples = readdirSync(join(root, 'plugins-examples')).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(examples.length).toBeGreaterThan(10);
  const text = page('plugins-examples/README.md');
  expect(examples.filter((name) => !text.includes(`](${name})`))).toEqual([]);
});
