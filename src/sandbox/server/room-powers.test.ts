import { describe, expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';
import type { Dialect } from './dialect.ts';

/** What somebody heard, in short: kinds of messages, notices by their text. */
const story = (person: SandboxPerson) =>
  person.heard.map(({ message }) => (message.type === 'MessageUser' ? message.message : message.type));

/** A private room with an owner, an operator and a member, all online, all but `guest` inside. */
async function den(dialect: Dialect = 'official') {
  const sandbox = await virtualSandbox({
    server: {
      dialect,
      rooms: [{ name: 'den', owner: 'owner', members: ['member'], operators: ['oper', 'oper2'] }],
    },
  });
  const [owner, oper, oper2, member, guest, other] = (await sandbox.online(
    ...['owner', 'oper', 'oper2', 'member', 'guest', 'other'],
  )) as [SandboxPerson, SandboxPerson, SandboxPerson, SandboxPerson, SandboxPerson, SandboxPerson];
  const people = { owner, oper, oper2, member, guest, other };
  for (const person of [owner, oper, member]) await sandbox.run(person.join('den'));
  const settle = () => sandbox.world.clock.advance(10);
  await settle();
  for (const person of Object.values(people)) person.forget();
  const room = () => sandbox.server.world.room('den')!;
  return { sandbox, ...people, people, settle, room };
}

const listed = ['RoomList', 'RoomMembers', 'RoomOperators'];

describe('adding a member', () => {
  test('by the owner: members see it, the newcomer gets the lists, the owner a notice only', async () => {
    const { owner, oper, member, guest, settle, room } = await den();
    owner.addMember('den', 'guest');
    await settle();
    expect(story(guest)).toEqual(['AddRoomMember', 'RoomMembershipGranted', ...listed]);
    expect(story(member)).toEqual(['AddRoomMember']);
    expect(story(oper)).toEqual(['AddRoomMember']);
    expect(story(owner)).toEqual(['User guest is now a member of room den']);
    expect(room().members).toContain('guest');
    expect(guest.all('RoomMembers')[0]?.usernames).toEqual(['member', 'oper', 'oper2', 'guest']);
  });

  test('by an operator: the owner is told who did it', async () => {
    const { owner, oper, settle } = await den();
    oper.addMember('den', 'guest');
    await settle();
    expect(story(owner)).toEqual(['User [guest] was added as a member of room [den] by operator [oper]']);
    expect(story(oper)).toEqual(['AddRoomMember']);
  });

  test('soulfind shows it to the owner as well', async () => {
    const { owner, guest, settle } = await den('soulfind');
    owner.addMember('den', 'guest');
    await settle();
    expect(story(owner)).toEqual(['AddRoomMember', 'User guest is now a member of room den']);
    expect(story(guest)).toEqual(['AddRoomMember', 'RoomMembershipGranted', ...listed]);
  });

  test.each([
    [
      'official',
      "user guest hasn't enabled private room add. please message them and ask them to do so before trying to add them again.",
    ],
    [
      'soulfind',
      'user guest hasn’t enabled private room add. please message them and ask them to do so before trying to add them again.',
    ],
  ] as const)('needs invitations to be on (%s)', async (dialect, text) => {
    const { owner, guest, settle, room } = await den(dialect);
    guest.allowInvitations(false);
    await settle();
    expect(story(guest)).toEqual(['EnableRoomInvitations']);
    owner.addMember('den', 'guest');
    await settle();
    expect(story(owner)).toEqual([text]);
    expect(room().members).not.toContain('guest');
  });

  test('invitations are off in a new session until switched on', async () => {
    const { sandbox, owner, settle } = await den();
    const shy = sandbox.person('shy', { invitations: false });
    await sandbox.run(shy.login());
    owner.addMember('den', 'shy');
    await settle();
    expect(story(owner)[0]).toMatch(/enabled private room add/);
  });

  test.each([
    ['nobody', 'user nobody is not logged in.'],
    ['member', 'user member is already a member of room den'],
    ['oper2', 'user oper2 is already a member of room den'],
    ['owner', 'user owner is the owner of room den'],
  ])('%s is refused in words', async (user, text) => {
    const { oper, settle } = await den();
    oper.addMember('den', user);
    await settle();
    expect(story(oper)).toEqual([text]);
  });

  test.each([
    ['member', 'den', 'guest'],
    ['other', 'den', 'guest'],
    ['owner', 'den', 'owner'],
    ['owner', 'no such room', 'guest'],
  ] as const)('%s adding to %s %s: silence', async (who, where, whom) => {
    const { people, settle, room } = await den();
    people[who].addMember(where, whom);
    await settle();
    expect(Object.values(people).map(story)).toEqual([[], [], [], [], [], []]);
    expect(room().members).toEqual(['member', 'oper', 'oper2']);
  });
});

describe('removing a member', () => {
  test.each(['owner', 'oper'] as const)(
    'by %s: the others see it, the owner is told, the member is put out',
    async (who) => {
      const { sandbox, people, owner, oper, oper2, member, settle, room } = await den();
      people[who].removeMember('den', 'member');
      await settle();
      expect(story(member)).toEqual(['RoomMembershipRevoked', 'LeaveRoom', 'RoomList']);
      expect(story(oper2)).toEqual(['RemoveRoomMember']);
      expect(story(oper)).toEqual(['RemoveRoomMember', 'UserLeftRoom']);
      expect(story(owner)).toEqual(['User member is no longer a member of room den', 'UserLeftRoom']);
      expect(room()).toMatchObject({ members: ['oper', 'oper2'], users: ['owner', 'oper'] });
      await expect(sandbox.run(member.join('den'))).rejects.toThrow('may not enter');
    },
  );

  test('who is outside gets no LeaveRoom; who is offline finds out at the next login', async () => {
    const { sandbox, owner, member, settle, room } = await den();
    member.leave('den');
    await settle();
    member.forget();
    owner.removeMember('den', 'member');
    await settle();
    expect(story(member)).toEqual(['RoomMembershipRevoked', 'RoomList']);
    owner.addMember('den', 'guest');
    await settle();
    sandbox.server.drop('guest');
    owner.removeMember('den', 'guest');
    await settle();
    expect(room().members).toEqual(['oper', 'oper2']);
  });

  test('an operator loses that too; soulfind takes it first', async () => {
    for (const dialect of ['official', 'soulfind'] as const) {
      const { owner, oper, settle, room } = await den(dialect);
      owner.removeMember('den', 'oper');
      await settle();
      const membership = ['RoomMembershipRevoked', 'LeaveRoom'];
      expect(story(oper)).toEqual(
        dialect === 'official'
          ? [...membership, 'RoomOperatorshipRevoked', 'RoomList']
          : ['RemoveRoomOperator', 'RoomOperatorshipRevoked', ...listed, ...membership, 'RoomList'],
      );
      expect(room()).toMatchObject({ operators: ['oper2'], members: ['member', 'oper2'] });
    }
  });

  test.each([
    ['oper', 'oper2'],
    ['oper', 'owner'],
    ['oper', 'oper'],
    ['owner', 'owner'],
    ['member', 'oper'],
    ['owner', 'other'],
    ['other', 'member'],
  ] as const)('%s removing %s: silence', async (who, whom) => {
    const { people, settle, room } = await den();
    people[who].removeMember('den', whom);
    await settle();
    expect(Object.values(people).map(story)).toEqual([[], [], [], [], [], []]);
    expect(room()).toMatchObject({ members: ['member', 'oper', 'oper2'], operators: ['oper', 'oper2'] });
  });
});

describe('operators', () => {
  test('a member inside sees the change twice, one outside once, the owner inside once', async () => {
    const { owner, oper, oper2, member, settle, room } = await den();
    owner.addOperator('den', 'member');
    await settle();
    expect(story(member)).toEqual([
      'AddRoomOperator',
      'AddRoomOperator',
      'RoomOperatorshipGranted',
      ...listed,
    ]);
    expect(story(oper)).toEqual(['AddRoomOperator', 'AddRoomOperator']);
    expect(story(oper2)).toEqual(['AddRoomOperator']);
    expect(story(owner)).toEqual(['AddRoomOperator', 'User member is now an operator of room den']);
    expect(room().operators).toEqual(['oper', 'oper2', 'member']);
  });

  test('taking it away is the mirror image', async () => {
    const { owner, oper, oper2, settle, room } = await den();
    owner.removeOperator('den', 'oper');
    await settle();
    expect(story(oper)).toEqual([
      'RemoveRoomOperator',
      'RemoveRoomOperator',
      'RoomOperatorshipRevoked',
      ...listed,
    ]);
    expect(story(oper2)).toEqual(['RemoveRoomOperator']);
    expect(story(owner)).toEqual(['RemoveRoomOperator', 'User oper is no longer an operator of room den']);
    expect(room()).toMatchObject({ operators: ['oper2'], members: ['member', 'oper', 'oper2'] });
  });

  test('soulfind sends it once', async () => {
    const { owner, member, settle } = await den('soulfind');
    owner.addOperator('den', 'member');
    await settle();
    expect(story(member)).toEqual(['AddRoomOperator', 'RoomOperatorshipGranted', ...listed]);
    member.forget();
    owner.removeOperator('den', 'member');
    await settle();
    expect(story(member)).toEqual(['RemoveRoomOperator', 'RoomOperatorshipRevoked', ...listed]);
  });

  test.each([
    ['nobody', 'user nobody is not logged in.'],
    ['guest', 'user guest must first be a member of room den'],
    ['oper', 'user oper is already an operator of room den'],
  ])('%s cannot become one, and the owner is told why', async (user, text) => {
    const { owner, settle } = await den();
    owner.addOperator('den', user);
    await settle();
    expect(story(owner)).toEqual([text]);
  });

  test('only the owner makes and unmakes them', async () => {
    const { people, oper, settle, room } = await den();
    oper.addOperator('den', 'member');
    oper.removeOperator('den', 'oper2');
    people.member.addOperator('den', 'member');
    people.owner.removeOperator('den', 'member');
    await settle();
    expect(Object.values(people).map(story)).toEqual([[], [], [], [], [], []]);
    expect(room().operators).toEqual(['oper', 'oper2']);
  });

  test('resigning works on soulfind only', async () => {
    for (const dialect of ['official', 'soulfind'] as const) {
      const { oper, settle, room } = await den(dialect);
      oper.send({ type: 'CancelRoomOperatorship', room: 'den' });
      await settle();
      expect(room().operators).toEqual(dialect === 'official' ? ['oper', 'oper2'] : ['oper2']);
    }
  });
});

describe('giving up', () => {
  test('a member leaves for good, an operator too, the owner cannot', async () => {
    const { owner, oper, member, settle, room } = await den();
    for (const person of [owner, oper, member]) person.send({ type: 'CancelRoomMembership', room: 'den' });
    await settle();
    expect(room()).toMatchObject({
      owner: 'owner',
      members: ['oper2'],
      operators: ['oper2'],
      users: ['owner'],
    });
    expect(story(owner)).toContain('User member is no longer a member of room den');
    expect(story(member).slice(-3)).toEqual(['RoomMembershipRevoked', 'LeaveRoom', 'RoomList']);
  });

  test.each(['official', 'soulfind'] as const)('the owner dissolves the room (%s)', async (dialect) => {
    const { sandbox, owner, oper2, member, guest, settle, room } = await den(dialect);
    owner.setTicker('den', 'house rules');
    await settle();
    for (const person of [owner, member]) person.forget();
    member.send({ type: 'CancelRoomOwnership', room: 'den' });
    owner.send({ type: 'CancelRoomOwnership', room: 'den' });
    await settle();
    expect(story(member).slice(-3)).toEqual(['RoomMembershipRevoked', 'LeaveRoom', 'RoomList']);
    expect(story(oper2)).toContain('RoomMembershipRevoked');
    const inside = dialect === 'official' ? ['owner'] : [];
    expect(room()).toMatchObject({ private: false, members: [], operators: [], users: inside });
    expect(owner.all('LeaveRoom')).toHaveLength(1 - inside.length);
    expect(room().tickers).toEqual([{ user: 'owner', ticker: 'house rules' }]);
    owner.leave('den');
    await settle();
    const again = await sandbox.run(guest.join('den', { private: true }));
    expect(again).toMatchObject({ owner: 'guest' });
  });
});

test('membership, ownership and operators outlive sessions and a restart', async () => {
  const { sandbox, member } = await den();
  await sandbox.server.restart();
  await sandbox.world.clock.advance(10);
  await sandbox.run(member.login());
  expect(await sandbox.run(member.join('den'))).toMatchObject({
    owner: 'owner',
    operators: ['oper', 'oper2'],
  });
});
