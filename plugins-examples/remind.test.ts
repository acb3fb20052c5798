import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as remind from './remind.ts';

const file = new URL('./remind.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('remind, %s', (mode) => {
  it('reminds in private, when it was asked to', async () => {
    await using t = await testBot(remind, file, { mode });
    await t.say('al', 'indie', '!remind 20m tea is ready');
    expect(t.text('indie')).toEqual(['I will remind you in 20m.']);
    await t.advance('19m');
    t.expectQuiet();
    await t.advance('2m');
    expect(t.private('al')).toEqual(['Reminder, as you asked 20m ago: tea is ready']);
    await t.advance('1d');
    t.expectQuiet();
  });

  it('remembers over a crash, and says when it is late', async () => {
    await using t = await testBot(remind, file, { mode });
    await t.pm('al', 'remind 1h call home');
    await t.advance('5s');
    await t.pm('al', 'remind 4h sleep');
    await t.downtime('3h', 'kill');
    expect(t.private('al').at(-1)).toMatch(
      /^Reminder, as you asked 3h\S* ago: call home \(late: I was away\)$/,
    );
    await t.advance('2h');
    expect(t.private('al').at(-1)).toBe('Reminder, as you asked 4h ago: sleep');
  });

  it('lists and forgets, for each person apart', async () => {
    await using t = await testBot(remind, file, { mode, config: { perUser: 2 } });
    await t.pm('al', 'remind 1h one');
    await t.advance('5s');
    await t.pm('al', 'remind 30m two');
    await t.advance('5s');
    await t.pm('al', 'remind 3h three');
    await t.advance('5s');
    await t.pm('al', 'reminders');
    await t.pm('bo', 'reminders');
    await t.pm('bo', 'unremind 1');
    await t.pm('al', 'unremind 1');
    expect(t.private('bo')).toEqual(['You have no reminders.', 'There is no reminder of that number.']);
    expect(t.private('al').slice(2)).toEqual([
      'You have 2 reminders, and that is all I keep for one person.',
      expect.stringMatching(/^1: in \S+: two$/),
      expect.stringMatching(/^2: in \S+: one$/),
      'Forgotten: two',
    ]);
    await t.advance('40m');
    t.expectQuiet();
  });

  it('refuses what is too far away', async () => {
    await using t = await testBot(remind, file, { mode, config: { longest: '1d' } });
    await t.pm('al', 'remind 2d x');
    expect(t.private('al')).toEqual(['That is too far away: 1d at most.']);
  });
});
