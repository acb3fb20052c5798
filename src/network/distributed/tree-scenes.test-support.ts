import type { TreeEffect, TreeEvent } from './tree-events.ts';
import { step } from './tree-machine.ts';
import { initialState, type TreeState } from './tree-state.ts';

/** The state after these events. For tests only. */
export function after(state: TreeState, ...events: readonly TreeEvent[]): TreeState {
  return events.reduce((before, event) => step(before, event).state, state);
}

const at = (user: string) => ({ user, ip: '10.0.0.1', port: 2234 });

/** Possible parents of those names. */
export const offered = (...users: readonly string[]): TreeEvent => ({
  type: 'offers',
  parents: users.map(at),
});

/** Speed, minimum and ratio that allow so many children. */
export const roomFor = (children: number): readonly TreeEvent[] => [
  { type: 'speed', avgSpeed: children * 5120 },
  { type: 'min-speed', minSpeed: 0 },
  { type: 'ratio', ratio: 50 },
];

export const knock = (user: string, supersedes = true): TreeEvent => ({ type: 'knock', user, supersedes });

/** The id by which somebody is known in that state; one that nobody has otherwise. */
export function idOf({ parent, candidates, children }: TreeState, user: string): number {
  const all = [...(parent ? [parent] : []), ...candidates, ...children];
  return all.find((other) => other.user === user)?.id ?? 999;
}

/** What ann says first in `ready`: level 1, below rex. */
const placed = (state: TreeState): TreeState =>
  after(
    state,
    { type: 'level', id: idOf(state, 'ann'), level: 1 },
    { type: 'root', id: idOf(state, 'ann'), root: { username: 'rex' } },
  );

const searches = (state: TreeState, user: string): TreeState =>
  after(state, { type: 'search', id: idOf(state, user) });

const offline = initialState(10);
const alone = after(offline, { type: 'login', self: 'me' }, ...roomFor(2));
const trying = after(alone, offered('ann', 'bob'));
const ready = placed(trying);
const root = after(alone, { type: 'embedded' });
const rootFull = after(root, knock('kim'), knock('lee'));
const rootReady = placed(after(root, knock('kim'), offered('ann', 'bob')));
const child = searches(ready, 'ann');
const childFull = after(child, knock('kim'), knock('lee'));
const orphan = after(childFull, { type: 'closed', id: idOf(childFull, 'ann'), why: 'cut' });

/** Every kind of place that a node may be in. We are `me`, with room for two children. */
export const scenes = {
  /** Not logged in. */
  offline,
  /** Logged in, nothing else. */
  alone,
  /** ann and bob were suggested and are being dialled. */
  trying,
  /** ann has told its level, 1, and its root, rex; bob nothing. */
  ready,
  /** The server feeds us. */
  root,
  /** And kim and lee are our children. */
  rootFull,
  /** The server feeds us, kim is our child, and ann is as in `ready`. */
  rootReady,
  /** ann is our parent; bob was not needed. */
  child,
  /** And kim and lee are our children. */
  childFull,
  /** As before, but ann was lost: bob is being dialled. */
  orphan,
};
export type Scene = keyof typeof scenes;

/** Effects as one line; what is only noted is left out. */
export function told(effects: readonly TreeEffect[]): string {
  const parts: string[] = [];
  const requests: string[] = [];
  const close = () => {
    if (requests.length > 0) parts.push(`server(${requests.splice(0).join(' ')})`);
  };
  for (const effect of effects) {
    if (effect.type === 'tell') {
      requests.push(requestText(effect.request));
      continue;
    }
    close();
    const text = effectText(effect);
    if (text !== undefined) parts.push(text);
  }
  close();
  return parts.join(' ') || '-';
}

function requestText(request: Readonly<Record<string, unknown>>): string {
  const { type, ...fields } = request;
  const value = Object.values(fields)[0];
  return `${String(type)}=${String(typeof value === 'boolean' ? Number(value) : value)}`;
}

function effectText(effect: TreeEffect): string | undefined {
  switch (effect.type) {
    case 'inform':
      return `children(${[effect.level, effect.root?.username].filter((part) => part !== undefined).join(' ')})`;
    case 'dial':
      return `dial(${effect.user}=${effect.id})`;
    case 'drop':
      return `drop(${effect.id})`;
    case 'adopt':
      return `adopt(${effect.id})`;
    case 'admit':
      return `admit(${effect.id}: ${effect.level} ${effect.root.username})`;
    case 'refuse':
      return `refuse(${effect.reason})`;
    case 'relay':
      return 'relay';
    case 'problem':
      return `count(${effect.problem})`;
    default:
      return undefined;
  }
}
