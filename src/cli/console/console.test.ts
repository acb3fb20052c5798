import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { answerControl } from '../../bot/runtime/control-commands.ts';
import { arg, definePlugin } from '../../plugins/api/index.ts';
import { type TestBot, testBot } from '../../testing/index.ts';
import type { BotLine } from '../control/bot-line.ts';
import { attach, type ConsolePlace } from './run-console.ts';

let ran = 0;
const count = () => {
  ran += 1;
};

const plugin = definePlugin({
  name: 'quiz',
  needs: ['room.read', 'pm.read', 'intercept'],
  setup(bot) {
    bot.command({
      name: 'ask',
      summary: 'Asks',
      allow: ['mod'],
      args: { what: arg.word() },
      run: () => {
        ran += 1;
        return 'asked';
      },
    });
    bot.command({ name: 'rest', summary: 'Rests', cooldown: '1m', run: () => 'resting' });
    bot.command({ name: 'tally', summary: 'Counts', in: 'cli', run: () => ['one', '\u001b[2Jtwo'] });
    bot.on('room.message', { rooms: ['indie'], text: { includes: 'quiz' } }, count);
    bot.on('private.message', {}, count);
    bot.intercept('incoming', { onError: 'allow' }, count);
  },
});

/** The control socket without a socket. */
function lineTo(t: TestBot): BotLine {
  const answer = answerControl(t.bot, () => {});
  const never = new AbortController().signal;
  return {
    ask: async (command, args, onData) =>
      (await t.sandbox.run(
        answer({ command, args }, { emit: (data) => onData?.(data), unsent: () => 0, signal: never }),
      )) as never,
    watch: async (args, listener, signal) => {
      const emit = (data: unknown) => listener(JSON.parse(JSON.stringify(data)) as never);
      await answer({ command: 'watch', args }, { emit, unsent: () => 0, signal });
    },
  };
}

function place(t: TestBot, interactive: boolean) {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const at: ConsolePlace = {
    bot: lineTo(t),
    clock: t.sandbox.world.clock,
    paint: (_style, painted) => painted,
    input,
    output,
    interactive,
  };
  return { at, input, shown: () => text };
}

async function script(t: TestBot, ...lines: readonly string[]) {
  const { at, input, shown } = place(t, false);
  input.end(lines.join('\n'));
  const worked = await attach(at, { privateText: false });
  return { worked, lines: shown().trimEnd().split('\n') };
}

it('tells what would happen to a line, and nothing of it happens', async () => {
  await using t = await testBot(plugin, { roles: { mod: ['meg'] } });
  await t.say('al', 'indie', '!rest');
  ran = 0;
  const before = t.sent().length;
  const tell = async (line: string) => (await script(t, line)).lines.slice(1);
  const first =
    '  first quiz is asked and may change or drop it (if it fails: allow); what follows is for the text as it is';
  expect(await tell('inject meg in indie: !ask me')).toEqual([
    first,
    '  it runs ask of quiz with {"what":"me"}',
    '  no handler of a plugin gets it',
  ]);
  expect(await tell('inject al in indie: !ask quiz')).toEqual([
    first,
    '  it calls ask of quiz, which does not run: it needs the role mod; the answer is: al: you need mod for !ask',
    '  quiz gets it: room.message handler 1',
  ]);
  expect((await tell('inject meg in indie: !ask'))[1]).toMatch(/missing what.*usage: !ask <what>/);
  expect((await tell('inject al in indie: !rest'))[1]).toMatch(
    /its cooldown lasts \d+ s more; nothing is answered/,
  );
  expect((await tell('inject al in indie: !nothing'))[1]).toBe(
    '  it calls a command that there is not: nothing',
  );
  expect(await tell('inject al: hello')).toEqual([
    first,
    '  it calls no command',
    '  quiz gets it: private.message handler 2',
  ]);
  await t.advance('1m');
  expect(ran).toBe(0);
  expect(t.sent()).toHaveLength(before);
  expect(await script(t, 'inject al in den: hello')).toEqual({
    worked: false,
    lines: ['the bot is not in the room "den"'],
  });
  expect((await script(t, `inject ${t.user}: hello`)).worked).toBe(false);
});

it('runs a script, and says whether all of it worked', async () => {
  await using t = await testBot(plugin);
  await t.say('al', 'indie', '!ask');
  const good = await script(t, 'tally', '', 'status', 'plugins', 'jobs', 'why', 'doctor', 'quit', 'nonsense');
  expect(good.worked).toBe(true);
  expect(good.lines).toContain('␛[2Jtwo');
  const all = good.lines.join('\n');
  for (const part of ['seekeeper: ready', 'quiz: running', 'did not run !ask', 'room     indie', '✓ session'])
    expect(all).toContain(part);
  expect(await script(t, 'nonsense', 'tally')).toMatchObject({
    worked: false,
    lines: ['I know no console command "nonsense"; there are tally', 'one', '␛[2Jtwo'],
  });
});

it('shows what happens as far as it is asked for', async () => {
  await using t = await testBot(plugin, { rooms: ['indie', 'den'] });
  const { at, input, shown } = place(t, true);
  const done = attach(at, { privateText: false });
  await vi.waitFor(() => expect(shown()).toContain('Attached to seekeeper'));
  const type = async (line: string, answer: string) => {
    input.write(`${line}\n`);
    await vi.waitFor(() => expect(shown()).toContain(answer));
  };
  await t.say('al', 'indie', '!rest');
  await t.pm('al', 'my secret');
  expect(shown()).toContain('#indie al: !rest');
  expect(shown()).toContain('quiz says in indie: resting');
  expect(shown()).toContain('private al → seekeeper: (private)');
  expect(shown()).not.toContain('secret');
  await t.say('al', 'indie', '!rest');
  expect(shown()).toMatch(/w\w{4}: did not run !rest for al in indie \(quiz\): its cooldown/);
  await type('/room den', 'Shown is room den.');
  await t.say('al', 'indie', 'unseen');
  await t.say('al', 'den', 'overheard');
  expect(shown()).toContain('#den al: overheard');
  expect(shown()).not.toContain('unseen');
  await type('/quiet', 'Nothing is shown');
  await t.say('al', 'den', 'hushed');
  expect(shown()).not.toContain('hushed');
  input.write('quit\n');
  expect(await done).toBe(true);
});
