import { describe, expect, it } from 'vitest';
import { roomBench } from './rooms.test-support.ts';

async function wall() {
  const bench = roomBench({ indie: 'windows-1251' });
  bench.online();
  await bench.enter('indie', ['bot', 'ann']);
  bench.link.says({ type: 'RoomTickers', room: 'indie', tickers: [{ username: 'ann', ticker: 'hi' }] });
  const tickers = () => bench.rooms.get('indie')?.tickers;
  return { ...bench, tickers };
}

describe('tickers', () => {
  it('takes the wall over without events', async () => {
    const { tickers, take } = await wall();
    expect(tickers()).toEqual([{ user: 'ann', ticker: 'hi' }]);
    expect(take()).toEqual([]);
  });

  it('makes one event of a replacement, which comes as removal and addition', async () => {
    const { link, clock, tickers, take } = await wall();
    link.says(
      { type: 'RoomTickerRemoved', room: 'indie', username: 'ann' },
      { type: 'RoomTickerAdded', room: 'indie', username: 'ann', ticker: 'new' },
    );
    await clock.advance(10_000);
    expect(take()).toEqual([['room.ticker', { room: 'indie', user: 'ann', ticker: 'new', old: 'hi' }]]);
    expect(tickers()).toEqual([{ user: 'ann', ticker: 'new' }]);
  });

  it('reports a removal when no addition follows', async () => {
    const { link, clock, tickers, take } = await wall();
    link.says({ type: 'RoomTickerRemoved', room: 'indie', username: 'ann' });
    expect(tickers()).toEqual([]);
    expect(take()).toEqual([]);
    await clock.advance(250);
    expect(take()).toEqual([['room.ticker', { room: 'indie', user: 'ann', ticker: '', old: 'hi' }]]);
  });

  it('does not mix up the users of two replacements', async () => {
    const { link, clock, take } = await wall();
    link.says(
      { type: 'RoomTickerAdded', room: 'indie', username: 'bob', ticker: 'one' },
      { type: 'RoomTickerRemoved', room: 'indie', username: 'ann' },
      { type: 'RoomTickerRemoved', room: 'indie', username: 'bob' },
      { type: 'RoomTickerAdded', room: 'indie', username: 'bob', ticker: 'two' },
      { type: 'RoomTickerAdded', room: 'indie', username: 'bob', ticker: 'two' },
    );
    await clock.advance(1_000);
    expect(take().map(([, event]) => event)).toEqual([
      { room: 'indie', user: 'bob', ticker: 'one' },
      { room: 'indie', user: 'bob', ticker: 'two', old: 'one' },
      { room: 'indie', user: 'ann', ticker: '', old: 'hi' },
    ]);
  });

  it('forgets the wall with the room, a half-seen replacement too', async () => {
    const { link, clock, rooms, take } = await wall();
    link.says({ type: 'RoomTickerRemoved', room: 'indie', username: 'ann' });
    link.lose();
    await clock.advance(1_000);
    expect(take().filter(([name]) => name === 'room.ticker')).toEqual([]);
    expect(rooms.get('indie')?.tickers).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('reads the charset of the room, and nothing for rooms that we are not in', async () => {
    const { link, take } = await wall();
    link.says(
      { type: 'RoomTickerAdded', room: 'indie', username: 'x', ticker: 'ïðèâåò', latin1: ['ticker'] },
      { type: 'RoomTickerAdded', room: 'other', username: 'x', ticker: 'y' },
    );
    expect(take()).toEqual([['room.ticker', { room: 'indie', user: 'x', ticker: 'привет' }]]);
  });

  it('sets ours through the ticker budget, refuses what the server would ignore', async () => {
    const { link, rooms } = await wall();
    expect(await rooms.setTicker('indie', 'a\r\nb')).toMatchObject({ state: 'sent' });
    expect(link.frames).toMatchObject([
      {
        request: { type: 'SetRoomTicker', room: 'indie', ticker: 'a b' },
        traffic: { kind: 'ticker', room: 'indie' },
      },
    ]);
    link.frames = [];
    expect(await rooms.setTicker('indie', 'é'.repeat(513))).toMatchObject({
      state: 'dropped',
      code: 'too-long',
    });
    expect(await rooms.setTicker('elsewhere', 'x')).toMatchObject({ state: 'dropped', code: 'not-joined' });
    expect(link.frames).toEqual([]);
    expect(await rooms.setTicker('indie', 'é'.repeat(512))).toMatchObject({ state: 'sent' });
  });
});
