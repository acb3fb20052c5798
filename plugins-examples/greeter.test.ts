import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as greeter from './greeter.ts';

const file = new URL('./greeter.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('greeter, %s', (mode) => {
  it('welcomes everybody once a day and room, and nobody who was there before', async () => {
    await using t = await testBot(greeter, file, {
      mode,
      config: { rooms: ['indie'], text: 'Hi {user}!' },
      rooms: ['indie', 'jazz'],
    });
    await t.join('al', 'indie');
    await t.join('al', 'jazz');
    await t.leave('al', 'indie');
    await t.join('al', 'indie');
    t.expectQuiet();
    expect(t.sent().map(({ to, text }) => `${to}: ${text}`)).toEqual(['indie: Hi al!']);
    await t.leave('al', 'indie');
    await t.advance('1d');
    await t.join('al', 'indie');
    expect(t.text('indie')).toEqual(['Hi al!', 'Hi al!']);
  });

  it('remembers over a restart whom it has welcomed', async () => {
    await using t = await testBot(greeter, file, { mode, config: { rooms: ['indie'] } });
    await t.join('al', 'indie');
    await t.leave('al', 'indie');
    await t.downtime('1h', 'kill');
    await t.join('al', 'indie');
    t.expectQuiet();
    expect(t.text('indie')).toEqual(['Welcome al, type !help to see what I can do.']);
  });

  it('would rather not welcome a crowd than talk for minutes', async () => {
    await using t = await testBot(greeter, file, { mode, config: { rooms: ['indie'] } });
    for (let i = 0; i < 30; i += 1)
      (await t.person(`user${i}`)).send({ type: 'JoinRoom', room: 'indie', private: false });
    await t.advance('5m');
    const times = t.sent().map(({ at }) => at);
    expect(times.length).toBeGreaterThan(5);
    expect(times.length).toBeLessThan(20);
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(31_000);
  });
});
