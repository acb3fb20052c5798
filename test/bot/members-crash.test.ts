import { expect, it } from 'vitest';
import { BOT, HOUR, type MembersBench, MINUTE, membersBench } from './members-bench.ts';

const den = { name: 'den', owner: BOT, operators: ['opal'], members: ['al', 'bob'] };

/** Lets time pass; a bot that died at a write is started again after a minute. @returns whether it died. */
async function live(b: MembersBench, ms: number): Promise<boolean> {
  let died = false;
  for (const until = b.clock.now() + ms; b.clock.now() < until; ) {
    if (b.disk.crashed) {
      died = true;
      await b.kill();
      await b.clock.advance(MINUTE);
      await b.start();
    }
    await b.clock.advance(Math.max(0, Math.min(5_000, until - b.clock.now())));
  }
  return died;
}

/** Whoever commands does so again when the bot was gone before it had answered. */
async function command(b: MembersBench, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await b.run(work());
    if (!b.disk.crashed) return false;
  } catch {
    expect(b.disk.crashed).toBe(true);
  }
  await live(b, 10_000);
  await b.run(work());
  return true;
}

async function dieAt(write: number, when: 'before' | 'after'): Promise<boolean> {
  const b = await membersBench({ rooms: [den], config: { enforce: 'remove', dailySnapshot: false } });
  const [opal] = [await b.person('opal'), await b.person('bob')];
  const until = b.clock.now() + HOUR;
  b.disk.crashAfter(write, when);
  let died = await command(b, () =>
    b.members.ban({ room: 'den', user: 'bob', by: 'meg', reason: 'spam', case: 1, until }),
  );
  expect(b.membersOf('den')).not.toContain('bob');
  died = (await command(b, () => b.members.invite('den', 'cid', 'meg'))) || died;
  died = (await live(b, 10 * MINUTE)) || died;
  opal.addMember('den', 'bob');
  died = (await live(b, 5 * MINUTE)) || died;
  expect(b.membersOf('den')).not.toContain('bob');
  await b.person('cid');
  died = (await live(b, 20 * MINUTE)) || died;
  expect(b.membersOf('den')).toContain('cid');
  died = (await live(b, until - b.clock.now() - 1_000)) || died;
  expect(b.membersOf('den')).not.toContain('bob');
  died = (await live(b, 2 * HOUR)) || died;
  expect(b.membersOf('den')).toContain('bob');
  expect(b.members.banned(undefined)).toEqual([]);
  const pending = await b.run(b.members.pending('den'));
  expect(pending.map(({ user, state }) => `${user} ${state}`).sort()).toEqual(['bob done', 'cid done']);
  // Everybody hears how it ended: rather twice than never.
  const told = b.toldTo('meg').join(' ');
  expect(told).toContain('cid is a member of den');
  expect(told).toContain('bob is a member of den again');
  expect(told.split('cid is a member').length).toBeLessThanOrEqual(3);
  // Nothing is asked over and over.
  expect(b.requests().length).toBeLessThanOrEqual(8);
  await b.end();
  return died;
}

it.each([
  ['before', 1],
  ['after', 3],
] as const)(
  'killed %s any write (every %i.), a removal for a time ends on time and invitations arrive',
  async (when, step) => {
    let write = 1;
    while (await dieAt(write, when)) write += step;
    expect(write).toBeGreaterThan(30);
  },
);
