import { type Cases, definePlugin, type Members } from 'seekeeper';
import { type TestBot, type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, expect, it } from 'vitest';

let members: Members;
let cases: Cases;
let current: TestBot | undefined;

const holder = definePlugin({
  name: 'holder',
  needs: ['moderate'],
  setup(bot) {
    members = bot.members;
    cases = bot.cases;
    bot.command({
      name: 'let',
      summary: 'Adds somebody without asking anybody',
      args: {},
      run: async () => JSON.stringify(await bot.rooms.addMember('den', 'bob')),
    });
  },
});

const den = { name: 'den', owner: 'seekeeper', members: ['al', 'bob'] };

afterEach(async () => {
  await current?.dispose();
  current = undefined;
});

const open = async (options: TestBotOptions = {}): Promise<TestBot> => {
  current = await testBot(holder, {
    rooms: [den],
    roles: { owner: ['boss'], mod: ['meg'] },
    notify: true,
    ...options,
  });
  return current;
};

const membersOf = (t: TestBot) => t.sandbox.server.world.room('den')?.members ?? [];

it('invites people who come online a week later, over restarts of the whole bot', async () => {
  const t = await open();
  await t.person('meg');
  await t.status('cid', 'offline');
  expect(await t.sandbox.run(members.invite('den', 'cid', 'meg'))).toMatchObject({ state: 'waiting' });
  await t.downtime('2d');
  await t.downtime('3d', 'kill');
  await t.advance('2d');
  await t.person('cid');
  await t.advance('1m');
  expect(membersOf(t)).toContain('cid');
  expect(t.private('meg')).toEqual(['cid is a member of den.']);
});

it('tells in private how to accept invitations, and owners what nobody in person asked for', async () => {
  const t = await open();
  const shy = t.sandbox.peer('shy', { kind: 'member', invitations: false });
  await t.sandbox.run(shy.login());
  expect(await t.sandbox.run(members.invite('den', 'shy', 'console'))).toMatchObject({
    state: 'blocked',
    detail: 'they do not accept invitations to rooms',
  });
  await t.settle();
  const [text = ''] = t.private('shy');
  expect(text).toMatch(/^You are to be a member of the private room den, but your client does not accept/);
  shy.allowInvitations();
  await t.advance('2h');
  expect(membersOf(t)).toContain('shy');
  expect(t.private('shy').join(' ')).not.toMatch(/again.*does not accept/s);
  expect(t.private('boss')).toEqual(['shy is a member of den.']);
});

it('a sanction of staff puts out for a time, binds other plugins, and ends on time', async () => {
  const t = await open();
  await t.person('bob');
  const outcome = await t.sandbox.run(
    cases.sanction({
      room: 'den',
      user: 'bob',
      consequence: 'remove',
      forMs: 3_600_000,
      reason: 'flooding',
      actor: 'meg',
    }),
  );
  expect(outcome).toMatchObject({ ok: true });
  expect(membersOf(t)).not.toContain('bob');
  expect(await t.sandbox.run(members.banned('den'))).toMatchObject([
    { user: 'bob', by: 'meg', kind: 'timed', reason: 'flooding', case: outcome.case.id },
  ]);
  await t.pm('meg', 'let');
  expect(t.private('meg').at(-1)).toContain('bob is banned from den until');
  await t.downtime('10m', 'kill');
  expect(membersOf(t)).not.toContain('bob');
  await t.advance('55m');
  expect(membersOf(t)).toContain('bob');
});

it('shows and forgets what is kept about people; bans stay', async () => {
  const t = await open();
  await t.sandbox.run(
    members.apply({
      room: 'den',
      user: 'cid',
      state: 'answered',
      answers: [{ question: 'Why?', answer: 'Because' }],
      vouchers: ['al'],
    }),
  );
  await t.sandbox.run(members.admit('den', 'cid', 'meg', 'reject'));
  await t.sandbox.run(
    cases.sanction({ room: 'den', user: 'cid', consequence: 'remove', reason: 'spam', actor: 'meg' }),
  );
  const kept = async () => {
    const report = await t.sandbox.run(t.bot.personalData('cid'));
    return report.plugins.filter(({ plugin }) => plugin === 'core').flatMap(({ items }) => items);
  };
  const [item] = await kept();
  expect(item?.what).toBe('membership of private rooms');
  expect(item?.samples.join(' ')).toContain('cid is banned from den by meg (spam)');
  await t.sandbox.run(t.bot.forget('cid'));
  expect(await t.sandbox.run(members.applicants('den'))).toMatchObject([
    { user: 'cid', state: 'rejected', answers: [], vouchers: [] },
  ]);
  expect(await t.sandbox.run(members.banned('den'))).toMatchObject([{ user: 'cid' }]);
  expect((await kept())[0]?.samples.join(' ')).toContain('banned');
});

it('needs the grant, and says what is wrong with what it is given', async () => {
  const t = await open();
  await expect(t.sandbox.run(members.restore('den', 1, 'meg'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(
    t.sandbox.run(
      members.apply({ room: 'den', user: 'x', state: 'asked', answers: 'no', vouchers: [] } as never),
    ),
  ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('answers must be') });
  await expect(t.sandbox.run(members.admit('den', 'nobody', 'meg', 'approve'))).rejects.toMatchObject({
    code: 'not-found',
  });
});
