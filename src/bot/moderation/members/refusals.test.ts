import { describe, expect, it } from 'vitest';
import { RoomAdmin } from '../../../network/rooms/admin.ts';
import { joinRoom, roomBench, roomList, serverSays } from '../../../network/rooms/rooms.test-support.ts';
import type { ServerResponse } from '../../../protocol/index.ts';
import { openStore } from '../../store/store.ts';
import { Members } from './members.ts';

const room = 'den';
const online: ServerResponse = { type: 'GetUserStatus', username: 'bob', status: 2, privileged: false };

/** The engine in front of a server that says what the test tells it to. */
async function bench(...usernames: readonly string[]) {
  return benchOf({ usernames, enforce: 'tell' });
}

async function benchOf({ usernames, enforce }: { usernames: readonly string[]; enforce: 'tell' | 'remove' }) {
  const all = roomBench();
  const { link, clock, log, rooms, users, emitter } = all;
  const store = await openStore({ memory: true, clock, log });
  const told: string[] = [];
  const heard: string[] = [];
  const switches = { halted: false };
  const members = new Members({
    client: {
      username: link.username,
      get state() {
        return link.state;
      },
      rooms,
      admin: new RoomAdmin({ link, clock, log, rooms }),
      users,
      on: (event, handler) => emitter.on(event, handler),
    },
    clock,
    log,
    store: store.members,
    halted: () => switches.halted,
    config: { invitationTtlMs: 1e9, enforce, snapshots: 3, dailySnapshot: false },
    voice: {
      tell: async (user) => {
        told.push(user);
        return true;
      },
      owners: () => {},
      staff: async (_key, text) => heard.push(text),
    },
  });
  all.online();
  link.says(
    roomList({ ownedRooms: [room] }),
    { type: 'RoomMembers', room, usernames },
    { type: 'RoomOperators', room, usernames: [] },
  );
  const joined = rooms.join(room);
  link.says(joinRoom(room, ['bot'], { owner: 'bot', operators: [] }));
  await joined;
  await members.open();
  members.start();
  /** Says something as often as a second passes until the work is done. */
  const until = async <T>(work: Promise<T>, answer: ServerResponse | undefined): Promise<T> => {
    let done = false;
    void work.finally(() => (done = true)).catch(() => {});
    for (let n = 0; n < 60 && !done; n++) {
      await clock.advance(1_000);
      const types = link.takeTypes();
      if (types.includes('GetUserStatus')) link.says(online);
      // An owner who asks for the list gets the members too.
      if (types.includes('RoomList'))
        link.says(roomList({ ownedRooms: [room] }), { type: 'RoomMembers', room, usernames });
      if (answer !== undefined && types.some((type) => /^(?:Add|Remove)Room/.test(type))) link.says(answer);
    }
    return clock.run(work);
  };
  return { ...all, members, until, told, heard, switches };
}

const off = (apostrophe: string) =>
  `user bob hasn${apostrophe}t enabled private room add. please message them and ask them to do so before trying to add them again.`;

describe('what the server says of an invitation, and how it stands then', () => {
  it.each<[string, string, string | undefined]>([
    ['user bob is not logged in.', 'waiting', 'offline'],
    [off("'"), 'blocked', 'do not accept'],
    [off('\u2019'), 'blocked', 'do not accept'],
    ['user bob is already a member of room den', 'done', undefined],
    ['User bob is now a member of room den', 'done', undefined],
    ['User [bob] was added as a member of room [den] by operator [opal]', 'done', undefined],
    ['user bob is the owner of room den', 'refused', 'is the owner of room den'],
    ['Something that nobody has ever seen the server say.', 'waiting', 'nothing was seen of it within 15 s'],
  ])('%s', async (text, state, detail) => {
    const { members, until, told } = await bench('al');
    const invitation = await until(members.invite(room, 'bob', 'meg'), serverSays(text));
    expect(invitation.state).toBe(state);
    if (detail === undefined) expect(invitation.detail).toBeUndefined();
    else expect(invitation.detail).toContain(detail);
    expect(told).toEqual(state === 'blocked' ? ['bob'] : []);
  });
});

