import { describe, expect, it } from 'vitest';
import type { TreeEvent } from './tree-events.ts';
import { step } from './tree-machine.ts';
import { idOf, knock, offered, type Scene, scenes, told } from './tree-scenes.test-support.ts';

/** What the server is told when we stand alone, in Nicotine+'s order. */
const RESTART = 'server(HaveNoParent=1 BranchRoot=me BranchLevel=0 AcceptChildren=0)';

interface Row {
  readonly when: string;
  readonly event: (id: (user: string) => number) => TreeEvent;
  /** By scenes, what is done; in scenes that are not named nothing at all. */
  readonly done: Readonly<Record<string, string>>;
}

/**
 * The whole table: what a node does at which event, wherever it stands.
 *
 * - Alone we tell the server: no parent, root ourselves, level 0, no children. After a parent was adopted: its root, its
 *   level + 1, and whether there is room for children. Each change of these is told again, and told to the children.
 * - Suggested parents are dialled all at once; a new list replaces those not adopted, but whom both lists name stays.
 *   The first search of one whose level and root are known makes it the parent; the others are let go.
 * - A search of the server makes us a root, and we go on looking for a parent. With a parent we do not listen to it.
 * - A lost parent leaves us alone with our children, who hear that we are their root now; who was not needed before is
 *   dialled. A reset costs the children too.
 * - Children come while we are fed and there is room; nobody is sent away because room got less.
 * - Impossible levels and roots, branches that hang off ourselves, and children who speak like parents are let go.
 */
