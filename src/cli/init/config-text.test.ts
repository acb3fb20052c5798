import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../bot/config/diagnostic.ts';
import { loadConfig } from '../../bot/config/load-config.ts';
import { roomNameProblem } from '../../network/rooms/room-name.ts';
import type { InitAnswers } from './answers.ts';
import { configText } from './config-text.ts';
import { userNameProblem } from './user-name.ts';

const answers: InitAnswers = {
  user: 'roomkeeper',
  password: { env: 'SOULSEEK_PASSWORD' },
  server: { host: 'server.slsknet.org', port: 2242 },
  rooms: ['indie'],
  owners: ['me'],
  plugins: ['greeter', 'seen', 'about'],
};

function load(text: string) {
  const result = loadConfig({ path: 'config.yaml', text, env: { SOULSEEK_PASSWORD: 'hunter2hunter2' } });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.config;
}

describe('configText', () => {
  it('writes a config that loads without a warning', () => {
    const config = load(configText(answers));
    expect(config.bot.user).toBe('roomkeeper');
    expect(config.rooms).toEqual([{ name: 'indie', private: false }]);
    expect(config.plugins.map(({ id }) => id)).toEqual(['greeter', 'seen', 'about']);
  });

  it('keeps every name that the server allows, whatever YAML thinks of it', () => {
    const ascii = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)),
      minLength: 1,
      maxLength: 24,
    });
    const user = ascii.filter((name) => userNameProblem(name) === undefined);
    const room = ascii.filter((name) => roomNameProblem(name) === undefined);
    fc.assert(
      fc.property(
        user,
        fc.uniqueArray(room, { maxLength: 4 }),
        fc.uniqueArray(user, { maxLength: 3 }),
        (name, rooms, owners) => {
          const config = load(configText({ ...answers, user: name, rooms, owners, plugins: [] }));
          expect(config.bot.user).toBe(name);
          expect(config.rooms.map(({ name: room }) => room)).toEqual(rooms);
          expect(config.roles.owner).toEqual(owners);
        },
      ),
      { numRuns: 300, examples: [['null', ['true', '1e3', '#a', '- x', 'a: b'], ['~', '0x10']]] },
    );
  });
});
