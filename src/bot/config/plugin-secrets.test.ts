import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { type LoadConfigOptions, loadConfig } from './load-config.ts';

const BOT = 'bot: { user: keeper, password: { env: PW } }\n';
const load = (plugins: string, over: Partial<LoadConfigOptions> = {}) =>
  loadConfig({
    path: '/etc/bot/config.yaml',
    text: `${BOT}plugins:\n${plugins}`,
    env: { PW: 'x', KEY: 'hunter2', EMPTY: '' },
    files: {
      read: (path) => {
        if (path === '/etc/bot/key') return 'hunter3\n';
        throw Object.assign(new Error('x'), { code: 'ENOENT' });
      },
      mode: () => 0o600,
    },
    ...over,
  });
const plugin = (plugins: string, over: Partial<LoadConfigOptions> = {}) => {
  const result = load(plugins, over);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.config.plugins[0];
};

describe('secrets in the config of plugins', () => {
  it('come from the environment or a file, wherever they stand', () => {
    expect(
      plugin(
        '  a: { config: { deep: { key: { env: KEY } }, list: [{ file: key }] }, rooms: { den: { key: { env: KEY } } } }',
      ),
    ).toMatchObject({
      config: { deep: { key: 'hunter2' }, list: ['hunter3'] },
      rooms: { den: { key: 'hunter2' } },
    });
  });

  it('are only what can be nothing else', () => {
    const config =
      '{ env: 3, both: { env: KEY, file: key }, more: { env: KEY, x: 1 }, nested: { file: { env: null } } }';
    expect(plugin(`  a: { config: ${config} }`)).toMatchObject({
      config: {
        env: 3,
        both: { env: 'KEY', file: 'key' },
        more: { env: 'KEY', x: 1 },
        nested: { file: { env: null } },
      },
    });
  });

  it.each([
    ['{ key: { env: NOPE } }', /3:\d+ plugins.a.config.key.env: the environment variable NOPE is not set/],
    ['{ key: { env: EMPTY } }', /the environment variable EMPTY is empty/],
    ['{ list: [{ file: nope }] }', /plugins.a.config.list\[0\].file: the file \/etc\/bot\/nope /],
  ])('that are not there are named: %s', (config, expected) => {
    const result = load(`  a: { config: ${config} }`);
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : result.diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringMatching(expected),
    ]);
    expect(JSON.stringify(result)).not.toContain('hunter');
  });

  it('are left alone by whoever has no need of them', () => {
    expect(plugin('  a: { config: { key: { env: NOPE } } }', { withoutSecrets: true })).toMatchObject({
      config: { key: '[secret]' },
    });
  });
});
