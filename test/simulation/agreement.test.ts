import { expect, it } from 'vitest';
import type { TreeSnapshot } from '../../src/network/distributed/tree-snapshot.ts';
import { Agreement, type Told, type Watched } from './agreement.ts';

const MINUTE = 60_000;

const TREE: TreeSnapshot = {
  role: 'child',
  isRoot: false,
  level: 2,
  root: 'rex',
  parent: { user: 'ann', level: 1, since: 1000 },
  candidates: [],
  children: [],
  maxChildren: 4,
  accepting: true,
  requestsPerSecond: 0,
  requests: 0,
  counts: {},
  changes: [],
};

const node = (tree: Partial<TreeSnapshot> = {}, change: Partial<Watched> = {}): Watched => ({
  index: 0,
  name: 'bob',
  login: 1,
  connections: 2,
  client: { tree: { snapshot: () => ({ ...TREE, ...tree }) } },
  ...change,
});

const TOLD: Told = { username: 'bob', tree: { noParent: false, level: 2, root: 'rex' } };

/** Problems after a look a minute at each of these. */
function seen(nodes: readonly Watched[], told: readonly Told[] = [TOLD], agreement = new Agreement(1)) {
  for (const [minute, each] of nodes.entries()) agreement.look([each], told, minute * MINUTE);
  return agreement.problems;
}

const thrice = (each: Watched) => [each, each, each, each];

it('says nothing about nodes that do as they say, are offline, or were wrong for a moment', () => {
  expect(seen(thrice(node()))).toEqual([]);
  expect(seen(thrice(node({}, { login: 0 })), [])).toEqual([]);
  expect(seen(thrice(node({}, { client: undefined })))).toEqual([]);
  const wrong = node({ level: 3 });
  expect(seen([wrong, wrong, node(), wrong, wrong])).toEqual([]);
  expect(seen([wrong, wrong, node({ level: 3 }, { login: 2 }), node({ level: 4 }), wrong])).toEqual([]);
});

it.each([
  [
    'the server was not told of the parent',
    node({}, {}),
    { ...TOLD, tree: { ...TOLD.tree, noParent: true } },
  ],
  ['the server was not told of the level', node({ level: 1 }), TOLD],
  ['the server was not told of the root', node({ root: 'zoe' }), TOLD],
  ['the server does not know it', node(), { ...TOLD, username: 'kim' }],
  ['a connection is left over', node({}, { connections: 3 }), TOLD],
])('notices once that %s', (_what, each, told) => {
  expect(seen(thrice(each), [told])).toHaveLength(1);
});

it('notices connections that a reset should have ended', () => {
  const reset = (now: number, login = 1) => {
    const agreement = new Agreement(1);
    agreement.reset([node({}, { login })], now);
    return agreement;
  };
  expect(seen(thrice(node()), [TOLD], reset(1001))).toEqual(['bob: it was reset and kept its connections']);
  expect(seen(thrice(node()), [TOLD], reset(1000))).toEqual([]);
  expect(seen(thrice(node({}, { login: 2 })), [TOLD], reset(1001))).toEqual([]);
});

it('leaves those alone whom a fault concerns', () => {
  const agreement = new Agreement(1);
  agreement.disturbed([node()], MINUTE);
  const wrong = node({ level: 3 });
  expect(seen([wrong, wrong, wrong, wrong, wrong], [TOLD], agreement)).toEqual([]);
  expect(seen([wrong, wrong, wrong, wrong, wrong, wrong], [TOLD], agreement)).toHaveLength(1);
});
