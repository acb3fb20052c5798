import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { addPluginEntry } from './config-entry.ts';

const KEY = './plugins/new.ts';

it.each([
  ['bot: { user: a }\n', 'bot: { user: a }\n\nplugins:\n  ./plugins/new.ts: {}\n'],
  ['bot: { user: a }', 'bot: { user: a }\n\nplugins:\n  ./plugins/new.ts: {}\n'],
  ['plugins: {}\nlog: {}\n', 'plugins:\n  ./plugins/new.ts: {}\nlog: {}\n'],
  ['plugins:\nlog: {}\n', 'plugins:\n  ./plugins/new.ts: {}\nlog: {}\n'],
  [
    '# a\nplugins:\n    x: {} # keep\n# b\n',
    '# a\nplugins:\n    x: {} # keep\n    ./plugins/new.ts: {}\n# b\n',
  ],
  [
    'plugins:\n  x:\n    config:\n      a: 1\n\nlog: {}\n',
    'plugins:\n  x:\n    config:\n      a: 1\n  ./plugins/new.ts: {}\n\nlog: {}\n',
  ],
])('%j', (before, after) => {
  expect(addPluginEntry(before, KEY)).toBe(after);
  expect(parse(after)).toEqual({
    ...(parse(before) as object),
    plugins: { ...(parse(before) as { plugins?: object }).plugins, [KEY]: {} },
  });
});

it.each([
  'plugins: { x: {} }\n',
  'plugins:\n  ./plugins/new.ts: {}\n',
  'plugins: [\n',
  'plugins: 7\n',
  'plugins: [a]\n',
])('leaves %j alone', (text) => {
  expect(addPluginEntry(text, KEY)).toBeUndefined();
});
