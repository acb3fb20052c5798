import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeReadings, parseNotice } from './notice-parser.ts';

describe('parseNotice', () => {
  it.each([
    ['user ann is not logged in.', { kind: 'user-offline', user: 'ann' }],
    [
      "user bob hasn't enabled private room add. please message them and ask them to do so before trying to add them again.",
      { kind: 'invitations-off', user: 'bob' },
    ],
    [
      'user bob hasn’t enabled private room add. please message them and ask them to do so before trying to add them again.',
      { kind: 'invitations-off', user: 'bob' },
    ],
    ['user ann is already a member of room den', { kind: 'already-member', user: 'ann', room: 'den' }],
    ['user ann is the owner of room den', { kind: 'is-owner', user: 'ann', room: 'den' }],
    ['user ann must first be a member of room den', { kind: 'must-be-member', user: 'ann', room: 'den' }],
    ['user ann is already an operator of room den', { kind: 'already-operator', user: 'ann', room: 'den' }],
    ['User ann is now a member of room den', { kind: 'now-member', user: 'ann', room: 'den' }],
    ['User ann is no longer a member of room den', { kind: 'no-longer-member', user: 'ann', room: 'den' }],
    ['User ann is now an operator of room den', { kind: 'now-operator', user: 'ann', room: 'den' }],
    [
      'User ann is no longer an operator of room den',
      { kind: 'no-longer-operator', user: 'ann', room: 'den' },
    ],
    [
      'User [ann] was added as a member of room [the den] by operator [bob]',
      { kind: 'now-member', user: 'ann', room: 'the den', operator: 'bob' },
    ],
    ['Room (den) is registered as public.', { kind: 'registered-public', room: 'den' }],
    [
      'The room you are trying to enter (d(e)n) is registered as private.',
      { kind: 'registered-private', room: 'd(e)n' },
    ],
    [
      'Could not create room. Reason: Room name empty.',
      { kind: 'room-name-refused', room: '', reason: 'Room name empty.' },
    ],
    [
      'Could not create room. Reason: Room name  x contains leading or trailing spaces.',
      { kind: 'room-name-refused', room: ' x', reason: 'Room name  x contains leading or trailing spaces.' },
    ],
    [
      'Could not create room. Reason: Room name yy longer than 24 characters.',
      { kind: 'room-name-refused', room: 'yy', reason: 'Room name yy longer than 24 characters.' },
    ],
    ['Could not create room. Reason: Because.', { kind: 'room-name-refused', reason: 'Because.' }],
    [
      'System Message: You have been banned for 30 minutes. Causes: flooding …',
      { kind: 'banned', minutes: 30 },
    ],
    ['You have been banned for 2 hours', { kind: 'banned', minutes: 120 }],
    ['You have been banned.', { kind: 'banned', minutes: 30 }],
    ['hello', { kind: 'other' }],
    ['', { kind: 'other' }],
  ])('%s', (text, notice) => {
    expect(parseNotice(text)).toEqual({ ...notice, text });
  });

  it('lists the moderators of a moderated room', () => {
    const head =
      'The room you are trying to enter (dev) is moderated. Please contact one of these moderators if you are interested in being added to the room’s member list:';
    const lines = `${head}\n\nann\r\n two words\n`;
    expect(parseNotice(lines)).toEqual({
      kind: 'moderated',
      room: 'dev',
      moderators: ['ann', 'two words'],
      text: lines,
    });
    const commas = `${head} ann, two words`;
    expect(parseNotice(commas)).toMatchObject({ moderators: ['ann', 'two words'] });
    expect(parseNotice(head)).toMatchObject({ kind: 'moderated', moderators: [] });
    expect(parseNotice('The room you are trying to enter (dev) is moderated.')).toMatchObject({
      moderators: [],
    });
  });

  it('tolerates case and a full stop at the end', () => {
    expect(parseNotice('USER ann IS ALREADY a member of ROOM den.')).toMatchObject({
      kind: 'already-member',
      user: 'ann',
      room: 'den',
    });
    expect(parseNotice('user ann is not logged in')).toMatchObject({ kind: 'user-offline', user: 'ann' });
  });

  it('prefers the user alone for a user whose name looks like a notice', () => {
    const text = 'user X is the owner of room Y is not logged in.';
    expect(parseNotice(text)).toMatchObject({ kind: 'user-offline', user: 'X is the owner of room Y' });
    const twice = 'user a is now a member of room b is now a member of room c';
    expect(noticeReadings(twice).map((n) => 'user' in n && n.user)).toEqual([
      'a',
      'a is now a member of room b',
    ]);
    // The first reading would need a room name that is too long.
    expect(parseNotice(twice)).toMatchObject({ user: 'a is now a member of room b', room: 'c' });
  });

  const name = fc
    .string({ minLength: 1, maxLength: 24, unit: fc.constantFrom(...'aZ .*+?()[]{}|^$\\0'.split('')) })
    .filter((s) => s.trim() === s && !s.endsWith('.'));

  it('keeps spaces and every metacharacter in names', () => {
    fc.assert(
      fc.property(name, name, (user, room) => {
        expect(parseNotice(`user ${user} is already a member of room ${room}`)).toMatchObject({ user, room });
        expect(parseNotice(`Room (${room}) is registered as public.`)).toMatchObject({ room });
        expect(parseNotice(`user ${user} is not logged in.`)).toMatchObject({ user });
      }),
    );
  });

  it('has a reading with the true names, whatever the names', () => {
    const hostile = fc.array(
      fc.constantFrom(
        'a',
        ' is now a member of room ',
        ' is not logged in.',
        ' is the owner of room ',
        '.',
        "'",
        'user ',
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const user = a.join('');
        const room = b.join('');
        const readings = noticeReadings(`User ${user} is now a member of room ${room}`);
        expect(readings).toContainEqual(expect.objectContaining({ kind: 'now-member', user, room }));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseNotice(text)));
  });

  it('takes a megabyte in its stride', () => {
    const units = [
      'user ',
      ' is now a member of room ',
      '(',
      ') is moderated',
      ' longer than ',
      '\n',
      ',',
      ' ',
      'a',
      'user [',
    ];
    const heads = [
      'user ',
      'The room you are trying to enter (',
      'Could not create room. Reason: Room name ',
      'User [',
      '',
    ];
    for (const head of heads) {
      for (const unit of units) {
        const text = head + unit.repeat(1_000_000 / unit.length);
        expect(parseNotice(text).text).toBe(text);
        expect(noticeReadings(text).length).toBeLessThan(100);
      }
    }
  }, 5_000);
});
