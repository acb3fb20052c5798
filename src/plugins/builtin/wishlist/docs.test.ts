import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PARTS } from './commands/parts.ts';
import { baseConfig } from './config.ts';
import { FORMATS } from './formats/formats.ts';
import { OPTIONS } from './options/option-specs.ts';

const page = readFileSync(new URL('../../../../docs/wishlist.md', import.meta.url), 'utf8');

it('docs/wishlist.md has every command, option, format and key of the config', () => {
  const rows = new Set(page.split('\n').flatMap((line) => /^\| `([^`]+)`/u.exec(line)?.[1] ?? []));
  expect(OPTIONS.filter(({ example }) => !rows.has(example)).map(({ key }) => key)).toEqual([]);
  const commands = new Set([...rows].map((row) => /^wish ([a-z-]+)/u.exec(row)?.[1]));
  expect(PARTS.filter(({ name }) => !commands.has(name)).map(({ name }) => name)).toEqual([]);
  expect(FORMATS.filter((format) => !rows.has(format))).toEqual([]);
  const { properties } = baseConfig['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as {
    properties: Readonly<Record<string, unknown>>;
  };
  expect(Object.keys(properties).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