const table: readonly Row[] = [
  {
    when: 'we log in',
    event: () => ({ type: 'login', self: 'me' }),
    done: {
      'offline alone root': RESTART,
      'trying ready rootFull': `drop(1) drop(2) ${RESTART}`,
      rootReady: `drop(2) drop(3) drop(1) ${RESTART}`,
      child: `drop(1) ${RESTART}`,
      childFull: `drop(1) drop(3) drop(4) ${RESTART}`,
      orphan: `drop(5) drop(3) drop(4) ${RESTART}`,
    },
  },
  {
    when: 'the session ends',
    event: () => ({ type: 'session-lost', why: 'cut' }),
    done: {
      'trying ready rootFull': 'drop(1) drop(2)',
      rootReady: 'drop(2) drop(3) drop(1)',
      child: 'drop(1)',
      childFull: 'drop(1) drop(3) drop(4)',
      orphan: 'drop(5) drop(3) drop(4)',
    },
  },
  {
    when: 'the server suggests cat',
    event: () => offered('cat'),
    done: {
      'alone root': 'dial(cat=1)',
      'trying ready': 'drop(1) drop(2) dial(cat=3)',
      rootFull: 'dial(cat=3)',
      rootReady: 'drop(2) drop(3) dial(cat=4)',
      orphan: 'drop(5) dial(cat=6)',
    },
  },
  {
    when: 'the server suggests bob and cat',
    event: () => offered('bob', 'cat'),
    done: {
      'alone root': 'dial(bob=1) dial(cat=2)',
      'trying ready': 'drop(1) dial(cat=3)',
      rootFull: 'dial(bob=3) dial(cat=4)',
      rootReady: 'drop(2) dial(cat=4)',
      orphan: 'dial(cat=6)',
    },
  },
  {
    when: 'the server suggests nobody but ourselves and kim',
    event: () => offered('me', 'kim'),
    done: {
      'alone root': 'dial(kim=1)',
      'trying ready': 'drop(1) drop(2) dial(kim=3)',
    },
  },
  {
    when: 'the server suggests nobody',
    event: () => offered(),
    done: {},
  },
  {
    when: 'the server sends a search',
    event: () => ({ type: 'embedded' }),
    done: {
      'alone trying ready': 'server(AcceptChildren=1) relay',
      'root rootFull rootReady orphan': 'relay',
    },
  },
  {
    when: 'the server resets the tree',
    event: () => ({ type: 'reset' }),
    done: {
      'alone root': RESTART,
      'trying ready rootFull': `drop(1) drop(2) ${RESTART}`,
      rootReady: `drop(2) drop(3) drop(1) ${RESTART}`,
      child: `drop(1) ${RESTART}`,
      childFull: `drop(1) drop(3) drop(4) ${RESTART}`,
      orphan: `drop(5) drop(3) drop(4) ${RESTART}`,
    },
  },
  {
    when: 'our speed falls: room for one',
    event: () => ({ type: 'speed', avgSpeed: 5120 }),
    done: {
      rootReady: 'server(AcceptChildren=0)',
    },
  },
  {
    when: 'our speed rises: room for three',
    event: () => ({ type: 'speed', avgSpeed: 15_360 }),
    done: {
      'rootFull childFull': 'server(AcceptChildren=1)',
    },
  },
  {
    when: 'the least speed rises above ours',
    event: () => ({ type: 'min-speed', minSpeed: 1000 }),
    done: {
      'root rootReady child': 'server(AcceptChildren=0)',
    },
  },
  {
    when: 'the ratio becomes 0',
    event: () => ({ type: 'ratio', ratio: 0 }),
    done: {
      'root rootReady child': 'server(AcceptChildren=0)',
    },
  },
  {
    when: 'ann says level 4',
    event: (id) => ({ type: 'level', id: id('ann'), level: 4 }),
    done: {
      child: 'server(BranchLevel=5)',
      childFull: 'server(BranchLevel=5) children(5)',
    },
  },
  {
    when: 'ann says level 1 again',
    event: (id) => ({ type: 'level', id: id('ann'), level: 1 }),
    done: {},
  },
  {
    when: 'ann says level 0',
    event: (id) => ({ type: 'level', id: id('ann'), level: 0 }),
    done: {
      child: 'server(BranchLevel=1 BranchRoot=ann)',
      childFull: 'server(BranchLevel=1 BranchRoot=ann) children(1 ann)',
    },
  },
  {
    when: 'ann says level -1',
    event: (id) => ({ type: 'level', id: id('ann'), level: -1 }),
    done: {
      'trying ready': 'count(bad-level) drop(1)',
      rootReady: 'count(bad-level) drop(2)',
      child: `count(bad-level) drop(1) ${RESTART} dial(bob=3)`,
      childFull: `count(bad-level) drop(1) ${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'ann says a level that cannot be',
    event: (id) => ({ type: 'level', id: id('ann'), level: 2 ** 31 - 1 }),
    done: {
      'trying ready': 'count(bad-level) drop(1)',
      rootReady: 'count(bad-level) drop(2)',
      child: `count(bad-level) drop(1) ${RESTART} dial(bob=3)`,
      childFull: `count(bad-level) drop(1) ${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'ann says root zoe',
    event: (id) => ({ type: 'root', id: id('ann'), root: { username: 'zoe' } }),
    done: {
      child: 'server(BranchRoot=zoe)',
      childFull: 'server(BranchRoot=zoe) children(zoe)',
    },
  },
  {
    when: 'ann says root rex again',
    event: (id) => ({ type: 'root', id: id('ann'), root: { username: 'rex' } }),
    done: {},
  },
  {
    when: 'ann says that we are its root',
    event: (id) => ({ type: 'root', id: id('ann'), root: { username: 'me' } }),
    done: {
      'trying ready': 'count(loop) drop(1)',
      rootReady: 'count(loop) drop(2)',
      child: `count(loop) drop(1) ${RESTART} dial(bob=3)`,
      childFull: `count(loop) drop(1) ${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'ann says an empty root',
    event: (id) => ({ type: 'root', id: id('ann'), root: { username: '' } }),
    done: {
      'trying ready': 'count(bad-root) drop(1)',
      rootReady: 'count(bad-root) drop(2)',
      child: `count(bad-root) drop(1) ${RESTART} dial(bob=3)`,
      childFull: `count(bad-root) drop(1) ${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'ann sends a search',
    event: (id) => ({ type: 'search', id: id('ann') }),
    done: {
      ready: 'drop(2) server(HaveNoParent=0 BranchRoot=rex BranchLevel=2 AcceptChildren=1) adopt(1) relay',
      rootReady:
        'drop(3) server(HaveNoParent=0 BranchRoot=rex BranchLevel=2 AcceptChildren=1) adopt(2) children(2 rex) relay',
      'child childFull': 'relay',
    },
  },
  {
    when: 'bob sends a search',
    event: (id) => ({ type: 'search', id: id('bob') }),
    done: {},
  },
  {
    when: 'kim sends a search',
    event: (id) => ({ type: 'search', id: id('kim') }),
    done: {
      rootFull: 'count(intruder) drop(1) server(AcceptChildren=1)',
      rootReady: 'count(intruder) drop(1)',
      childFull: 'count(intruder) drop(3) server(AcceptChildren=1)',
      orphan: 'count(intruder) drop(3)',
    },
  },
  {
    when: 'kim says a level',
    event: (id) => ({ type: 'level', id: id('kim'), level: 2 }),
    done: {
      rootFull: 'count(intruder) drop(1) server(AcceptChildren=1)',
      rootReady: 'count(intruder) drop(1)',
      childFull: 'count(intruder) drop(3) server(AcceptChildren=1)',
      orphan: 'count(intruder) drop(3)',
    },
  },
  {
    when: 'kim says a root',
    event: (id) => ({ type: 'root', id: id('kim'), root: { username: 'zoe' } }),
    done: {
      rootFull: 'count(intruder) drop(1) server(AcceptChildren=1)',
      rootReady: 'count(intruder) drop(1)',
      childFull: 'count(intruder) drop(3) server(AcceptChildren=1)',
      orphan: 'count(intruder) drop(3)',
    },
  },
  {
    when: 'somebody unknown sends a search',
    event: () => ({ type: 'search', id: 999 }),
    done: {},
  },
  {
    when: 'ann is gone',
    event: (id) => ({ type: 'closed', id: id('ann'), why: 'cut' }),
    done: {
      child: `${RESTART} dial(bob=3)`,
      childFull: `${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'bob is gone',
    event: (id) => ({ type: 'closed', id: id('bob'), why: 'cut' }),
    done: {},
  },
  {
    when: 'kim is gone',
    event: (id) => ({ type: 'closed', id: id('kim'), why: 'cut' }),
    done: {
      'rootFull childFull': 'server(AcceptChildren=1)',
    },
  },
  {
    when: 'ann must go',
    event: (id) => ({ type: 'expel', id: id('ann'), problem: 'restless', why: 'it' }),
    done: {
      'trying ready': 'count(restless) drop(1)',
      rootReady: 'count(restless) drop(2)',
      child: `count(restless) drop(1) ${RESTART} dial(bob=3)`,
      childFull: `count(restless) drop(1) ${RESTART} children(0 me) dial(bob=5)`,
    },
  },
  {
    when: 'kim must go',
    event: (id) => ({ type: 'expel', id: id('kim'), problem: 'slow-child', why: 'it' }),
    done: {
      rootFull: 'count(slow-child) drop(1) server(AcceptChildren=1)',
      rootReady: 'count(slow-child) drop(1)',
      childFull: 'count(slow-child) drop(3) server(AcceptChildren=1)',
      orphan: 'count(slow-child) drop(3)',
    },
  },
  {
    when: 'zed wants to be our child',
    event: () => knock('zed'),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      root: 'admit(1: 0 me)',
      'rootFull childFull': 'refuse(full)',
      rootReady: 'admit(4: 0 me) server(AcceptChildren=0)',
      child: 'admit(3: 2 rex)',
    },
  },
  {
    when: 'somebody of our own name wants to',
    event: () => knock('me'),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      'root rootFull rootReady child childFull': 'refuse(self)',
    },
  },
  {
    when: 'ann wants to',
    event: () => knock('ann'),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      root: 'admit(1: 0 me)',
      rootFull: 'refuse(full)',
      'rootReady child childFull': 'refuse(upstream)',
    },
  },
  {
    when: 'bob wants to',
    event: () => knock('bob'),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      root: 'admit(1: 0 me)',
      'rootFull childFull': 'refuse(full)',
      rootReady: 'refuse(upstream)',
      child: 'admit(3: 2 rex)',
    },
  },
  {
    when: 'kim wants to, on a connection as good as any',
    event: () => knock('kim'),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      root: 'admit(1: 0 me)',
      rootFull: 'drop(1) admit(3: 0 me)',
      rootReady: 'drop(1) admit(4: 0 me)',
      child: 'admit(3: 2 rex)',
      childFull: 'drop(3) admit(5: 2 rex)',
    },
  },
  {
    when: 'kim wants to, on one that proves less',
    event: () => knock('kim', false),
    done: {
      'offline alone trying ready orphan': 'refuse(not-fed)',
      root: 'admit(1: 0 me)',
      'rootFull rootReady childFull': 'refuse(already-child)',
      child: 'admit(3: 2 rex)',
    },
  },
  {
    when: 'it is time to remind the server',
    event: () => ({ type: 'remind' }),
    done: {
      'alone trying ready rootFull orphan': RESTART,
      'root rootReady': 'server(HaveNoParent=1 BranchRoot=me BranchLevel=0 AcceptChildren=1)',
      child: 'server(HaveNoParent=0 BranchRoot=rex BranchLevel=2 AcceptChildren=1)',
      childFull: 'server(HaveNoParent=0 BranchRoot=rex BranchLevel=2 AcceptChildren=0)',
    },
  },
];

const names = Object.keys(scenes) as Scene[];

describe('the table', () => {
  for (const { when, event, done } of table) {
    it(when, () => {
      const expected = Object.fromEntries(names.map((name) => [name, '-']));
      for (const [where, what] of Object.entries(done)) {
        for (const name of where.split(' ')) expected[name] = what;
      }
      const found = names.map((name) => {
        const state = scenes[name];
        return [
          name,
          told(
            step(
              state,
              event((user) => idOf(state, user)),
            ).effects,
          ),
        ];
      });
      expect(Object.fromEntries(found)).toEqual(expected);
    });
  }
});
