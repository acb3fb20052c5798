import { expect, it } from 'vitest';
import type { Power } from '../../../plugins/api/cases.ts';
import { atMost, permitted } from './permitted.ts';
import { powerIn, powerText, type RoomFacts } from './power.ts';

const facts = (more: Partial<RoomFacts> = {}): RoomFacts => ({
  room: 'den',
  joined: true,
  private: true,
  standing: 'member',
  ...more,
});

it.each<[Partial<RoomFacts>, Power, string]>([
  [{ private: false, standing: 'visitor' }, 'public', 'den is a public room: nobody can remove anyone here'],
  [
    { standing: 'owner' },
    'private-owner',
    'den is a private room and mine: I can remove anybody and let people in',
  ],
  [{ standing: 'owner', joined: false }, 'private-owner', 'den is a private room and mine'],
  [{ standing: 'operator', joined: false }, 'private-operator', 'I am an operator of the private room den'],
  [
    {},
    'private-member',
    'I am a plain member of the private room den: only its owner and operators can remove anyone',
  ],
  [{ joined: false, private: false, standing: 'visitor' }, 'absent', 'I am not in den now'],
  [
    { joined: false, private: false, standing: 'visitor', refusal: { reason: 'registered as private' } },
    'refused',
    'I am not let into den: registered as private',
  ],
  [
    {
      joined: false,
      private: false,
      standing: 'visitor',
      refusal: { reason: 'x', moderators: ['ann', 'ben'] },
    },
    'moderated',
    "den is moderated by the server's people and I am not let in: ask ann, ben",
  ],
])('%j is %s', (more, power, text) => {
  expect(powerIn(facts(more))).toBe(power);
  expect(powerText(power, facts(more))).toContain(text);
});

it.each<[Power, Record<string, string>]>([
  [
    'public',
    { remove: 'report', 'remove:1h': 'report', ignore: 'ignore', 'warn-room': 'warn-room', warn: 'warn' },
  ],
  ['private-owner', { remove: 'remove', 'remove:1h': 'remove:1h', 'p/jail': 'p/jail' }],
  ['private-operator', { remove: 'remove', 'p/jail': 'report' }],
  ['private-member', { remove: 'report', 'warn-room': 'warn-room' }],
  ['moderated', { remove: 'report', 'warn-room': 'warn', warn: 'warn' }],
  ['refused', { remove: 'report', 'warn-room': 'warn', note: 'note' }],
  ['absent', { remove: 'report', 'warn-room': 'warn', ignore: 'ignore', 'p/nope': 'report' }],
])('%s permits %j', (power, cases) => {
  const actions = {
    get: (name: string) => (name === 'p/jail' ? { powers: ['private-owner'] as const } : undefined),
  };
  for (const [wanted, consequence] of Object.entries(cases)) {
    const found = permitted(wanted, power, { room: 'den' }, actions);
    expect(found.consequence).toBe(consequence);
    expect(found.instead === undefined).toBe(consequence === wanted);
  }
});

it.each([
  ['remove', 'warn', 'warn'],
  ['remove', 'remove:1h', 'remove:1h'],
  ['remove:2h', 'remove:1h', 'remove:1h'],
  ['remove:1h', 'remove:2h', 'remove:1h'],
  ['note', 'warn', 'note'],
  ['ignore', 'ignore:1h', 'ignore:1h'],
  ['p/jail', 'warn', 'warn'],
  ['p/jail', 'remove', 'p/jail'],
  ['remove', 'remove', 'remove'],
  ['remove', undefined, 'remove'],
])('%s under a ceiling of %s is %s', (wanted, ceiling, consequence) => {
  expect(atMost(wanted, ceiling).consequence).toBe(consequence);
});
