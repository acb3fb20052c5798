import fc from 'fast-check';
import { expect, it } from 'vitest';
import { consequenceText, readConsequence, severityOf } from './consequence.ts';

it.each([
  'note',
  'report',
  'warn',
  'warn-room',
  'ignore',
  'remove',
  'ignore:1m',
  'remove:1h30m',
  'remove:366d',
  'my.plugin/do-it',
])('%s is one', (text) => {
  const read = readConsequence(text);
  expect(read).not.toHaveProperty('problem');
  expect(readConsequence(consequenceText(read as never))).toEqual(read);
});

it.each([
  '',
  'kick',
  'Warn',
  'warn:',
  'warn:1h',
  'remove:',
  'remove:0s',
  'remove:5',
  'remove:1h:2h',
  'remove:500d',
  '/x',
  'x/',
  'x/Y',
  'a/b/c',
  'remove/1h:',
])('%j is none, and it says why', (text) => {
  expect(readConsequence(text)).toMatchObject({ problem: expect.stringMatching(/./) });
});

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void readConsequence(text)));
});

it('is ranked from mild to severe', () => {
  const order = ['note', 'report', 'warn', 'warn-room', 'ignore:1h', 'ignore', 'remove:1h', 'remove'];
  const ranks = order.map((text) => severityOf(readConsequence(text) as never));
  expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
  expect(new Set(ranks).size).toBe(order.length);
});
