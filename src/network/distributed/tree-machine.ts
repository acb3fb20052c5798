import type { TreeEffect, TreeEvent } from './tree-events.ts';
import { heard } from './tree-hearing.ts';
import { dropAll, expel, gone, holds, usable } from './tree-losses.ts';
import {
  branchOf,
  initialState,
  isAccepting,
  type PossibleParent,
  refusalOf,
  type TreeState,
} from './tree-state.ts';
import { Turn } from './tree-turn.ts';

export interface Step {
  readonly state: TreeState;
  readonly effects: readonly TreeEffect[];
}

/**
 * The search tree's whole state machine: what a node does, says to the server and says to its children at each event.
 * Pure: the same state and event give the same step.
 */
export function step(state: TreeState, event: TreeEvent): Step {
  const turn = new Turn(state);
  if (event.type === 'login') login(turn, event.self);
  else if (state.online) move(turn, event);
  else if (event.type === 'knock') turn.effects.push({ type: 'refuse', reason: 'not-fed' });
  return { state: turn.state, effects: turn.effects };
}

function login(turn: Turn, self: string): void {
  const { cap, nextId } = turn.state;
  if (turn.state.online) dropAll(turn, 'a new session began');
  turn.state = { ...initialState(cap), nextId, online: true, self };
  turn.tellPlace();
  turn.sayAccept(false);
  turn.note('online', 'logged in');
}

function move(turn: Turn, event: Exclude<TreeEvent, { type: 'login' }>): void {
  switch (event.type) {
    case 'session-lost':
      dropAll(turn, 'the session with the server ended');
      turn.state = { ...initialState(turn.state.cap), nextId: turn.state.nextId };
      turn.note('offline', event.why);
      return;
    case 'offers':
      offers(turn, event.parents);
      return;
    case 'embedded':
      embedded(turn);
      return;
    case 'reset':
      reset(turn);
      return;
    case 'speed':
      turn.set({ avgSpeed: event.avgSpeed });
      turn.tellAccept();
      return;
    case 'min-speed':
      turn.set({ minSpeed: event.minSpeed });
      turn.tellAccept();
      return;
    case 'ratio':
      turn.set({ ratio: event.ratio });
      turn.tellAccept();
      return;
    case 'knock':
      knock(turn, event.user, event.supersedes);
      return;
    case 'remind':
      turn.tellPlace();
      turn.sayAccept(isAccepting(turn.state));
      return;
    case 'closed':
      gone(turn, event.id, event.why);
      return;
    case 'expel':
      if (holds(turn.state, event.id)) expel(turn, event.id, event.problem, event.why);
      return;
    case 'level':
    case 'root':
    case 'search':
      heard(turn, event);
  }
}

function offers(turn: Turn, parents: readonly PossibleParent[]): void {
  const fresh = usable(turn.state, parents);
  if (turn.state.parent !== undefined) {
    turn.set({ spares: fresh });
    return;
  }
  // Nobody better is known, so those whom we try already stay.
  if (fresh.length === 0) return;
  // Who is on both lists keeps its connection: a server that repeats itself every few seconds must not keep us from
  // ever hearing a first search.
  const same = (a: PossibleParent) => (b: PossibleParent) =>
    a.user === b.user && a.ip === b.ip && a.port === b.port;
  const kept = turn.state.candidates.filter((old) => fresh.some(same(old)));
  for (const old of turn.state.candidates) {
    if (!kept.includes(old)) turn.drop(old.id, 'the server suggests others');
  }
  turn.set({ candidates: kept });
  const added = fresh.filter((offer) => !kept.some(same(offer)));
  turn.dial(added);
  if (added.length > 0)
    turn.note('candidates', `the server suggests ${fresh.map(({ user }) => user).join(', ')}`);
}

function embedded(turn: Turn): void {
  if (turn.state.parent !== undefined) return;
  if (!turn.state.isRoot) {
    // HaveNoParent stays true: the server may still find us a parent.
    turn.set({ isRoot: true });
    turn.note('root', 'the server sends searches');
    turn.tellAccept();
  }
  turn.effects.push({ type: 'relay' });
}

function reset(turn: Turn): void {
  dropAll(turn, 'the server reset the tree');
  turn.tellPlace();
  turn.sayAccept(false);
  turn.note('reset', 'the server reset the tree');
}

function knock(turn: Turn, user: string, supersedes: boolean): void {
  const refusal = refusalOf(turn.state, user, supersedes);
  if (refusal !== undefined) {
    turn.effects.push({ type: 'refuse', reason: refusal });
    return;
  }
  const older = turn.state.children.find((child) => child.user === user);
  if (older !== undefined) turn.drop(older.id, 'a newer connection of the same user took its place');
  const id = turn.state.nextId;
  turn.set({
    nextId: id + 1,
    children: [...turn.state.children.filter((child) => child !== older), { id, user }],
  });
  turn.effects.push({ type: 'admit', id, ...branchOf(turn.state) });
  turn.note('child', user);
  turn.tellAccept();
}
