import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { type LoadConfigOptions, loadConfig } from './load-config.ts';

const BOT = 'bot: { user: keeper, password: { env: PW } }\n';

const load = (text: string, over: Partial<LoadConfigOptions> = {}) =>
  loadConfig({ path: '/etc/bot/config.yaml', text, env: { PW: 'hunter2' }, ...over });

/** What a person would read. */
const complaints = (text: string, over: Partial<LoadConfigOptions> = {}): string[] => {
  const result = load(text, over);
  return (result.ok ? result.warnings : result.diagnostics).map(formatDiagnostic);
};

const config = (text: string, over: Partial<LoadConfigOptions> = {}) => {
  const result = load(text, over);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.config;
};

describe('the password', () => {
  const file = (content: string | Error, mode = 0o600): Partial<LoadConfigOptions> => ({
    files: {
      read: () => {
        if (content instanceof Error) throw content;
        return content;
      },
      mode: () => mode,
    },
  });
  const FILE = 'bot: { user: keeper, password: { file: pw } }';

  it('comes from the environment or a file without its last line break', () => {
    expect(config(BOT).bot.password.reveal()).toBe('hunter2');
    expect(config(FILE, file('pass word \r\n')).bot.password.reveal()).toBe('pass word ');
    expect(complaints(FILE, file('x'))).toEqual([]);
  });

  it.each([
    ['bot: { user: a, password: { env: NOPE } }', {}, /env: the environment variable NOPE is not set/],
    ['bot: { user: a, password: { env: PW, file: x } }', {}, /expected either/],
    ['bot: { user: a, password: {} }', {}, /expected either/],
    ['bot: { user: a }', {}, /bot.password: expected \{ env: NAME \}/],
    [FILE, file(''), /pw is empty/],
    [FILE, file(Object.assign(new Error('x'), { code: 'EACCES' })), /\/etc\/bot\/pw may not be read/],
  ])('is asked for by %j', (text, over, expected) => {
    expect(load(text, over).ok).toBe(false);
    expect(complaints(text, over)).toEqual([expect.stringMatching(expected)]);
  });

  it('gets a warning when others can read it', () => {
    expect(complaints(FILE, file('x', 0o644))).toEqual([
      expect.stringMatching(/warning: .*read by others \(mode 644\)/),
    ]);
    const literal = load('bot: { user: keeper, password: hunter2 }');
    expect(literal.ok && literal.config.bot.password.reveal()).toBe('hunter2');
    expect(complaints('bot: { user: keeper, password: hunter2 }')).toEqual([
      expect.stringMatching(/1:32 warning: bot.password: stands in the file/),
    ]);
  });

  it.each([
    'password: [hunter2]',
    'password: { hunter2: 1 }',
    'password: { hunter2 }',
    'password: *hunter2',
    'password: !hunter2 x',
    'password: &hunter2 *hunter3',
    'password: "hunter2',
    'password: @hunter2',
    'password: {{hunter2}}',
    'password: hunter2: x',
    'password: >hunter2',
    'password: %hunter2',
    'password: "\\hunter2"',
    'pasword: hunter2',
    'password: { env: [hunter2] }',
    'password: { enw: hunter2 }',
  ])('is never repeated: %s', (line) => {
    const text = `bot:\n  user: keeper\n  ${line}\n`;
    expect(load(text).ok).toBe(false);
    expect(JSON.stringify(load(text))).not.toContain('hunter2');
  });

  it('is not in the config when that is printed', () => {
    expect(JSON.stringify(load(BOT))).not.toContain('hunter2');
  });
});
