import { describe, expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import type { ServerResponse } from '../../protocol/index.ts';
import { settled } from '../fake-link.test-support.ts';
import type { SendOutcome } from '../governor/traffic.ts';
import { RoomAdmin } from './admin.ts';
import type { AdminOutcome } from './room.ts';
import { joinRoom, roomBench, roomList, serverSays } from './rooms.test-support.ts';

const room = 'den';

function bench(standing: 'owner' | 'operator' | 'member' = 'owner') {
  const all = roomBench();
  const { link, clock, log, rooms } = all;
  const admin = new RoomAdmin({ link, clock, log, rooms });
  all.online();
  link.says(
    standing === 'owner'
      ? roomList({ ownedRooms: [room, 'lair'] })
      : roomList({ memberRooms: [room], operatedRooms: standing === 'operator' ? [room] : [] }),
    { type: 'RoomMembers', room, usernames: ['ann', 'oper', ...(standing === 'owner' ? [] : ['bot'])] },
    { type: 'RoomOperators', room, usernames: ['oper', ...(standing === 'operator' ? ['bot'] : [])] },
  );
  all.take();
  return { ...all, admin };
}

const CONFIRMED: AdminOutcome = { state: 'confirmed' };
const INVITATIONS_OFF =
  'user zoe hasn’t enabled private room add. please message them and ask them to do so before trying to add them again.';

type Call = (admin: RoomAdmin) => Promise<AdminOutcome>;

describe('RoomAdmin', () => {
  it.each<[string, Call, ServerResponse]>([
    ['134', (a) => a.addMember(room, 'zoe'), { type: 'AddRoomMember', room, username: 'zoe' }],
    ['notice', (a) => a.addMember(room, 'zoe'), serverSays('User zoe is now a member of room den')],
    ['133', (a) => a.addMember(room, 'zoe'), { type: 'RoomMembers', room, usernames: ['ann', 'zoe'] }],
    ['135', (a) => a.removeMember(room, 'ann'), { type: 'RemoveRoomMember', room, username: 'ann' }],
    ['notice', (a) => a.removeMember(room, 'ann'), serverSays('User ann is no longer a member of room den')],
    ['133', (a) => a.removeMember(room, 'ann'), { type: 'RoomMembers', room, usernames: [] }],
    ['143', (a) => a.addOperator(room, 'ann'), { type: 'AddRoomOperator', room, username: 'ann' }],
    ['notice', (a) => a.addOperator(room, 'ann'), serverSays('User ann is now an operator of room den')],
    ['148', (a) => a.addOperator(room, 'ann'), { type: 'RoomOperators', room, usernames: ['ann'] }],
    ['144', (a) => a.removeOperator(room, 'oper'), { type: 'RemoveRoomOperator', room, username: 'oper' }],
    ['135', (a) => a.removeOperator(room, 'oper'), { type: 'RemoveRoomMember', room, username: 'oper' }],
    [
      'notice',
      (a) => a.removeOperator(room, 'oper'),
      serverSays('User oper is no longer an operator of room den'),
    ],
    ['148', (a) => a.removeOperator(room, 'oper'), { type: 'RoomOperators', room, usernames: [] }],
    ['64', (a) => a.dissolve(room), roomList({ ownedRooms: ['lair'] })],
    ['140', (a) => a.dissolve(room), { type: 'RoomMembershipRevoked', room }],
  ])('confirmed by %s: %s', async (_, call, seen) => {
    const { link, admin } = bench();
    const outcome = call(admin);
    await settled();
    expect(link.frames[0]?.traffic).toEqual({ kind: 'room-admin', room });
    link.says(seen);
    expect(await outcome).toEqual(CONFIRMED);
  });

  it.each<[string, Call, string]>([
    ['offline', (a) => a.addMember(room, 'zoe'), 'user zoe is not logged in.'],
    ['offline', (a) => a.addOperator(room, 'zoe'), 'user zoe is not logged in.'],
    ['invitations-off', (a) => a.addMember(room, 'zoe'), INVITATIONS_OFF],
    ['invitations-off', (a) => a.addMember(room, 'zoe'), INVITATIONS_OFF.replace('’', "'")],
    ['already-member', (a) => a.addMember(room, 'zoe'), 'user zoe is already a member of room den'],
    ['is-owner', (a) => a.addMember(room, 'zoe'), 'user zoe is the owner of room den'],
    ['not-member', (a) => a.addOperator(room, 'zoe'), 'user zoe must first be a member of room den'],
    ['already-operator', (a) => a.addOperator(room, 'zoe'), 'user zoe is already an operator of room den'],
  ])('refused by the server: %s', async (code, call, text) => {
    const { link, admin } = bench();
    const outcome = call(admin);
    await settled();
    link.says(serverSays(text, false));
    await settled();
    link.says(serverSays(text));
    expect(await outcome).toEqual({ state: 'refused', code, reason: text });
  });

  it.each<['owner' | 'operator' | 'member', string, Call]>([
    ['owner', 'self', (a) => a.addMember(room, 'bot')],
    ['owner', 'self', (a) => a.removeMember(room, 'bot')],
    ['owner', 'is-owner', (a) => a.cancelMembership(room)],
    ['owner', 'not-operator', (a) => a.cancelOperatorship(room)],
    ['operator', 'no-power', (a) => a.removeMember(room, 'oper')],
    ['operator', 'no-power', (a) => a.addOperator(room, 'ann')],
    ['operator', 'no-power', (a) => a.removeOperator(room, 'oper')],
    ['operator', 'no-power', (a) => a.dissolve(room)],
    ['member', 'no-power', (a) => a.addMember(room, 'zoe')],
    ['member', 'no-power', (a) => a.removeMember(room, 'ann')],
    ['member', 'not-operator', (a) => a.cancelOperatorship(room)],
    ['member', 'no-power', (a) => a.addMember('elsewhere', 'zoe')],
    ['member', 'not-member', (a) => a.cancelMembership('elsewhere')],
  ])('not even sent by %s: %s', async (standing, code, call) => {
    const { link, admin } = bench(standing);
    expect(await call(admin)).toMatchObject({ state: 'refused', code });
    expect(link.frames).toEqual([]);
  });

  it('operators may add and remove plain members', async () => {
    const { link, admin } = bench('operator');
    void admin.addMember(room, 'zoe');
    void admin.removeMember(room, 'ann');
    await settled();
    expect(link.takeTypes()).toEqual(['AddRoomMember', 'RemoveRoomMember']);
  });

  it('public rooms have no administration', async () => {
    const { admin, enter, link } = bench();
    await enter('indie');
    for (const call of [
      admin.removeMember('indie', 'ann'),
      admin.dissolve('indie'),
      admin.cancelMembership('indie'),
    ]) {
      expect(await call).toMatchObject({ state: 'refused', code: 'public-room' });
    }
    expect(link.frames).toEqual([]);
  });

  it('before the room list nothing is certain, so the server decides', async () => {
    const all = roomBench();
    const admin = new RoomAdmin(all);
    all.online();
    void admin.addMember(room, 'zoe');
    await settled();
    expect(all.link.takeTypes()).toEqual(['AddRoomMember']);
  });

  it('unknown when nothing is seen, counted from when it left', async () => {
    const { link, clock, admin } = bench();
    const turn = deferred<SendOutcome>();
    link.outcome = () => turn.promise;
    const outcome = admin.addMember(room, 'zoe');
    let done = false;
    void outcome.then(() => (done = true));
    await clock.advance(60_000);
    // Not sent yet, so it cannot be ours that failed.
    link.says(serverSays('user zoe is not logged in.'));
    turn.resolve({ state: 'sent', at: 0 });
    await clock.advance(14_999);
    expect(done).toBe(false);
    await clock.advance(1);
    expect(await outcome).toEqual({ state: 'unknown', reason: 'nothing was seen of it within 15 s' });
    expect(clock.pending).toBe(0);
  });

  it('somebody else did it first: the frame is taken back', async () => {
    const { link, admin } = bench();
    const turn = deferred<SendOutcome>();
    link.outcome = () => turn.promise;
    const outcome = admin.addMember(room, 'zoe');
    await settled();
    link.says({ type: 'AddRoomMember', room, username: 'zoe' });
    expect(await outcome).toEqual(CONFIRMED);
    expect(link.frames[0]?.options?.signal?.aborted).toBe(true);
    turn.resolve({ state: 'dropped', code: 'cancelled', reason: 'cancelled' });
    await settled();
  });

  it('dropped by the governor, lost with the connection', async () => {
    const { link, admin } = bench();
    const lost = admin.addMember(room, 'zoe');
    await settled();
    link.lose();
    expect(await lost).toEqual({ state: 'unknown', reason: 'the connection was lost' });
    expect(await admin.addMember(room, 'zoe')).toEqual({
      state: 'refused',
      code: 'dropped',
      reason: 'not logged in',
    });
  });

  it('each notice finds its action by user and room, or the oldest for the user', async () => {
    const { link, admin } = bench();
    const zoeDen = admin.addMember(room, 'zoe');
    const zoeLair = admin.addMember('lair', 'zoe');
    const annLair = admin.addMember('lair', 'ann');
    await settled();
    link.says(
      serverSays('user zoe is already a member of room lair'),
      serverSays('user ann is not logged in.'),
      serverSays('user nobody is not logged in.'),
      serverSays('user zoe is not logged in.'),
    );
    expect(await zoeLair).toMatchObject({ code: 'already-member' });
    expect(await annLair).toMatchObject({ code: 'offline' });
    expect(await zoeDen).toMatchObject({ code: 'offline' });
  });

  it('a text without room goes to the oldest', async () => {
    const { link, admin } = bench();
    const first = admin.addMember(room, 'zoe');
    const second = admin.addMember('lair', 'zoe');
    await settled();
    link.says(serverSays(INVITATIONS_OFF));
    expect(await first).toMatchObject({ code: 'invitations-off' });
    link.says({ type: 'AddRoomMember', room: 'lair', username: 'zoe' });
    expect(await second).toEqual(CONFIRMED);
  });

  it('is not misled by a user whose name is half a notice', async () => {
    const { link, admin } = bench();
    const hostile = 'zoe is now a member of room den';
    const zoe = admin.addMember(room, 'zoe');
    const other = admin.addMember('lair', hostile);
    await settled();
    link.says(serverSays(`User ${hostile} is now a member of room lair`));
    expect(await other).toEqual(CONFIRMED);
    link.says(serverSays('user zoe is not logged in.'));
    expect(await zoe).toMatchObject({ code: 'offline' });
  });

  it('actions on one user in one room wait for each other, others do not', async () => {
    const { link, admin } = bench();
    const added = admin.addMember(room, 'zoe');
    const removed = admin.removeMember(room, 'zoe');
    void admin.addMember('lair', 'zoe');
    await settled();
    expect(link.takeTypes()).toEqual(['AddRoomMember', 'AddRoomMember']);
    link.says({ type: 'AddRoomMember', room, username: 'zoe' });
    expect(await added).toEqual(CONFIRMED);
    await settled();
    expect(link.takeTypes()).toEqual(['RemoveRoomMember']);
    link.says({ type: 'RemoveRoomMember', room, username: 'zoe' });
    expect(await removed).toEqual(CONFIRMED);
  });

  it.each([
    [
      'official: the owner stays inside',
      [roomList({ ownedRooms: ['lair'] })],
      ['CancelRoomOwnership', 'RoomList', 'LeaveRoom'],
    ],
    [
      'soulfind: the owner is put out',
      [{ type: 'LeaveRoom', room }, roomList({ ownedRooms: ['lair'] })],
      ['CancelRoomOwnership', 'RoomList'],
    ],
  ] as [string, ServerResponse[], string[]][])('dissolves, %s', async (_, messages, sent) => {
    const { link, admin, rooms, take } = bench();
    const joined = rooms.join(room);
    link.says(joinRoom(room, ['bot'], { owner: 'bot', operators: [] }));
    await joined;
    link.take();
    take();
    const outcome = admin.dissolve(room);
    await settled();
    link.says(roomList({ ownedRooms: [room, 'lair'] }), ...messages);
    expect(await outcome).toEqual(CONFIRMED);
    await settled();
    link.says({ type: 'LeaveRoom', room });
    expect(take().filter(([name]) => name === 'room.exited')).toEqual([
      ['room.exited', { room, reason: 'dissolved' }],
    ]);
    expect(link.takeTypes()).toEqual(sent);
    expect(rooms.remembered()).toEqual([]);
    expect(rooms.get(room)).toBeUndefined();
  });

  it('gives up membership and operatorship', async () => {
    const { link, admin } = bench('operator');
    const operatorship = admin.cancelOperatorship(room);
    await settled();
    link.says({ type: 'RoomOperatorshipRevoked', room });
    expect(await operatorship).toEqual(CONFIRMED);
    const membership = admin.cancelMembership(room);
    await settled();
    link.says(roomList({ memberRooms: [room] }));
    await settled();
    link.says({ type: 'RoomMembershipRevoked', room });
    expect(await membership).toEqual(CONFIRMED);
  });

  it('changes the password and never logs it', async () => {
    const { link, clock, admin, log } = bench();
    expect(await admin.changePassword('')).toMatchObject({ state: 'refused' });
    const changed = admin.changePassword('s3cret');
    await settled();
    expect(link.take()).toEqual([{ type: 'ChangePassword', password: 's3cret' }]);
    link.says({ type: 'ChangePassword', password: 's3cret' });
    expect(await changed).toEqual(CONFIRMED);
    const silent = admin.changePassword('s3cret2');
    await clock.advance(15_000);
    expect(await silent).toMatchObject({ state: 'unknown' });
    expect(JSON.stringify(log.lines)).not.toContain('s3cret');
  });
});
