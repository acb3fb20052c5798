import { describe, expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import type { SendOutcome } from '../governor/traffic.ts';
import { joinRoom, roomBench } from './rooms.test-support.ts';

function bench() {
  const all = roomBench();
  all.online();
  return all;
}

describe('leaving', () => {
  it('exits once, when the server confirms', async () => {
    const { link, rooms, enter, take } = bench();
    await enter('indie');
    const left = rooms.leave('indie');
    expect(rooms.leave('indie')).toBe(left);
    expect(link.take()).toEqual([{ type: 'LeaveRoom', room: 'indie' }]);
    expect(rooms.isJoined('indie')).toBe(true);
    link.says({ type: 'LeaveRoom', room: 'indie' }, { type: 'LeaveRoom', room: 'indie' });
    expect(await left).toBe('left');
    expect(take()).toEqual([['room.exited', { room: 'indie', reason: 'left' }]]);
    expect(rooms.known()).toEqual([]);
    expect(await rooms.leave('indie')).toBe('not-joined');
  });

  it('without an answer we are still inside', async () => {
    const { clock, rooms, enter, link } = bench();
    await enter('indie');
    const left = rooms.leave('indie');
    await clock.advance(15_000);
    expect(await left).toBe('unknown');
    expect(rooms.isJoined('indie')).toBe(true);
    link.says({ type: 'LeaveRoom', room: 'indie' });
    expect(rooms.isJoined('indie')).toBe(false);
  });

  it('takes back a join that still waits for its turn', async () => {
    const { link, rooms } = bench();
    const { promise, resolve } = deferred<SendOutcome>();
    link.outcome = () => promise;
    const joined = rooms.join('indie');
    expect(await rooms.leave('indie')).toBe('not-joined');
    expect(await joined).toMatchObject({ state: 'refused', code: 'cancelled' });
    expect(link.frames[0]?.options?.signal?.aborted).toBe(true);
    resolve({ state: 'dropped', code: 'cancelled', reason: 'cancelled' });
    expect(link.takeTypes()).toEqual(['JoinRoom']);
  });

  it('joins again behind a leave under way', async () => {
    const { link, rooms, enter, take } = bench();
    await enter('indie');
    const left = rooms.leave('indie');
    const joined = rooms.join('indie');
    expect(link.takeTypes()).toEqual(['LeaveRoom', 'JoinRoom']);
    link.says({ type: 'LeaveRoom', room: 'indie' }, joinRoom('indie', ['bot']));
    expect(await left).toBe('left');
    expect(await joined).toMatchObject({ state: 'joined' });
    expect(take().map(([name]) => name)).toEqual(['room.exited', 'room.entered']);
  });

  it('leave, then join, of a join already under way: only the second answer counts', async () => {
    const { link, rooms, take } = bench();
    const first = rooms.join('indie');
    await Promise.resolve();
    await Promise.resolve();
    const left = rooms.leave('indie');
    const second = rooms.join('indie');
    expect(link.takeTypes()).toEqual(['JoinRoom', 'LeaveRoom', 'JoinRoom']);
    link.says(
      joinRoom('indie', ['bot']),
      { type: 'LeaveRoom', room: 'indie' },
      joinRoom('indie', ['bot', 'ann']),
    );
    expect(await first).toMatchObject({ code: 'cancelled' });
    expect(await left).toBe('left');
    expect(await second).toMatchObject({
      state: 'joined',
      room: { users: [{ user: 'bot' }, { user: 'ann' }] },
    });
    expect(take().map(([name]) => name)).toEqual(['room.entered']);
    expect(link.take()).toEqual([]);
  });

  it('put out of a public room is `removed`', async () => {
    const { link, enter, take } = bench();
    await enter('indie');
    link.says({ type: 'LeaveRoom', room: 'indie' });
    expect(take()).toEqual([['room.exited', { room: 'indie', reason: 'removed' }]]);
  });
});
