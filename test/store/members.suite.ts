import { expect, it } from 'vitest';
import { SETTLED_KEEP_MS } from '../../src/bot/store/members.ts';
import type { StoredApplicant, StoredBan, StoredInvitation } from '../../src/bot/store/members-rows.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const DAY = 86_400_000;

describeEngines('members', (open) => {
  const start = async () => {
    const clock = new VirtualClock();
    const store = await openStore({ backend: await open(), clock, log: nullLog });
    return { store, members: store.members, clock, at: clock.now() };
  };
  const invitation = (at: number, more: Partial<StoredInvitation> = {}): StoredInvitation => ({
    room: 'den',
    user: 'b\0b',
    by: 'meg',
    at,
    expires: at + DAY,
    state: 'waiting',
    why: 'command',
    operator: true,
    phase: 'operator',
    tries: 2,
    owes: true,
    ...more,
  });
  const ban = (at: number, more: Partial<StoredBan> = {}): StoredBan => ({
    room: 'den',
    user: 'bob',
    by: 'meg',
    at,
    reason: 'sp\0m',
    kind: 'banned',
    state: 'out',
    wasMember: true,
    rounds: [at, at + 1],
    ...more,
  });

  it('keeps one invitation and one ban per room and person, exactly', async () => {
    const { store, members, at } = await start();
    const first = invitation(at);
    const other = invitation(at + 1, {
      user: 'B\0b',
      nextAt: at + 9,
      toldAt: at + 8,
      detail: 'd',
      flag: 'f',
    });
    await members.commit({
      invitations: [first, other],
      bans: [ban(at), ban(at, { room: 'x', until: at, case: 3 })],
    });
    expect(await members.open()).toEqual([first, other]);
    expect(await members.bans()).toEqual([ban(at), ban(at, { room: 'x', until: at, case: 3 })]);
    const again = invitation(at, { state: 'asked', tries: 0 });
    await members.commit({
      invitations: [again],
      lifted: [{ room: 'x', user: 'bob' }],
      bans: [ban(at, { rounds: [] })],
    });
    expect(await members.open()).toEqual([again, other]);
    expect(await members.bans()).toEqual([ban(at, { rounds: [] })]);
    await store.close();
  });

  it('finds what is settled for a week, and what nobody was told of until they are', async () => {
    const { store, members, clock, at } = await start();
    const done = invitation(at, { state: 'done', settledAt: at, owes: false });
    const owed = invitation(at, { user: 'al', state: 'expired', settledAt: at });
    await members.commit({ invitations: [done, owed] });
    expect(await members.open()).toEqual([owed]);
    expect(await members.settled('den')).toHaveLength(2);
    expect(await members.settled('other')).toEqual([]);
    clock.jumpWallClock(SETTLED_KEEP_MS + 1);
    expect(await members.settled(undefined)).toEqual([]);
    await store.maintain();
    expect(await members.open()).toEqual([]);
    await store.close();
  });

  it('writes all of a change or nothing', async () => {
    const { store, members, at } = await start();
    await members.commit({ bans: [ban(at)] });
    const broken = { ...invitation(at), at: null } as unknown as StoredInvitation;
    await expect(members.commit({ lifted: [ban(at)], invitations: [broken] })).rejects.toThrow();
    expect(await members.bans()).toEqual([ban(at)]);
    expect(await members.open()).toEqual([]);
    await store.close();
  });

  it('keeps the newest snapshots of each room, automatic ones and others apart', async () => {
    const { store, members, at } = await start();
    const add = (room: string, automatic: boolean, n: number) =>
      members.addSnapshot({ room, at: at + n, by: 'meg', operators: [], members: [`u\0${n}`], automatic }, 2);
    await add('x', true, 0);
    for (let n = 1; n <= 4; n++) await add('den', true, n);
    const id = await add('den', false, 5);
    const kept = await members.snapshots('den');
    expect(kept.map((one) => [one.at - at, one.automatic])).toEqual([
      [5, false],
      [4, true],
      [3, true],
    ]);
    expect(await members.snapshot('den', undefined)).toEqual(kept[0]);
    expect(await members.snapshot('den', kept[1]!.id)).toMatchObject({ members: ['u\x004'] });
    expect(await members.snapshot('x', id)).toBeUndefined();
    expect(await members.snapshots('x')).toHaveLength(1);
    await store.close();
  });

  it('knows applicants, and who changed what, as long as that is kept', async () => {
    const { store, members, clock, at } = await start();
    const applicant: StoredApplicant = {
      room: 'den',
      user: 'cid',
      at,
      state: 'answered',
      answers: [{ question: 'q', answer: 'a\0' }],
      vouchers: ['al'],
      changedAt: at,
    };
    const note = { at, room: 'den', user: 'cid', actor: 'meg', what: 'added' };
    await members.commit({ applicants: [applicant], log: [note, { ...note, what: 'removed', detail: 'x' }] });
    await members.commit({ applicants: [{ ...applicant, state: 'approved', detail: 'd', flag: 'f' }] });
    expect(await members.applicant('den', 'cid')).toEqual({
      ...applicant,
      state: 'approved',
      detail: 'd',
      flag: 'f',
    });
    expect(await members.applicants('other')).toEqual([]);
    expect(await members.log('den', 'cid', 1)).toEqual([{ ...note, what: 'removed', detail: 'x' }]);
    expect(await members.log('den', undefined, 10)).toHaveLength(2);
    expect(await members.log('den', 'al', 10)).toEqual([]);
    clock.jumpWallClock(181 * DAY);
    await store.maintain();
    expect(await members.applicants(undefined)).toEqual([]);
    expect(await members.log('den', undefined, 10)).toHaveLength(2);
    clock.jumpWallClock(185 * DAY);
    await store.maintain();
    expect(await members.log('den', undefined, 10)).toEqual([]);
    await store.close();
  });

  it('shows everything about a person and forgets what it can do without', async () => {
    const { store, members, at } = await start();
    const open_ = invitation(at, { user: 'bob' });
    await members.commit({
      invitations: [open_, invitation(at, { user: 'bob', room: 'x', settledAt: at, owes: false })],
      bans: [ban(at)],
      applicants: [
        { room: 'den', user: 'bob', at, state: 'asked', answers: [], vouchers: [], changedAt: at },
      ],
      log: [{ at, room: 'den', user: 'bob', actor: 'meg', what: 'added' }],
    });
    const record = await members.record('bob');
    expect(record).toMatchObject({ bans: [ban(at)], changes: 1 });
    expect([record.invitations.length, record.applications.length]).toEqual([2, 1]);
    expect(await members.erase('bob')).toBe(2);
    expect(await members.record('bob')).toEqual({
      invitations: [open_],
      bans: [ban(at)],
      applications: [],
      changes: 1,
    });
    expect(await members.record('Bob')).toMatchObject({ bans: [], changes: 0 });
    await store.close();
  });

  it('of a refused application that it was refused stays, for a year, without what was said', async () => {
    const { store, members, clock, at } = await start();
    const refused: StoredApplicant = {
      room: 'den',
      user: 'bob',
      at,
      state: 'rejected',
      answers: [{ question: 'q', answer: 'a' }],
      vouchers: ['al'],
      detail: 'rejected by meg',
      flag: 'f',
      changedAt: at + 5,
    };
    await members.commit({ applicants: [refused] });
    expect([await members.erase('bob'), await members.erase('bob')]).toEqual([1, 0]);
    const kept = await members.applicant('den', 'bob');
    expect({ ...kept, flag: 'f' }).toEqual({ ...refused, answers: [], vouchers: [] });
    expect(kept).not.toHaveProperty('flag');
    clock.jumpWallClock(365 * DAY);
    await store.maintain();
    expect(await members.applicants('den')).toHaveLength(1);
    clock.jumpWallClock(2 * DAY);
    await store.maintain();
    expect(await members.applicants('den')).toEqual([]);
    await store.close();
  });
});
