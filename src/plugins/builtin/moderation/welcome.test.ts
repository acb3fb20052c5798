import { describe, expect, it } from 'vitest';
import { testBot } from '../../../testing/index.ts';
import * as moderation from './index.ts';

const file = new URL('./index.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('moderation, %s', (mode) => {
  it('welcomes everybody once, where and as the room wants it', async () => {
    await using t = await testBot(moderation, file, {
      mode,
      rooms: ['indie', 'jazz'],
      config: {
        welcome: { text: 'Welcome to {room}, {user}. {rules}' },
        houseRules: ['Be kind.', 'No ads.'],
      },
      configIn: { jazz: { welcome: { text: 'Evening, {user}.', in: 'room', again: '1d' } } },
    });
    for (let i = 0; i < 2; i += 1) {
      await t.join('al', 'indie');
      await t.join('al', 'jazz');
      await t.leave('al', 'indie');
      await t.leave('al', 'jazz');
      await t.downtime('2h', 'kill');
    }
    expect(t.private('al')).toEqual(['Welcome to indie, al. Be kind. No ads.']);
    expect(t.text('jazz')).toEqual(['Evening, al.']);
    await t.advance('1d');
    await t.join('al', 'jazz');
    await t.join('al', 'indie');
    expect(t.text('jazz')).toEqual(['Evening, al.', 'Evening, al.']);
    expect(t.private('al')).toHaveLength(1);
    await t.say('al', 'indie', '!rules');
    expect(t.text('indie')).toEqual(['Be kind.', 'No ads.']);
  });
});

it('keeps its line on the wall, also when it gets lost', async () => {
  await using t = await testBot(moderation, file, {
    rooms: ['indie', 'jazz'],
    config: { wall: 'Be kind. !rules' },
    configIn: { jazz: { wall: 'Play on.' } },
  });
  const wall = (room: string) => t.sandbox.server.world.room(room)?.tickers.map(({ ticker }) => ticker);
  await t.advance('2m');
  expect([wall('indie'), wall('jazz')]).toEqual([['Be kind. !rules'], ['Play on.']]);
  await t.sandbox.run(t.bot.client.rooms.setTicker('indie', ''));
  await t.settle();
  expect(wall('indie')).toEqual([]);
  await t.advance('3m');
  expect(wall('indie')).toEqual(['Be kind. !rules']);
});
