import { expect, it } from 'vitest';
import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { catalogue } from './catalogue.ts';
import { lives } from './lives.ts';
import { answers, contentOf, hasPhrase } from './matching.ts';

it('answers whole words in any order, and honours what is excluded', () => {
  const path = 'music\\Drexo Plaind\\01 Copper Window live.flac';
  expect(answers('plaind drexo', path)).toBe(true);
  expect(answers('plaind -live', path)).toBe(false);
  expect(answers('plaind -demo', path)).toBe(true);
  expect(answers('plaind window', 'music\\plainds\\window')).toBe(false);
  expect(answers('-demo', path)).toBe(false);
  expect(hasPhrase(path, ['drexo', 'plaind'])).toBe(true);
  expect(hasPhrase(path, ['plaind', 'drexo'])).toBe(false);
});

it('the same music is the same content in another folder, and another one under another name', () => {
  const file = { folder: 'a', name: '01 Song.flac', size: 5, duration: 200 };
  expect(contentOf({ ...file, folder: 'b' })).toBe(contentOf(file));
  expect(contentOf({ ...file, name: '01 Song take two.flac' })).not.toBe(contentOf(file));
});

it('the world repeats from its seed: wishes of all kinds, people who come and go, libraries that change', () => {
  const world = (seed: number) => {
    const random = new SeededRandom(seed);
    const shelves = catalogue(random.fork('catalogue'), 30);
    return { shelves, people: lives({ random, people: 50, durationMs: 14 * 86_400_000, shelves }) };
  };
  const { shelves, people } = world(1);
  expect(JSON.stringify(world(1))).toBe(JSON.stringify({ shelves, people }));
  expect(new Set(shelves.map(({ wish }) => wish.key)).size).toBe(30);
  for (const { stays, versions } of people) {
    const times = stays.flatMap(({ from, to }) => [from, to]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(versions[0]!.at).toBe(0);
  }
  const owners = new Map<string, Set<string>>();
  for (const { name, versions } of people)
    for (const { files } of versions)
      for (const file of files)
        owners.set(contentOf(file), (owners.get(contentOf(file)) ?? new Set()).add(name));
  expect([...owners.values()].filter(({ size }) => size > 1).length).toBeGreaterThan(20);
});
