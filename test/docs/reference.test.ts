import { TestBot } from 'seekeeper/testing';
import { expect, it, vi } from 'vitest';
import { configJsonSchema } from '../../src/bot/config/json-schema.ts';
import { ExitCode } from '../../src/cli/exit-code.ts';
import { run } from '../../src/cli/program.ts';
import { MAX_PER_ORIGIN } from '../../src/network/governor/queue-limits.ts';
import { LINE_LIFE_MS } from '../../src/network/lines/line-life.ts';
import { MAJOR_VERSION, MINOR_VERSION } from '../../src/network/session/version.ts';
import { arg, formatDuration, s } from '../../src/plugins/api/index.ts';
import { NEEDS } from '../../src/plugins/api/needs.ts';
import { ROLES } from '../../src/plugins/api/people.ts';
import { EVENT_NAMES } from '../../src/plugins/host/event-filter.ts';
import { DEFAULT_FLOOD_LIMITS } from '../../src/sandbox/server/flood-limits.ts';
import { limitRows } from './limits-table.ts';
import { guide, page, pages } from './markdown.ts';

/** Names that stand nowhere in the page as code. */
const missing = (text: string, names: Iterable<string>): string[] => {
  const words = new Set(
    [...text.matchAll(/`([^`\n]+)`/gu)].flatMap(([, inside = '']) => inside.match(/[\w.-]+/gu) ?? []),
  );
  return [...names].filter((name) => !words.has(name));
};

async function helpOf(...args: readonly string[]): Promise<string> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    expect(await run([...args, '--help'])).toBe(ExitCode.ok);
  } finally {
    write.mockRestore();
  }
  return text;
}

it('the README has every command, and some page every option', async () => {
  const help = await helpOf();
  const commands = [...help.matchAll(/^ {2}([a-z]+)\b/gmu)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  expect(commands).toContain('start');
  const readme = page('README.md');
  for (const command of commands) expect(readme).toContain(`\`seekeeper ${command}`);
  const helps: string[] = [];
  for (const command of commands) helps.push(await helpOf(command));
  const options = new Set(helps.flatMap((text) => text.match(/--[a-z][a-z-]+/gu) ?? []));
  expect(options).toContain('--config');
  const everything = pages.map(({ text }) => text).join('\n');
  expect([...options].filter((option) => !everything.includes(option))).toEqual([]);
});

it('docs/config.md has every key', () => {
  const { properties } = configJsonSchema({}) as {
    properties: Readonly<Record<string, { properties?: object }>>;
  };
  const keys = Object.entries(properties)
    .filter(([section]) => section !== 'outgoing')
    .flatMap(([section, { properties: inner }]) =>
      inner === undefined ? [section] : Object.keys(inner).map((key) => `${section}.${key}`),
    );
  expect(keys).toEqual(expect.arrayContaining(['bot.password', 'rooms', 'on-plugin-failure', 'plugins']));
  const inside = [
    'name',
    'private',
    'charset',
    'prefix',
    'use',
    'config',
    'grant',
    'listen.host',
    'allow-above-ceiling',
  ];
  expect(missing(page('docs/config.md'), [...keys.filter((key) => key !== 'listen'), ...inside])).toEqual([]);
});

it("docs/network-rules.md has the governor's numbers", () => {
  const text = page('docs/network-rules.md');
  expect(limitRows().filter((row) => !text.includes(`\n${row}\n`))).toEqual([]);
  expect(text).toContain(`${MAJOR_VERSION}.${MINOR_VERSION}`);
});

it('the plugin guide has all of the API', () => {
  const text = guide;
  expect(missing(text, NEEDS)).toEqual([]);
  expect(missing(text, ROLES)).toEqual([]);
  expect(missing(text, EVENT_NAMES)).toEqual([]);
  expect(
    missing(
      text,
      Object.keys(arg).map((kind) => `arg.${kind}`),
    ),
  ).toEqual([]);
  expect(
    missing(
      text,
      Object.keys(s).map((kind) => `s.${kind}`),
    ),
  ).toEqual([]);
  const verbs = Object.getOwnPropertyNames(TestBot.prototype).filter((name) => name !== 'constructor');
  expect(verbs).toContain('say');
  expect(missing(text, verbs)).toEqual([]);
});

it('the plugin guide tells how long lines wait, and how many', () => {
  const text = guide;
  for (const priority of ['moderation', 'reply', 'ordinary', 'bulk'] as const) {
    const { room, private: pm } = {
      room: LINE_LIFE_MS.room[priority],
      private: LINE_LIFE_MS.private[priority],
    };
    expect(text).toMatch(
      new RegExp(`\\| \`${priority}\` \\|[^|\n]*\\| ${formatDuration(room)} \\| ${formatDuration(pm)} \\|`),
    );
  }
  expect(text).toContain(
    `${MAX_PER_ORIGIN['room-line']} lines to rooms and ${MAX_PER_ORIGIN['private-line']} to users`,
  );
});

it("docs/sandbox.md has the sandbox's limits", () => {
  const text = page('docs/sandbox.md');
  const { roomLines, privateLines, identicalLines, searches, identicalSearches, logins, connections } =
    DEFAULT_FLOOD_LIMITS;
  for (const { count, withinMs } of [
    ...roomLines,
    ...privateLines,
    identicalLines,
    searches,
    identicalSearches,
    logins,
    connections,
  ]) {
    expect(text).toContain(`${count} in ${withinMs / 1000} s`);
  }
});
