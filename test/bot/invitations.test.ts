import { afterEach, describe, expect, it } from 'vitest';
import { BOT, DAY, HOUR, type MembersBench, MINUTE, membersBench } from './members-bench.ts';

let bench: MembersBench | undefined;

afterEach(async () => {
  await bench?.end();
  bench = undefined;
});

const den = { name: 'den', owner: BOT, members: ['al'] };

const open = async (...options: Parameters<typeof membersBench>): Promise<MembersBench> => {
  bench = await membersBench(...options);
  return bench;
};

describe.each(['official', 'soulfind'] as const)('invitations, %s', (dialect) => {
  it('lets in who is there at once, and answers', async () => {
    const b = await open({ rooms: [den], dialect });
    await b.person('bob');
    const invitation = await b.run(b.members.invite('den', 'bob', 'meg'));
    expect(invitation).toMatchObject({ room: 'den', user: 'bob', by: 'meg', state: 'done', why: 'command' });
    expect(b.membersOf('den')).toContain('bob');
    expect(await b.run(b.members.invite('den', 'bob', 'meg'))).toMatchObject({
      state: 'done',
      detail: 'a member already',
    });
    await b.clock.advance(HOUR);
    // What was the answer is not told again.
    expect(b.told).toEqual([]);
    expect(await b.run(b.members.pending('den'))).toMatchObject([{ user: 'bob', state: 'done' }]);
    expect(
      (await b.run(b.members.history('den', 'bob'))).map(({ actor, what }) => `${what} ${actor}`),
    ).toEqual(['added meg', 'invited meg']);
  });

  it('waits for somebody who is away for a week, over restarts, and reports', async () => {
    const b = await open({ rooms: [den], dialect });
    expect(await b.run(b.members.invite('den', 'bob', 'meg'))).toMatchObject({
      state: 'waiting',
      detail: expect.stringContaining('offline'),
    });
    for (let day = 0; day < 7; day++) await b.restart(DAY);
    expect(b.requests()).toEqual([]);
    await b.person('bob');
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.toldTo('meg')).toEqual(['bob is a member of den.']);
    await b.restart(HOUR);
    await b.clock.advance(HOUR);
    expect(b.toldTo('meg')).toHaveLength(1);
    expect(b.requests()).toHaveLength(1);
  });

  it('tells once who accepts no invitations, and comes back to them', async () => {
    const b = await open({ rooms: [den], dialect });
    const bob = await b.shy('bob');
    expect(await b.run(b.members.invite('den', 'bob', 'meg'))).toMatchObject({ state: 'blocked' });
    expect(b.toldTo('bob')).toEqual([expect.stringContaining('does not accept invitations')]);
    await b.restart(MINUTE);
    await b.clock.advance(6 * HOUR);
    expect(b.toldTo('bob')).toHaveLength(1);
    const asked = b.requests().length;
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(8);
    bob.allowInvitations();
    await b.clock.advance(DAY);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.toldTo('meg').at(-1)).toBe('bob is a member of den.');
  });

  it('tries again soon when somebody who accepted none logs in anew', async () => {
    const b = await open({ rooms: [den], dialect });
    const bob = await b.shy('bob');
    await b.run(b.members.invite('den', 'bob', 'meg'));
    await b.clock.advance(5 * HOUR);
    bob.logout();
    await b.clock.advance(MINUTE);
    await b.sandbox.run(bob.login());
    bob.allowInvitations();
    await b.clock.advance(30_000);
    expect(b.membersOf('den')).toContain('bob');
  });
});

