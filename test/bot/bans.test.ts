import { afterEach, describe, expect, it } from 'vitest';
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

const den = { name: 'den', owner: BOT, operators: ['opal'], members: ['al', 'bob'] };
const ban = { room: 'den', user: 'bob', by: 'meg', reason: 'spam', case: 42 };

describe.each(['official', 'soulfind'] as const)('the list of those banned, %s', (dialect) => {
  it('puts out, keeps out, and says so to whoever invites', async () => {
    const b = await open({ rooms: [den], dialect });
    await b.person('bob');
    expect(await b.run(b.members.ban(ban))).toEqual({ state: 'confirmed' });
    expect(b.membersOf('den')).not.toContain('bob');
    // The same order of the same case again changes nothing.
    expect(await b.run(b.members.ban(ban))).toEqual({ state: 'confirmed' });
    expect(b.requests()).toHaveLength(1);
    expect(b.members.banned('den')).toEqual([{ ...ban, at: expect.any(Number) as number, kind: 'banned' }]);
    expect(await b.run(b.members.invite('den', 'bob', 'max'))).toMatchObject({
      state: 'refused',
      detail: 'bob is banned from den by meg (spam); take them off the list first',
    });
    await b.run(b.members.apply({ room: 'den', user: 'bob', state: 'asked', answers: [], vouchers: [] }));
    await expect(b.run(b.members.admit('den', 'bob', 'max', 'approve'))).rejects.toThrow(/is banned/);
    expect(await b.run(b.members.unban('den', 'bob', 'max'))).toBe(true);
    expect(await b.run(b.members.unban('den', 'bob', 'max'))).toBe(false);
    expect(await b.run(b.members.admit('den', 'bob', 'max', 'approve'))).toMatchObject({
      state: 'approved',
      detail: 'approved by max; a member now',
    });
    const notes = await b.run(b.members.history('den', 'bob'));
    expect(notes.map(({ what, actor }) => `${what} ${actor}`).reverse()).toEqual([
      'banned meg',
      'removed meg',
      'unbanned max',
      'invited max',
      'added max',
    ]);
  });

  it('tells when another operator adds somebody again', async () => {
    const b = await open({ rooms: [den], dialect });
    const [opal] = [await b.person('opal'), await b.person('bob')];
    await b.run(b.members.ban(ban));
    opal.addMember('den', 'bob');
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.toldTo('meg')).toEqual([
      'bob was added to den again by opal, though bob is banned from den by meg (spam).',
    ]);
    // Known already: also after a restart nobody is told again.
    await b.restart(HOUR);
    await b.clock.advance(HOUR);
    expect(b.toldTo('meg')).toHaveLength(1);
    expect((await b.run(b.members.history('den', 'bob')))[0]).toMatchObject({ what: 'added', actor: 'opal' });
  });

  it('knows its own doing from that of others, moments later too', async () => {
    const b = await open({ rooms: [den], dialect, config: { enforce: 'remove' } });
    const [opal] = [await b.person('opal'), await b.person('cid')];
    expect(await b.run(b.members.invite('den', 'cid', 'meg'))).toMatchObject({ state: 'done' });
    expect(await b.run(b.members.ban({ ...ban, user: 'cid' }))).toEqual({ state: 'confirmed' });
    await b.clock.advance(500);
    opal.addMember('den', 'cid');
    await b.clock.advance(10_000);
    expect(b.membersOf('den')).not.toContain('cid');
    expect(b.toldTo('opal')).toHaveLength(1);
    opal.addMember('den', 'bob');
    opal.removeMember('den', 'al');
    await b.clock.advance(10_000);
    const notes = await b.run(b.members.history('den', 'cid'));
    expect(notes.map(({ what, actor }) => `${what} ${actor}`).reverse()).toEqual([
      'invited meg',
      'added meg',
      'banned meg',
      'removed meg',
      'added opal',
      'removed meg',
    ]);
    expect((await b.run(b.members.history('den', 'al')))[0]).toMatchObject({ actor: 'unknown operator' });
  });

  it('puts out again if it is to, and does not make war', async () => {
    const b = await open({ rooms: [den], dialect, config: { enforce: 'remove' } });
    const [opal] = [await b.person('opal'), await b.person('bob')];
    await b.run(b.members.ban(ban));
    for (let round = 0; round < 6; round++) {
      opal.addMember('den', 'bob');
      await b.clock.advance(MINUTE);
    }
    expect(b.membersOf('den')).toContain('bob');
    expect(b.requests()).toHaveLength(4);
    expect(b.toldTo('opal')).toHaveLength(3);
    expect(b.toldTo('opal')[0]).toContain('bob is banned from den by meg (spam)');
    expect(b.toldTo('meg').at(-1)).toContain('for the 4th time within an hour');
    expect(b.toldTo('meg').at(-1)).toContain('I leave it to you now');
    expect(b.owners).toHaveLength(1);
    await b.clock.advance(2 * DAY);
    expect(b.requests()).toHaveLength(4);
    // A person's word counts.
    expect(await b.run(b.members.ban({ ...ban, case: 43 }))).toEqual({ state: 'confirmed' });
    expect(b.membersOf('den')).not.toContain('bob');
  });

  it('two bots with lists that contradict each other come to rest', async () => {
    const b = await open({ rooms: [den], dialect, config: { enforce: 'remove' } });
    const [opal] = [await b.person('opal'), await b.person('bob')];
    await b.run(b.members.ban(ban));
    // The other bot adds at once whenever it sees the removal.
    for (let minute = 0; minute < 180; minute++) {
      if (!b.membersOf('den').includes('bob')) opal.addMember('den', 'bob');
      await b.clock.advance(MINUTE);
    }
    expect(b.requests().length).toBeLessThanOrEqual(4);
  });
});

