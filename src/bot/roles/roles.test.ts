import { expect, it } from 'vitest';
import { Roles, type RoomPowers } from './roles.ts';

const roles = new Roles({ owner: ['me'], mod: ['meg', 'me'], trusted: ['al'] });
const den: RoomPowers = {
  private: true,
  owner: 'olga',
  operators: ['otto', 'al'],
  members: ['al', 'otto', 'mia'],
};

it.each([
  ['me', undefined, ['owner', 'mod', 'trusted']],
  ['meg', undefined, ['mod', 'trusted']],
  ['al', undefined, ['trusted']],
  ['Me', undefined, []],
  ['me ', undefined, []],
  ['', undefined, []],
  ['olga', undefined, []],
  ['olga', den, ['room.owner', 'room.operator', 'room.member']],
  ['otto', den, ['room.operator', 'room.member']],
  ['mia', den, ['room.member']],
  ['al', den, ['trusted', 'room.operator', 'room.member']],
  ['me', den, ['owner', 'mod', 'trusted']],
  ['olga', { ...den, private: false }, []],
  ['undefined', { ...den, owner: undefined as never }, []],
])('%s in %j is %j', (user, room, expected) => {
  expect([...roles.rolesOf(user, room)]).toEqual(expected);
});
