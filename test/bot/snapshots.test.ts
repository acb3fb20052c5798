import { afterEach, expect, it } from 'vitest';
import { BOT, DAY, HOUR, type MembersBench, MINUTE, membersBench } from './members-bench.ts';

let bench: MembersBench | undefined;

afterEach(async () => {
  await bench?.end();
  bench = undefined;
});

const open = async (...options: Parameters<typeof membersBench>): Promise<MembersBench> => {
  bench = await membersBench(...options);
  return bench;
};

const crowd = Array.from({ length: 20 }, (_, n) => `u${n}`);

it.each(['official', 'soulfind'] as const)(
  'after an accident everybody is invited again, and operators are made again: %s',
  async (dialect) => {
    const b = await open({
      rooms: [{ name: 'den', owner: BOT, operators: ['opal', 'u1'], members: [...crowd, 'al'] }],
      dialect,
    });
    await b.clock.advance(10 * MINUTE);
    const before = (await b.run(b.members.snapshots('den')))[0]!;
    expect(before).toMatchObject({ by: 'the bot', members: expect.arrayContaining([...crowd]) as string[] });
    for (const name of crowd.slice(0, 15)) await b.person(name);
    const opal = await b.person('opal');
    await b.run(b.members.deop('den', 'u1', 'meg'));
    await b.run(b.members.op('den', 'u1', 'meg'));
    // An operator gone wild; operators cannot remove operators.
    await b.run(b.members.deop('den', 'u1', 'meg'));
    for (const name of crowd) {
      opal.removeMember('den', name);
      await b.clock.advance(1_000);
    }
    expect([...b.membersOf('den')].sort()).toEqual(['al', 'opal']);
    await b.run(b.members.ban({ room: 'den', user: 'u7', by: 'meg', reason: 'x' }));
    const difference = await b.run(b.members.difference('den', before.id));
    expect([...difference.gone].sort()).toEqual([...crowd].sort());
    expect(difference).toMatchObject({ come: [], operatorsGone: ['u1'], operatorsCome: [] });
    // Not who is banned.
    expect(await b.run(b.members.restore('den', before.id, 'meg'))).toBe(19);
    await b.restart(MINUTE);
    await b.clock.advance(10 * MINUTE);
    const back = crowd.slice(0, 15).filter((name) => name !== 'u7');
    expect([...b.membersOf('den')].sort()).toEqual([...back, 'al', 'opal'].sort());
    expect(b.operatorsOf('den')).toEqual(['opal', 'u1']);
    for (const name of crowd.slice(15)) await b.person(name);
    await b.clock.advance(10 * MINUTE);
    expect(b.membersOf('den')).toHaveLength(21);
    expect(await b.run(b.members.restore('den', before.id, 'meg'))).toBe(0);
    const told = b.toldTo('meg').join(' ');
    expect(told).toContain('u1 is a member and an operator of den again');
    expect(b.toldTo('meg').length).toBeLessThan(12);
  },
);

it('as an operator the bot brings members back, and leaves operators to the owner', async () => {
  const b = await open({
    rooms: [{ name: 'den', owner: 'olga', operators: [BOT, 'opal'], members: ['bob'] }],
  });
  const olga = await b.person('olga');
  await b.person('bob');
  await b.person('opal');
  const { id } = await b.run(b.members.snapshot('den', 'meg'));
  olga.removeMember('den', 'opal');
  olga.removeMember('den', 'bob');
  await b.clock.advance(MINUTE);
  expect(await b.run(b.members.restore('den', id, 'meg'))).toBe(2);
  await b.clock.advance(MINUTE);
  expect(b.membersOf('den')).toEqual(expect.arrayContaining(['opal', 'bob']));
  expect(b.operatorsOf('den')).toEqual([BOT]);
});

it('one a day when something has changed, so many are kept, and those ordered are kept apart', async () => {
  const b = await open({
    rooms: [{ name: 'den', owner: BOT, members: ['al'] }, { name: 'indie' }],
    config: { snapshots: 3 },
  });
  await b.person('bob');
  const ordered = await b.run(b.members.snapshot('den', 'meg'));
  expect(ordered).toMatchObject({ room: 'den', by: 'meg', owner: BOT, members: ['al'], operators: [] });
  await b.clock.advance(3 * DAY);
  expect(await b.run(b.members.snapshots('den'))).toHaveLength(2);
  for (let n = 0; n < 6; n++) {
    if (n % 2 === 0) await b.run(b.members.invite('den', 'bob', 'meg'));
    else await b.run(b.members.remove('den', 'bob', 'meg'));
    if (n === 3) await b.restart(HOUR);
    await b.clock.advance(DAY);
  }
  const kept = await b.run(b.members.snapshots('den'));
  expect(kept.map(({ by }) => by)).toEqual(['the bot', 'the bot', 'the bot', 'meg']);
  expect(await b.run(b.members.difference('den', ordered.id))).toMatchObject({ gone: [], come: [] });
  await expect(b.run(b.members.difference('den', 999))).rejects.toMatchObject({ code: 'not-found' });
  await expect(b.run(b.members.snapshot('indie', 'meg'))).rejects.toThrow(/public room/);
  await expect(b.run(b.members.restore('indie', 1, 'meg'))).rejects.toThrow(/public room/);
  expect(await b.run(b.members.snapshots('indie'))).toEqual([]);
});
