import { afterEach, expect, it, vi } from 'vitest';
import { ExitCode } from '../exit-code.ts';
import { run } from '../program.ts';

const asked: unknown[][] = [];
vi.mock('../wish/run-wish.ts', () => ({
  runWish: async (...given: unknown[]) => asked.push(['words', ...given]) > 0,
  importWishes: async (...given: unknown[]) => asked.push(['file', ...given]) > 0,
}));
afterEach(() => void asked.splice(0));

it.each([
  [['list'], ['words', 'config.yaml', ['list']]],
  [
    ['add', 'rare', 'ep', '-live', '--x', 'ext=flac'],
    ['words', 'config.yaml', ['add', 'rare', 'ep', '-live', '--x', 'ext=flac']],
  ],
  [
    ['-c', 'x.yaml', 'list', 'all'],
    ['words', 'x.yaml', ['list', 'all']],
  ],
  [['plan'], ['words', 'config.yaml', ['plan', '3']]],
  [
    ['plan', '--days', '7', '-c', 'x.yaml'],
    ['words', 'x.yaml', ['plan', '7']],
  ],
  [
    ['import', 'a.csv'],
    ['file', 'config.yaml', 'a.csv', { format: undefined, yes: false }],
  ],
  [
    ['import', '--format', 'csv', '--yes', '-'],
    ['file', 'config.yaml', '-', { format: 'csv', yes: true }],
  ],
  [
    ['import', 'confirm', 'ab12'],
    ['words', 'config.yaml', ['import', 'confirm', 'ab12']],
  ],
  [['import'], ['words', 'config.yaml', ['import']]],
  [['export'], ['words', 'config.yaml', ['export', 'text']]],
  [
    ['export', '--format', 'nicotine'],
    ['words', 'config.yaml', ['export', 'nicotine']],
  ],
  [[], ['words', 'config.yaml', []]],
])('seekeeper wish %j', async (args, expected) => {
  expect(await run(['wish', ...args])).toBe(ExitCode.ok);
  expect(asked).toEqual([expected]);
});

it('refuses a format that there is not', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await run(['wish', 'export', '--format', 'pdf'])).toBe(ExitCode.refused);
  write.mockRestore();
  expect(asked).toEqual([]);
});