describe('a ban', () => {
  it('does not touch whoever has become staff since; they are only told of', async () => {
    const staff = new Set<string>();
    const b = await open({ rooms: [den], config: { enforce: 'remove' }, protected: staff });
    const [opal] = [await b.person('opal'), await b.person('bob')];
    await b.run(b.members.ban(ban));
    staff.add('bob');
    opal.addMember('den', 'bob');
    await b.clock.advance(HOUR);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.requests()).toHaveLength(1);
    expect(b.toldTo('meg').join()).toContain('bob was added to den again by opal, though bob is banned');
    expect(await b.run(b.members.ban({ ...ban, case: 43 }))).toMatchObject({
      state: 'refused',
      code: 'protected',
    });
    expect(b.membersOf('den')).toContain('bob');
  });

  it('is not shortened by a rule, but by a person', async () => {
    const b = await open({ rooms: [den] });
    const [opal] = [await b.person('opal'), await b.person('bob')];
    await b.run(b.members.ban(ban));
    opal.addMember('den', 'bob');
    await b.clock.advance(MINUTE);
    const hour = { ...ban, case: 43, by: 'rule', reason: 'flood', until: b.clock.now() + HOUR };
    expect(await b.run(b.members.ban(hour))).toEqual({ state: 'confirmed' });
    expect(b.membersOf('den')).not.toContain('bob');
    await b.clock.advance(DAY);
    expect(b.membersOf('den')).not.toContain('bob');
    expect(b.members.banned('den')).toMatchObject([{ user: 'bob', kind: 'banned', by: 'meg', case: 42 }]);
    await b.run(b.members.ban({ ...hour, by: 'meg', until: b.clock.now() + HOUR }));
    expect(b.members.banned('den')).toMatchObject([{ user: 'bob', kind: 'timed', case: 43 }]);
  });
});

describe('a removal for a time', () => {
  it('ends on time over restarts, and lets in again who is there', async () => {
    const b = await open({ rooms: [den] });
    await b.person('bob');
    const until = b.clock.now() + DAY;
    expect(await b.run(b.members.ban({ ...ban, until }))).toEqual({ state: 'confirmed' });
    expect(b.members.banned(undefined)).toMatchObject([{ kind: 'timed', until }]);
    for (let n = 0; n < 5; n++) await b.restart(4 * HOUR);
    expect(b.membersOf('den')).not.toContain('bob');
    await b.clock.advanceTo(until + 30_000);
    expect(b.membersOf('den')).toContain('bob');
    expect(b.members.banned(undefined)).toEqual([]);
    await b.clock.advance(MINUTE);
    expect(b.toldTo('meg')).toEqual(['bob is a member of den again.']);
  });

  it('that ended while the bot was away ends when it is back; who is offline is waited for', async () => {
    const b = await open({ rooms: [den] });
    await b.run(b.members.ban({ ...ban, until: b.clock.now() + HOUR }));
    await b.restart(2 * DAY);
    await b.clock.advance(5 * DAY);
    expect(await b.run(b.members.pending('den'))).toMatchObject([
      { user: 'bob', state: 'waiting', why: 'timed' },
    ]);
    await b.person('bob');
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('bob');
  });

  it('that is ended early lets in at once', async () => {
    const b = await open({ rooms: [den] });
    await b.person('bob');
    await b.run(b.members.ban({ ...ban, until: b.clock.now() + DAY }));
    expect(await b.run(b.members.unban('den', 'bob', 'max'))).toBe(true);
    await b.clock.advance(MINUTE);
    expect(b.membersOf('den')).toContain('bob');
    await b.clock.advance(2 * DAY);
    expect(b.requests()).toHaveLength(2);
  });

  it('of somebody who never was a member does not make them one', async () => {
    const b = await open({ rooms: [den] });
    await b.person('cid');
    expect(await b.run(b.members.ban({ ...ban, user: 'cid', until: b.clock.now() + HOUR }))).toEqual({
      state: 'confirmed',
    });
    await b.clock.advance(DAY);
    expect(b.membersOf('den')).not.toContain('cid');
    expect(b.requests()).toEqual([]);
  });
});

