import { expect, it } from 'vitest';
import { wishOf } from './wish.ts';

it.each([
  ['', { kind: 'nothing' }],
  ['  status ', { kind: 'status' }],
  ['exit', { kind: 'quit' }],
  ['/room my room', { kind: 'filter', key: 'room', name: 'my room' }],
  ['/room', { kind: 'filter', key: 'room' }],
  ['/quiet', { kind: 'quiet' }],
  ['why', { kind: 'why', query: {} }],
  ['why W3F9K', { kind: 'why', query: { id: 'w3f9k' } }],
  ['why user al b', { kind: 'why', query: { user: 'al b' } }],
  ['inject al: !seen bob', { kind: 'inject', line: { user: 'al', text: '!seen bob' } }],
  ['inject al in indie: a: b', { kind: 'inject', line: { user: 'al', room: 'indie', text: 'a: b' } }],
  [
    'inject "a: in b" in "c in d": hi',
    { kind: 'inject', line: { user: 'a: in b', room: 'c in d', text: 'hi' } },
  ],
  ['greet all', { kind: 'command', line: 'greet all' }],
])('%j', (typed, wish) => {
  expect(wishOf(typed)).toEqual(wish);
});

it.each(['inject', 'inject al', 'inject al:', 'inject : hi', 'why user', 'why now then', '/nothing'])(
  'does not understand %j, and says how it goes',
  (typed) => {
    expect(wishOf(typed).kind).toBe('unclear');
  },
);
