import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bot, definePlugin, s } from '../../api/index.ts';
import { fakeHost } from '../testing/fake-services.ts';
import { readRoomConfigs } from './room-configs.ts';

const schema = s.object({
  max: s.int().default(3),
  words: s.array(s.string()).default([]),
  deep: s.object({ a: s.int().default(1), b: s.int().default(2) }).optional(),
});

describe('readRoomConfigs', () => {
  it('merges maps, replaces everything else, and fills in defaults', async () => {
    const read = await readRoomConfigs(
      schema,
      { words: ['x', 'y'], deep: { a: 5 } },
      { den: { words: ['z'], deep: { b: 7 } }, indie: undefined },
    );
    if ('issues' in read) throw new Error('refused');
    expect(read.config).toEqual({ max: 3, words: ['x', 'y'], deep: { a: 5, b: 2 } });
    expect(read.rooms.get('den')).toEqual({ max: 3, words: ['z'], deep: { a: 5, b: 7 } });
    expect(read.rooms.get('indie')).toEqual(read.config);
  });

  it.each([schema, z.strictObject({ max: z.int().optional() })])(
    'tells what is wrong in a room, at its place',
    async (either) => {
      const read = await readRoomConfigs(either, {}, { den: { max: 'no' }, 'a.b': { mxa: 1 } });
      expect('issues' in read && read.issues).toMatchObject([
        { room: 'den', path: ['max'] },
        { room: 'a.b', path: ['mxa'], nearest: 'max', unknownKey: true },
      ]);
    },
  );

  it('tells what is wrong everywhere once', async () => {
    const read = await readRoomConfigs(schema, { max: 'no' }, { den: { words: ['x'] } });
    expect('issues' in read && read.issues.map(({ path }) => path)).toEqual([['max']]);
  });

  it('keeps a key that JavaScript has plans for a key', async () => {
    const rooms = JSON.parse('{"den": {"__proto__": {"max": 9}}}') as Record<string, unknown>;
    const read = await readRoomConfigs(schema, {}, rooms);
    expect('issues' in read && read.issues[0]).toMatchObject({ room: 'den', path: ['__proto__'] });
    expect(({} as { max?: number }).max).toBeUndefined();
  });
});

it('bot.configIn tells the config of a room', async () => {
  const { host } = fakeHost();
  let held: Bot<{ max: number }> | undefined;
  const plugin = definePlugin({
    name: 'x',
    config: s.object({ max: s.int().default(3) }),
    setup(bot) {
      held = bot;
    },
  });
  await host.load({ id: 'p', use: { plugin }, config: { max: 4 }, rooms: { den: { max: 2 } } });
  expect(held?.configuredRooms).toEqual(['den']);
  expect([held?.configIn('den').max, held?.configIn('elsewhere').max, held?.config.max]).toEqual([2, 4, 4]);
});