describe('what cannot be done', () => {
  it('is said in words, and leaves nobody on the list', async () => {
    const rooms = [
      { name: 'den', owner: 'olga', operators: [BOT, 'opal'], members: ['bob'] },
      { name: 'lounge', owner: 'olga', members: [BOT, 'bob'] },
      { name: 'indie' },
    ];
    const b = await open({ rooms });
    const refusal = async (room: string, user: string) => {
      const outcome = await b.run(b.members.ban({ ...ban, room, user }));
      return outcome.state === 'refused' ? outcome.reason : outcome.state;
    };
    expect(await refusal('den', 'olga')).toBe('olga owns den');
    expect(await refusal('den', 'opal')).toBe('opal is an operator of den; only its owner can remove one');
    expect(await refusal('den', BOT)).toBe('that is me');
    expect(await refusal('lounge', 'bob')).toContain('ordinary member');
    expect(await refusal('indie', 'bob')).toContain('indie is a public room');
    expect(b.members.banned(undefined)).toEqual([]);
    expect(await b.run(b.members.op('den', 'bob', 'meg'))).toMatchObject({
      state: 'refused',
      code: 'no-power',
    });
    expect(await b.run(b.members.deop('den', 'bob', 'meg'))).toMatchObject({ code: 'not-operator' });
    expect(await b.run(b.members.remove('den', 'cid', 'meg'))).toMatchObject({ code: 'not-member' });
    expect(await b.run(b.members.remove('den', 'bob', 'meg'))).toEqual({ state: 'confirmed' });
    expect(
      (await b.run(b.members.history('den', undefined))).map(({ what, actor, user }) => [what, actor, user]),
    ).toEqual([['removed', 'meg', 'bob']]);
  });

  it('is tried until it is seen when the server does not answer', async () => {
    const b = await open({ rooms: [den] });
    await b.person('bob');
    b.sandbox.server.mute(BOT, true);
    expect(await b.run(b.members.ban(ban))).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('I go on trying'),
    });
    b.sandbox.server.mute(BOT, false);
    await b.clock.advance(5 * MINUTE);
    expect(b.membersOf('den')).not.toContain('bob');
    expect(b.requests().length).toBeLessThan(5);
  });

  it('is done as soon as the bot is connected', async () => {
    const b = await open({ rooms: [den] });
    b.sandbox.server.drop(BOT);
    await b.clock.advance(100);
    expect(await b.run(b.members.ban({ ...ban, until: b.clock.now() + HOUR }))).toMatchObject({
      state: 'unknown',
    });
    await b.clock.advance(2 * MINUTE);
    expect(b.membersOf('den')).not.toContain('bob');
    await b.person('bob');
    await b.clock.advance(2 * HOUR);
    expect(b.membersOf('den')).toContain('bob');
  });

  it('owner makes and unmakes operators, and the record says for whom', async () => {
    const b = await open({ rooms: [den], dialect: 'official' });
    await b.person('bob');
    expect(await b.run(b.members.op('den', 'bob', 'meg'))).toEqual({ state: 'confirmed' });
    expect(b.operatorsOf('den')).toContain('bob');
    expect(await b.run(b.members.op('den', 'bob', 'meg'))).toMatchObject({ code: 'already-operator' });
    expect(await b.run(b.members.deop('den', 'bob', 'max'))).toEqual({ state: 'confirmed' });
    expect(
      (await b.run(b.members.history('den', 'bob'))).map(({ what, actor }) => `${what} ${actor}`),
    ).toEqual(['operator no longer max', 'made operator meg']);
  });
});
