import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TreeEffect, TreeEvent } from './tree-events.ts';
import { step } from './tree-machine.ts';
import { after, knock, offered, roomFor } from './tree-scenes.test-support.ts';
import { branchOf, initialState, isAccepting, limitOf, type TreeState } from './tree-state.ts';

const user = fc.constantFrom('me', 'ann', 'bob', 'cat', 'kim', 'lee', 'rex');
/** Which of the connections in use an event is about; resolved when its turn comes. */
const pick = fc.nat(7);

type Draft = (id: (index: number) => number) => TreeEvent;
const draft = fc.oneof<fc.Arbitrary<Draft>[]>(
  fc.constant(() => ({ type: 'login', self: 'me' })),
  fc.constant(() => ({ type: 'session-lost', why: 'cut' })),
  fc.array(user, { maxLength: 4 }).map((users) => () => offered(...users)),
  fc.constant(() => ({ type: 'embedded' })),
  fc.constant(() => ({ type: 'reset' })),
  fc.nat(25_000).map((avgSpeed) => () => ({ type: 'speed', avgSpeed })),
  fc.tuple(pick, fc.integer({ min: -1, max: 4 })).map(([index, level]) => (id) => ({
    type: 'level',
    id: id(index),
    level,
  })),
  fc.tuple(pick, user).map(([index, username]) => (id) => ({
    type: 'root',
    id: id(index),
    root: { username },
  })),
  pick.map((index) => (id) => ({ type: 'search', id: id(index) })),
  pick.map((index) => (id) => ({ type: 'search', id: id(index) })),
  pick.map((index) => (id) => ({ type: 'closed', id: id(index), why: 'cut' })),
  pick.map((index) => (id) => ({ type: 'expel', id: id(index), problem: 'slow-child', why: 'slow' })),
  fc.tuple(user, fc.boolean()).map(
    ([name, supersedes]) =>
      () =>
        knock(name, supersedes),
  ),
  fc.constant(() => ({ type: 'remind' })),
);

const held = ({ parent, candidates, children }: TreeState) => [
  ...(parent ? [parent] : []),
  ...candidates,
  ...children,
];

/** What the server and the children believe, from what they were told. */
class World {
  readonly server: Record<string, unknown> = {};
  /** By child: level and root. */
  readonly children = new Map<number, { level: number; root: string }>();
  readonly open = new Set<number>();

  hear(effects: readonly TreeEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'tell') {
        const { type, ...fields } = effect.request as unknown as Record<string, unknown>;
        this.server[String(type)] = Object.values(fields)[0];
      } else if (effect.type === 'admit') {
        this.children.set(effect.id, { level: effect.level, root: effect.root.username });
        this.#begin(effect.id);
      } else if (effect.type === 'inform') {
        for (const child of this.children.values()) {
          child.level = effect.level ?? child.level;
          child.root = effect.root?.username ?? child.root;
        }
      } else if (effect.type === 'dial') this.#begin(effect.id);
      else if (effect.type === 'drop') this.end(effect.id);
    }
  }

  end(id: number): void {
    expect(this.open.delete(id)).toBe(true);
    this.children.delete(id);
  }

  #begin(id: number): void {
    expect(this.open.has(id)).toBe(false);
    this.open.add(id);
  }
}

function check(state: TreeState, world: World): void {
  const all = held(state);
  // Every connection is one thing only, and the outside holds the same ones.
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect([...world.open].sort()).toEqual(all.map(({ id }) => id).sort());
  // Nobody is above and below us; we are neither; nobody is there twice.
  const users = all.map((other) => other.user);
  expect(new Set(users).size).toBe(users.length);
  expect(users).not.toContain('me');
  // A parent ends the search for one, and the server's feed.
  if (state.parent) {
    expect(state.candidates).toEqual([]);
    expect(state.isRoot).toBe(false);
    expect(state.parent.root.username).not.toBe('me');
    expect(state.parent.level).toBeGreaterThanOrEqual(0);
  }
  if (!state.online) {
    expect(all).toEqual([]);
    return;
  }
  const { level, root } = branchOf(state);
  expect(world.server).toEqual({
    HaveNoParent: state.parent === undefined,
    BranchLevel: level,
    BranchRoot: root.username,
    AcceptChildren: isAccepting(state),
  });
  expect([...world.children.keys()]).toEqual(state.children.map(({ id }) => id));
  for (const believed of world.children.values()) expect(believed).toEqual({ level, root: root.username });
}

describe('any order of events', () => {
  it('leaves a state in which server, children and we believe the same', () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 5, maxLength: 60, size: 'max' }), (drafts) => {
        let state = after(initialState(10), { type: 'login', self: 'me' }, ...roomFor(2));
        const world = new World();
        world.hear(step(initialState(10), { type: 'login', self: 'me' }).effects);
        for (const make of drafts) {
          const before = state;
          const ids = held(before).map(({ id }) => id);
          const event = make((index) => ids[index % Math.max(1, ids.length)] ?? 999);
          const { state: next, effects } = step(before, event);
          if (event.type === 'closed' && ids.includes(event.id)) world.end(event.id);
          world.hear(effects);
          state = next;
          check(state, world);
          // Nobody is sent away to make room.
          if (event.type === 'speed') expect(state.children).toEqual(before.children);
          if (event.type === 'knock' && state.children.length > before.children.length) {
            expect(state.children.length).toBeLessThanOrEqual(limitOf(state));
          }
          // One search comes out for one that goes in, and only from whom we listen to.
          const relayed = effects.filter(({ type }) => type === 'relay').length;
          expect(relayed).toBeLessThanOrEqual(1);
          if (relayed === 1 && event.type === 'search') expect(state.parent?.id).toBe(event.id);
          if (event.type === 'embedded') expect(relayed).toBe(state.online && !state.parent ? 1 : 0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