describe('invitations', () => {
  it('expire, and whoever asked is told why nothing came of it', async () => {
    const b = await open({ rooms: [den] });
    await b.run(b.members.invite('den', 'bob', 'meg', 2 * DAY));
    await b.restart(3 * DAY);
    await b.clock.advance(MINUTE);
    expect(b.toldTo('meg')).toEqual([
      'the invitation of bob to den has expired: offline; tried as soon as they are online.',
    ]);
    await b.person('bob');
    await b.clock.advance(HOUR);
    expect(b.membersOf('den')).not.toContain('bob');
    expect(await b.run(b.members.pending('den'))).toMatchObject([{ state: 'expired' }]);
  });

  it('can be withdrawn, and end by themselves when somebody else is faster', async () => {
    const b = await open({ rooms: [{ name: 'den', owner: 'olga', operators: [BOT], members: ['al'] }] });
    const olga = await b.person('olga');
    await b.run(b.members.invite('den', 'bob', 'meg'));
    await b.run(b.members.invite('den', 'cid', 'meg'));
    expect(await b.run(b.members.withdraw('den', 'bob', 'max'))).toBe(true);
    expect(await b.run(b.members.withdraw('den', 'bob', 'max'))).toBe(false);
    await b.person('bob');
    await b.person('cid');
    olga.addMember('den', 'cid');
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('cid');
    expect(b.membersOf('den')).not.toContain('bob');
    expect(b.requests()).toEqual([]);
    expect(b.toldTo('meg')).toEqual([
      'the invitation of bob to den was withdrawn by max; cid is a member of den.',
    ]);
    expect((await b.run(b.members.history('den', 'cid')))[0]).toMatchObject({
      what: 'added',
      actor: 'unknown operator',
    });
  });

  it('of many leave one after the other, and a command goes first', async () => {
    const b = await open({ rooms: [den] });
    const crowd = Array.from({ length: 30 }, (_, n) => `u${n}`);
    for (const name of crowd) await b.run(b.members.invite('den', name, 'meg'));
    for (const name of crowd) await b.person(name);
    await b.person('zoe');
    await b.clock.advance(40_000);
    expect(b.membersOf('den').length).toBeLessThan(25);
    expect(await b.run(b.members.invite('den', 'zoe', 'max'))).toMatchObject({ state: 'done' });
    expect(b.membersOf('den').length).toBeLessThan(30);
    await b.clock.advance(5 * MINUTE);
    expect(b.membersOf('den')).toHaveLength(32);
    const times = b.requests().map(({ at }) => at);
    for (let n = 1; n < times.length; n++) expect(times[n]! - times[n - 1]!).toBeGreaterThanOrEqual(999);
    for (let n = 20; n < times.length; n++) expect(times[n]! - times[n - 20]!).toBeGreaterThanOrEqual(59_000);
    // Not thirty private messages.
    expect(b.toldTo('meg').length).toBeLessThan(12);
  });

  it('say in words what a room does not allow', async () => {
    const b = await open({ rooms: [{ name: 'indie' }, { name: 'den', owner: 'olga', members: [BOT] }] });
    await b.person('bob');
    expect(await b.run(b.members.invite('indie', 'bob', 'meg'))).toMatchObject({
      state: 'refused',
      detail: expect.stringContaining('indie is a public room'),
    });
    expect(await b.run(b.members.remove('indie', 'bob', 'meg'))).toMatchObject({
      state: 'refused',
      code: 'public-room',
      reason: expect.stringContaining('nobody can let in or remove anyone'),
    });
    expect(await b.run(b.members.invite('den', 'bob', 'meg'))).toMatchObject({
      state: 'refused',
      detail: expect.stringContaining('ordinary member'),
    });
    expect(await b.run(b.members.invite('nowhere', 'bob', 'meg'))).toMatchObject({ state: 'refused' });
    expect(await b.run(b.members.invite('indie', BOT, 'meg'))).toMatchObject({ state: 'refused' });
    await expect(b.run(b.members.invite('den', ' bob', 'meg'))).rejects.toMatchObject({ code: 'invalid' });
    await expect(b.run(b.members.invite('den', 'bob', 'meg', 0))).rejects.toMatchObject({ code: 'invalid' });
    expect(b.requests()).toEqual([]);
    expect(await b.run(b.members.pending(undefined))).toEqual([]);
  });

  it('wait while the bot has no power any more, and go on when it has', async () => {
    const b = await open({ rooms: [{ name: 'den', owner: 'olga', operators: [BOT] }] });
    const olga = await b.person('olga');
    await b.run(b.members.invite('den', 'bob', 'meg'));
    olga.removeOperator('den', BOT);
    await b.clock.advance(MINUTE);
    await b.person('bob');
    await b.clock.advance(HOUR);
    expect(b.requests()).toEqual([]);
    expect(await b.run(b.members.pending('den'))).toMatchObject([
      { state: 'waiting', detail: expect.stringContaining('ordinary member') },
    ]);
    olga.addOperator('den', BOT);
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('bob');
  });

  it('are resolved by what is seen when the server does not answer', async () => {
    const b = await open({ rooms: [den] });
    await b.person('bob');
    b.sandbox.server.mute(BOT, true);
    const answer = await b.run(b.members.invite('den', 'bob', 'meg'));
    expect(['asked', 'waiting']).toContain(answer.state);
    await b.clock.advance(30_000);
    expect(b.membersOf('den')).not.toContain('bob');
    b.sandbox.server.mute(BOT, false);
    await b.clock.advance(10 * MINUTE);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.toldTo('meg')).toEqual(['bob is a member of den.']);
  });

  it('flag a name that looks like a banned one', async () => {
    const b = await open({ rooms: [{ ...den, members: ['Spammer'] }] });
    await b.run(b.members.ban({ room: 'den', user: 'Spammer', by: 'meg', reason: 'spam' }));
    await b.person('5parnmer_');
    expect(await b.run(b.members.invite('den', '5parnmer_', 'max'))).toMatchObject({
      state: 'done',
      detail: 'the name looks like Spammer, banned here',
    });
    expect(
      await b.run(
        b.members.apply({ room: 'den', user: 'spammer2', state: 'asked', answers: [], vouchers: [] }),
      ),
    ).toMatchObject({ detail: 'the name looks like Spammer, banned here' });
  });

  it('wait for an account that there is not yet', async () => {
    const b = await open({ rooms: [den] });
    expect(await b.run(b.members.invite('den', 'newcomer', 'meg'))).toMatchObject({
      state: 'waiting',
      detail: 'there is no such account yet',
    });
    await b.clock.advance(2 * DAY);
    await b.person('newcomer');
    await b.clock.advance(2 * HOUR);
    expect(b.membersOf('den')).toContain('newcomer');
  });

  it('go out soon when somebody who had no account comes into a room', async () => {
    const b = await open({ rooms: [den, { name: 'lobby' }] });
    expect(await b.run(b.members.invite('den', 'newcomer', 'meg'))).toMatchObject({ state: 'waiting' });
    const newcomer = await b.person('newcomer');
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).not.toContain('newcomer');
    await b.run(newcomer.join('lobby'));
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('newcomer');
  });

  it('survive that the store takes nothing for a while', async () => {
    const b = await open({ rooms: [den] });
    await b.run(b.members.invite('den', 'bob', 'meg'));
    b.disk.failWrites(() => new Error('disk full'));
    await expect(b.run(b.members.invite('den', 'cid', 'meg'))).rejects.toThrow('disk full');
    await b.person('bob');
    await b.clock.advance(5 * MINUTE);
    expect(b.requests()).toEqual([]);
    b.disk.failWrites();
    await b.clock.advance(5 * MINUTE);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.membersOf('den')).not.toContain('cid');
  });
});
