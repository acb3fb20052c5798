import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBot } from 'seekeeper/testing';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * What a bad plugin gets: a report that names it, and a bot that keeps chatting. The plugins run in workers, as those
 * from files do.
 */

const folder = mkdtempSync(join(tmpdir(), 'seekeeper-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, text);
  return path;
};
const plugin = (setup: string, more = "needs: ['room.read', 'room.say'],"): string =>
  `import { definePlugin, s } from 'seekeeper';\nexport default definePlugin({ name: 'bad', ${more} setup(bot) { ${setup} } });\n`;
const onLine = (body: string): string =>
  plugin(`bot.on('room.message', { text: { equals: 'go' } }, async (m) => { ${body} });`);

const polite = file(
  'polite',
  `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'polite',
  setup(bot) { bot.command({ name: 'ping', summary: 'Answers', run: () => 'pong' }); },
});
`,
);

interface Case {
  readonly text: string;
  readonly report: RegExp;
  readonly config?: unknown;
  /** Virtual time until the report. */
  readonly within?: string;
}

const cases: Readonly<Record<string, Case>> = {
  'a syntax error': { text: 'export default {{{', report: /bad\.ts.*cannot be loaded/ },
  'an error at its top level': {
    text: "throw new Error('no coffee');",
    report: /cannot be loaded: no coffee/,
  },
  'no plugin in it': { text: 'export default 7;', report: /bad\.ts/ },
  'a wrong config': {
    text: plugin('', 'config: s.object({ rooms: s.array(s.string()) }),'),
    config: { romos: [] },
    report: /config/,
  },
  'a missing need': {
    text: plugin("bot.on('private.message', () => {});"),
    report: /pm\.read.*add it to needs/,
  },
  'a name that is taken': {
    text: plugin("bot.command({ name: 'ping', summary: 'Mine', run: () => 'mine' });"),
    report: /ping/,
  },
  'a setup that never ends': { text: plugin('return new Promise(() => {});'), report: /not ready after/ },
  'a loop at its top level': {
    text: 'for (;;);',
    report: /not ready after|did not answer|hang/i,
    within: '2m',
  },
  'an endless loop': { text: onLine('for (;;);'), report: /room\.message handler 1/, within: '2m' },
  'a handler that throws': { text: onLine("throw new Error('no coffee');"), report: /no coffee/ },
  'a handler that never settles': {
    text: onLine('await new Promise(() => {});'),
    report: /room\.message handler 1|longer than/,
    within: '2m',
  },
  'an unhandled rejection': {
    text: onLine("void Promise.reject(new Error('no coffee'));"),
    report: /no coffee/,
  },
  'process.exit': { text: onLine('process.exit(3);'), report: /exit/ },
  'process.kill': { text: onLine("process.kill(process.pid, 'SIGKILL');"), report: /kill|exit/ },
  'process.abort': { text: onLine('process.abort();'), report: /abort|exit/ },
  'a leak on the heap': {
    text: onLine('const all = []; for (;;) all.push(new Array(100_000).fill(m));'),
    report: /its heap grew above/,
    within: '2m',
  },
  'ten thousand timers': {
    text: plugin(
      "const timers = bot.timer('x', () => {}); bot.on('room.message', { text: { equals: 'go' } }, async (m) => { for (let i = 0; i <= 10_000; i++) await timers.set(String(i), m.at + 1e9, null); });",
    ),
    report: /too many|10,?000/i,
  },
  'a line of a megabyte': {
    text: onLine("await m.reply('x'.repeat(2_000_000));"),
    report: /large|bytes|long/i,
  },
  'a value of two megabytes': {
    text: onLine("await bot.store.set('x', 'x'.repeat(2_000_000));"),
    report: /large|bytes/i,
  },
};

describe('a plugin with', () => {
  it.each(Object.entries(cases))(
    '%s',
    { timeout: 120_000 },
    async (name, { text, report, config, within }) => {
      const bad = file(`bad`, text);
      await using t = await testBot(polite, {
        mode: 'worker',
        onPluginFailure: 'continue',
        also: { bad: { plugin: bad, config } },
      });
      await t.say('al', 'indie', 'go');
      await t.say('al', 'indie', '!ping');
      await t.advance(within ?? '5s');
      await t.say('bo', 'indie', '!ping');
      expect(t.text('indie').filter((line) => line.includes('pong'))).toHaveLength(2);
      const told = t
        .logs()
        .filter(({ level, fields }) => fields['plugin'] === 'bad' && (level === 'error' || level === 'warn'))
        .map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`);
      expect({ name, told }).toEqual({ name, told: expect.arrayContaining([expect.stringMatching(report)]) });
    },
  );
});
