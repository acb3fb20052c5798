import { expect, it } from 'vitest';
import { HandlerLists } from './handler-list.ts';

it('keeps handlers in order, the same one twice too, and takes each away once', () => {
  const lists = new HandlerLists<string, string>();
  const undo = ['a', 'b', 'a'].map((handler) => lists.add('x', handler));
  const before = lists.get('x');
  expect(before).toEqual(['a', 'b', 'a']);
  undo[0]!();
  undo[0]!();
  expect(lists.get('x')).toEqual(['b', 'a']);
  undo[2]!();
  undo[1]!();
  expect(lists.get('x')).toEqual([]);
  expect(before).toEqual(['a', 'b', 'a']);
  lists.add('x', 'c');
  undo[1]!();
  expect(lists.get('x')).toEqual(['c']);
});