describe('what the server says of operators and of removals', () => {
  it.each<['op' | 'deop' | 'remove', string, string]>([
    ['op', 'user bob is not logged in.', 'offline'],
    ['op', 'user bob must first be a member of room den', 'not-member'],
    ['op', 'user bob is already an operator of room den', 'already-operator'],
    ['op', 'user bob is the owner of room den', 'is-owner'],
    ['op', 'User bob is now an operator of room den', 'confirmed'],
    ['op', 'Nothing of the kind.', 'unknown'],
    ['deop', 'User bob is no longer an operator of room den', 'not-operator'],
    ['remove', 'User bob is no longer a member of room den', 'confirmed'],
    ['remove', 'user bob is the owner of room den', 'is-owner'],
    ['remove', 'Nothing of the kind.', 'unknown'],
  ])('%s: %s', async (deed, text, expected) => {
    const { members, until } = await bench('al', 'bob');
    const outcome = await until(members[deed](room, 'bob', 'meg'), serverSays(text));
    expect(outcome.state === 'refused' ? outcome.code : outcome.state).toBe(expected);
    if (outcome.state !== 'confirmed') expect(outcome.reason).not.toBe('');
  });

  it('a ban that the server does not confirm stays on the list, and is tried again', async () => {
    const { members, until, link, clock } = await bench('al', 'bob');
    const ban = { room, user: 'bob', by: 'meg', reason: 'spam' };
    expect(await until(members.ban(ban), undefined)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('I go on trying'),
    });
    expect(members.banned(room)).toHaveLength(1);
    link.take();
    await clock.advance(60_000);
    expect(link.take()).toContainEqual({ type: 'RemoveRoomMember', room, username: 'bob' });
    link.says(serverSays('User bob is no longer a member of room den'));
    await clock.advance(86_400_000);
    expect(link.takeTypes()).not.toContain('RemoveRoomMember');
  });
});

describe('while moderation is halted', () => {
  const order = { room, user: 'bob', reason: 'spam' };
  const removal: ServerResponse = serverSays('User bob is no longer a member of room den');
  const taken = { type: 'RemoveRoomMember', room, username: 'bob' };

  it("a rule's removal is not tried again until it is resumed; what people order is", async () => {
    for (const by of ['rule', 'meg']) {
      const { members, until, link, clock, switches } = await bench('al', 'bob');
      await until(members.ban({ ...order, by }), undefined);
      switches.halted = true;
      link.take();
      await clock.advance(86_400_000);
      const asked = link.take();
      if (by === 'meg') expect(asked).toContainEqual(taken);
      else {
        expect(asked).not.toContainEqual(taken);
        switches.halted = false;
        await clock.advance(10_000);
        expect(link.take()).toContainEqual(taken);
      }
      link.says(removal);
      await clock.advance(1_000);
      expect(members.banned(room)).toMatchObject([{ user: 'bob' }]);
      await members.stop();
    }
  });

  it("a rule's removal that is ordered meanwhile waits, also over a sweep", async () => {
    const { members, until, link, clock, switches } = await bench('al', 'bob');
    switches.halted = true;
    link.take();
    expect(await until(members.ban({ ...order, by: 'rule' }), undefined)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('halted'),
    });
    link.says({ type: 'RoomOperators', room, usernames: [] });
    await clock.advance(600_000);
    expect(link.take()).not.toContainEqual(taken);
    expect(await until(members.remove(room, 'bob', 'meg'), removal)).toEqual({ state: 'confirmed' });
    await members.stop();
  });

  it('nobody is kept out again until it is resumed', async () => {
    const { members, until, link, clock, switches } = await benchOf({
      usernames: ['al', 'bob'],
      enforce: 'remove',
    });
    expect(await until(members.ban({ ...order, by: 'meg' }), removal)).toEqual({ state: 'confirmed' });
    switches.halted = true;
    link.says({ type: 'AddRoomMember', room, username: 'bob' });
    link.take();
    await clock.advance(600_000);
    expect(link.take()).not.toContainEqual(taken);
    switches.halted = false;
    await clock.advance(10_000);
    expect(link.take()).toContainEqual(taken);
    link.says(removal);
    await clock.advance(1_000);
    await members.stop();
  });
});

it('staff hear once of somebody added by others whose name looks like a banned one', async () => {
  const { members, until, link, clock, heard } = await bench('al', 'bob');
  await until(
    members.ban({ room, user: 'bob', by: 'meg', reason: 'spam' }),
    serverSays('User bob is no longer a member of room den'),
  );
  link.says({ type: 'AddRoomMember', room, username: 'b0b' });
  link.says({ type: 'AddRoomMember', room, username: 'carl' });
  await clock.advance(5_000);
  expect(heard).toEqual(['b0b was added to den by another operator: the name looks like bob, banned here']);
  await members.stop();
});
