import { expect, it } from 'vitest';
import type { Bot } from './bot.ts';
import { answerControl } from './control-commands.ts';

const stream = { emit: () => {}, unsent: () => 0, signal: new AbortController().signal };

it('releases a plugin by its id', async () => {
  const released: string[] = [];
  const bot = {
    releasePlugin: async (id: string) => {
      released.push(id);
      return { id, state: 'running' };
    },
  } as unknown as Bot;
  const answer = answerControl(bot, () => {});
  const ask = (args: unknown) => answer({ id: 1, command: 'plugin.release', args } as never, stream);
  expect(await ask({ id: 'seen' })).toEqual({ id: 'seen', state: 'running' });
  await expect(ask({})).rejects.toMatchObject({ code: 'protocol' });
  await expect(ask(undefined)).rejects.toMatchObject({ code: 'protocol' });
  expect(released).toEqual(['seen']);
});
