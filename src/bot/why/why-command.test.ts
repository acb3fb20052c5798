import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { DecisionQuery } from '../store/decisions.ts';
import { readDecisionQuery } from './decision-query.ts';
import { whyCommand } from './why-command.ts';

async function ask(words: readonly string[], roles: readonly Role[] = []) {
  const asked: DecisionQuery[] = [];
  const find = async (query: DecisionQuery) => {
    asked.push(query);
    return [];
  };
  const { lines } = await whyCommand({ find }, new VirtualClock()).run({
    id: 'm',
    user: 'al',
    at: 0,
    replayed: false,
    redelivered: false,
    args: { what: words },
    roles: new Set(roles),
  });
  return { asked: asked[0], line: lines[0] };
}

it.each([
  [[], { user: 'al', limit: 3 }],
  [['last', '7'], { user: 'al', limit: 7 }],
  [['LAST', '9999'], { user: 'al', limit: 10 }],
  [['W3F9K'], { user: 'al', id: 'w3f9k' }],
  [['user', 'al'], { user: 'al', limit: 3 }],
])('asks about oneself: %j', async (words, query) => {
  expect((await ask(words)).asked).toEqual(query);
});

it.each([
  [['w3f9k'], { id: 'w3f9k' }],
  [['user', 'Bo', '5'], { user: 'Bo', limit: 5 }],
])('asks about others as a mod: %j', async (words, query) => {
  expect((await ask(words, ['mod'])).asked).toEqual(query);
});

it.each([[['user', 'bo']], [['last', '0']], [['last', 'x']], [['wxyz']], [['user']], [['hello', 'there']]])(
  'asks nothing: %j',
  async (words) => {
    const { asked, line } = await ask(words);
    expect(asked).toBeUndefined();
    expect(line).toMatch(/^Only mods|^I know !why/);
  },
);

it('takes from the socket what it understands', () => {
  expect(readDecisionQuery({ id: 'w', user: 1, room: 'r', since: 'x', limit: 5 })).toEqual({
    id: 'w',
    room: 'r',
    limit: 5,
  });
  expect(readDecisionQuery({ since: 7, limit: 1e9 })).toEqual({ since: 7, limit: 1000 });
  expect(readDecisionQuery(null)).toEqual({ limit: 20 });
});
