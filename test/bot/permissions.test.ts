import { definePlugin, type Role } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

/** One command per way of allowing. */
const CASES: Readonly<Record<string, readonly Role[]>> = {
  all: [],
  trusted: ['trusted'],
  mods: ['mod'],
  owners: ['owner'],
  operators: ['room.operator'],
  members: ['room.member'],
  both: ['mod', 'room.owner'],
};

const guarded = definePlugin({
  name: 'guarded',
  setup(bot) {
    for (const [name, allow] of Object.entries(CASES)) {
      const rule = allow.length === 0 ? {} : { allow };
      bot.command({ name, summary: name, ...rule, run: ({ user }) => `${user} did ${name}` });
    }
  },
});

/** Who may run what, in a private room and elsewhere. */
const DEN: Readonly<Record<string, readonly string[]>> = {
  boss: ['all', 'trusted', 'mods', 'owners', 'operators', 'members', 'both'],
  meg: ['all', 'trusted', 'mods', 'both'],
  ted: ['all', 'trusted'],
  olga: ['all', 'operators', 'members', 'both'],
  opal: ['all', 'operators', 'members'],
  mel: ['all', 'members'],
};
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  ...DEN,
  olga: ['all'],
  opal: ['all'],
  mel: ['all'],
  Meg: ['all'],
};

const options = {
  roles: { owner: ['boss'], mod: ['meg'], trusted: ['ted'] },
  // A member of the room by necessity, and nothing more: boss, meg and ted are in it as well.
  rooms: [
    { name: 'den', owner: 'olga', operators: ['opal'], members: ['mel', 'boss', 'meg', 'ted'] },
    'indie',
  ],
};

it.each(Object.keys(DEN))('%s in a private room', async (user) => {
  const t = await testBot(guarded, options);
  const allowed: string[] = [];
  for (const name of Object.keys(CASES)) {
    await t.say(user, 'den', `!${name}`);
    if (t.text('den').at(-1) === `${user} did ${name}`) allowed.push(name);
    await t.advance('1m');
  }
  const asMember = ['boss', 'meg', 'ted'].includes(user) ? ['members'] : [];
  expect(new Set(allowed)).toEqual(new Set([...DEN[user]!, ...asMember]));
});

it.each(Object.keys(ELSEWHERE))('%s in a public room and in private', async (user) => {
  const t = await testBot(guarded, options);
  for (const name of Object.keys(CASES)) {
    await t.say(user, 'indie', `!${name}`);
    await t.pm(user, name);
    await t.advance('1m');
  }
  const did = (lines: readonly string[]) => lines.flatMap((line) => /did (\w+)$/.exec(line)?.[1] ?? []);
  expect(did(t.text('indie'))).toEqual(ELSEWHERE[user]);
  expect(did(t.private(user))).toEqual(ELSEWHERE[user]);
});

it('follows a room whose operators change', async () => {
  const t = await testBot(guarded, options);
  await t.say('mel', 'den', '!operators');
  const olga = await t.person('olga');
  olga.addOperator('den', 'mel');
  await t.settle();
  await t.say('mel', 'den', '!operators');
  olga.removeOperator('den', 'mel');
  await t.settle();
  await t.advance('1m');
  await t.say('mel', 'den', '!operators');
  expect(t.text('den')).toEqual([
    'mel: you need operator of the room for !operators',
    'mel did operators',
    'mel: you need operator of the room for !operators',
  ]);
});
