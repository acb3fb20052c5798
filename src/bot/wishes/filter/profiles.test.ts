import { expect, test } from 'vitest';
import { mergeFilters } from './profiles.ts';

test('what the wish says replaces what its profile says, condition by condition', () => {
  expect(
    mergeFilters(
      { class: ['lossless'], minSize: 5, path: { must: ['a'], not: ['live'] }, notUsers: ['x'] },
      { class: ['audio'], path: { not: ['remix'] }, name: { any: ['b'] }, notUsers: [] },
    ),
  ).toEqual({
    class: ['audio'],
    minSize: 5,
    path: { must: ['a'], not: ['remix'] },
    name: { any: ['b'] },
    notUsers: [],
  });
});

test('either alone is as it is', () => {
  const filter = { path: { must: ['a'] }, vbr: true };
  expect(mergeFilters(filter)).toEqual(filter);
  expect(mergeFilters(undefined, filter)).toEqual(filter);
  expect(mergeFilters()).toEqual({});
});
