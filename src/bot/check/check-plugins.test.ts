import { expect, it } from 'vitest';
import { z } from 'zod';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { definePlugin, s } from '../../plugins/api/index.ts';
import { formatDiagnostic } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load-config.ts';
import { checkPlugins } from './check-plugins.ts';

const builtins = {
  own: definePlugin({
    name: 'own',
    config: s.object({ rooms: s.array(s.string()).default([]), deep: s.object({ max: s.int() }).optional() }),
    setup() {},
  }),
  zoddy: definePlugin({
    name: 'zoddy',
    config: z.strictObject({ rooms: z.array(z.strictObject({ name: z.string() })).optional() }),
    setup() {},
  }),
  plain: definePlugin({ name: 'plain', setup() {} }),
};

async function complaints(plugins: string): Promise<readonly string[]> {
  const loaded = loadConfig({
    path: 'config.yaml',
    text: `bot: { user: roomkeeper, password: { env: PASSWORD } }\nplugins:\n${plugins}`,
    env: { PASSWORD: 'secret' },
    files: { read: () => '', mode: () => 0o600 },
  });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
  const { config, source } = loaded;
  const { diagnostics } = await checkPlugins({
    config,
    source,
    baseDir: '/',
    clock: new VirtualClock(),
    builtins,
  });
  return diagnostics.map(formatDiagnostic);
}

it('points at an unknown key, and at a wrong value', async () => {
  expect(await complaints('  own: { config: { romos: [indie], deep: { mxa: 1, max: no } } }')).toEqual([
    'config.yaml:3:20 plugins.own.config.romos: unknown key "romos"; did you mean "rooms"?',
    'config.yaml:3:44 plugins.own.config.deep.mxa: unknown key "mxa"; did you mean "max"?',
    expect.stringMatching(/^config.yaml:3:57 plugins.own.config.deep.max: expected /),
  ]);
  expect(await complaints('  plain: { config: { word: 1 } }')).toEqual([
    'config.yaml:3:22 plugins.plain.config.word: this plugin takes no config',
  ]);
});

it('does so for zod too, each unknown key by itself', async () => {
  expect(
    await complaints(
      '  zoddy: { config: { romos: 1, xyzzy: 2, rooms: [{ name: a }, { name: b, nmae: c }] } }',
    ),
  ).toEqual([
    'config.yaml:3:74 plugins.zoddy.config.rooms[1].nmae: unknown key "nmae"; did you mean "name"?',
    'config.yaml:3:22 plugins.zoddy.config.romos: unknown key "romos"; did you mean "rooms"?',
    'config.yaml:3:32 plugins.zoddy.config.xyzzy: unknown key "xyzzy"',
  ]);
});

it('points at what is wrong in the part of a room, whatever the plugin calls its own keys', async () => {
  expect(
    await complaints(
      '  own: { config: { rooms: [den] }, rooms: { "the den": { rooms: 1, deep: { max: 1, mxa: 1 } } } }',
    ),
  ).toEqual([
    'config.yaml:3:65 plugins.own.rooms."the den".rooms: expected a list, got 1',
    'config.yaml:3:84 plugins.own.rooms."the den".deep.mxa: unknown key "mxa"; did you mean "max"?',
  ]);
});
