import type { Child } from './child.ts';
import type { Relay } from './relay.ts';
import type { TreeChange, TreeCount, TreeHistory } from './tree-history.ts';
import type { TreeLink } from './tree-link.ts';
import { branchOf, isAccepting, limitOf, type TreeState } from './tree-state.ts';

/** Our place in the search tree as data, for people and metrics. Times are milliseconds since the epoch. */
export interface TreeSnapshot {
  /** `none`: no searches reach us. `root`: from the server. `child`: from a parent. */
  readonly role: 'offline' | 'none' | 'root' | 'child';
  readonly isRoot: boolean;
  /** 0 for a root, and while we have no parent. */
  readonly level: number;
  /** The root of our branch: ourselves without a parent. */
  readonly root: string;
  readonly parent?: {
    readonly user: string;
    readonly level: number;
    readonly since: number;
  };
  readonly candidates: readonly {
    readonly user: string;
    readonly connected: boolean;
    readonly level?: number;
    readonly root?: string;
  }[];
  readonly children: readonly TreeChildSnapshot[];
  /** The most children that we may have now. */
  readonly maxChildren: number;
  /** Whether the server may send us children. */
  readonly accepting: boolean;
  /** Searches from parent or server, over the last 10 to 20 seconds. */
  readonly requestsPerSecond: number;
  /** Searches since the start. */
  readonly requests: number;
  readonly counts: Readonly<Partial<Record<TreeCount, number>>>;
  /** The last ones, oldest first. */
  readonly changes: readonly TreeChange[];
}

export interface TreeChildSnapshot {
  readonly user: string;
  readonly verified: boolean;
  readonly since: number;
  /** Searches and bytes given to its connection. */
  readonly messages: number;
  readonly bytes: number;
  readonly messagesPerSecond: number;
  /** Bytes that wait for it. */
  readonly queuedBytes: number;
  /** How long bytes have been waiting at least, milliseconds; 0 while it keeps up. */
  readonly behindMs: number;
}

/** Makes the snapshot. */
export function describeTree(from: {
  readonly state: TreeState;
  readonly link: (id: number) => TreeLink | undefined;
  readonly relay: Relay;
  readonly now: number;
  readonly history: TreeHistory;
}): TreeSnapshot {
  const { state, now, history } = from;
  const { level, root } = branchOf(state);
  const { parent, isRoot } = state;
  return {
    role: !state.online ? 'offline' : parent !== undefined ? 'child' : isRoot ? 'root' : 'none',
    isRoot,
    level,
    root: root.username,
    ...(parent && {
      parent: { user: parent.user, level: parent.level, since: from.link(parent.id)?.since ?? 0 },
    }),
    candidates: state.candidates.map((candidate) => ({
      user: candidate.user,
      connected: from.link(candidate.id) !== undefined,
      ...(candidate.level !== undefined && { level: candidate.level }),
      ...(candidate.root !== undefined && { root: candidate.root.username }),
    })),
    children: state.children.flatMap(({ id }) => {
      const child = from.link(id)?.child;
      return child === undefined ? [] : [describeChild(child, now)];
    }),
    maxChildren: state.online ? limitOf(state) : 0,
    accepting: isAccepting(state),
    requestsPerSecond: from.relay.rate.perSecond(now),
    requests: from.relay.requests,
    counts: history.counts,
    changes: history.changes,
  };
}

function describeChild(child: Child, now: number): TreeChildSnapshot {
  const { link, since, messages, bytes, rate } = child;
  return {
    user: link.user,
    verified: link.verified,
    since,
    messages,
    bytes,
    messagesPerSecond: rate.perSecond(now),
    queuedBytes: link.bufferedBytes,
    behindMs: child.waited(now),
  };
}
