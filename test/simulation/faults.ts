import type { Random } from '../../src/platform/random.ts';
import type { VirtualNet } from '../../src/platform/virtual/virtual-net.ts';
import type { SandboxServer } from '../../src/sandbox/server/server.ts';
import type { Latencies } from './latencies.ts';
import type { SimulatedNode } from './node.ts';

/** What faults act on. */
export interface Victims {
  readonly nodes: readonly SimulatedNode[];
  readonly server: SandboxServer;
  readonly serverIp: string;
  readonly net: VirtualNet;
  readonly latencies: Latencies;
}

/** Done now; the result undoes it later. */
type Fault = (victims: Victims, node: SimulatedNode) => (() => void) | undefined;

const parentOf = ({ nodes }: Victims, node: SimulatedNode): SimulatedNode | undefined => {
  const parent = node.client?.tree.snapshot().parent?.user;
  return parent === undefined ? undefined : nodes.find(({ name }) => name === parent);
};

/** The ip of the other end of a line of that node: its parent's, or the server's. */
const upstream = (victims: Victims, node: SimulatedNode): string =>
  parentOf(victims, node)?.ip ?? victims.serverIp;

const SLOW = { latencyMs: 2000, jitterMs: 1000 };

/** As it was before. */
const normal = ({ latencies, serverIp }: Victims, other: string) => ({
  latencyMs: other === serverIp ? latencies.serverMs : latencies.usersMs,
  jitterMs: 0,
});

const faults = {
  /** The cable of a node is pulled: nobody is told. */
  'cut node': ({ net }, { ip }) => {
    net.cut(ip);
    return () => net.heal(ip);
  },
  'cut line': (victims, node) => {
    const other = upstream(victims, node);
    victims.net.cut(node.ip, other);
    return () => victims.net.heal(node.ip, other);
  },
  /** For good: whoever hung there has to notice the silence and find another parent. */
  'lose line': (victims, node) => {
    const parent = parentOf(victims, node);
    if (parent !== undefined) victims.net.cut(node.ip, parent.ip);
    return undefined;
  },
  'delay line': (victims, node) => {
    const other = upstream(victims, node);
    victims.net.link(node.ip, other, SLOW);
    return () => victims.net.link(node.ip, other, normal(victims, other));
  },
  'delay server': (victims, { ip }) => {
    const { net, serverIp } = victims;
    net.link(ip, serverIp, SLOW);
    return () => net.link(ip, serverIp, normal(victims, serverIp));
  },
  'break all': ({ net }, { ip }) => {
    net.reset(ip);
    return undefined;
  },
  'break line': (victims, node) => {
    victims.net.reset(node.ip, upstream(victims, node));
    return undefined;
  },
  kill: (_victims, node) => {
    node.kill();
    return () => node.start();
  },
  stop: (_victims, node) => {
    node.stop();
    return () => node.start();
  },
  'drop session': ({ server }, { name }) => {
    server.drop(name);
    return undefined;
  },
  'kick session': ({ server }, { name }) => {
    server.kick(name);
    return undefined;
  },
  'reset node': ({ server }, { name }) => {
    server.resetDistributed(name);
    return undefined;
  },
  /** For good: the server hands it all searches, whether or not it has a parent. */
  'feed node': ({ server }, { name }) => {
    server.setBranchRoot(name, true);
    return undefined;
  },
} satisfies Record<string, Fault>;

const worldwide = {
  'restart server': ({ server }) => {
    void server.stop();
    return () => void server.start();
  },
  'reset all': ({ server }) => {
    server.resetDistributed();
    return undefined;
  },
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults | keyof typeof worldwide;

export const FAULT_KINDS = [...Object.keys(faults), ...Object.keys(worldwide)] as FaultKind[];

/** Whether a fault of this kind concerns everybody. */
export const isWorldwide = (kind: FaultKind): boolean => kind in worldwide;

const all: Readonly<Record<FaultKind, Fault>> = { ...faults, ...worldwide };

/** One fault that is going to happen. */
export interface PlannedFault {
  /** Milliseconds since the start, both. */
  readonly at: number;
  readonly until: number;
  readonly kind: FaultKind;
  /** Index of the node; without meaning for what concerns everybody. */
  readonly node: number;
}

export interface PlanOptions {
  readonly random: Random;
  readonly kinds: readonly FaultKind[];
  readonly nodes: number;
  readonly from: number;
  readonly to: number;
}

const SHORTEST_MS = 2000;
const LONGEST_MS = 5 * 60_000;

/**
 * Faults of one storm in the order of time: one for every second node, and one that concerns everybody. How long they last
 * is spread evenly over the orders of magnitude.
 */
export function planFaults({ random, kinds, nodes, from, to }: PlanOptions): PlannedFault[] {
  const planned: PlannedFault[] = [];
  const addOneOf = (some: readonly FaultKind[]) => {
    const kind = some[random.int(0, some.length - 1)]!;
    const at = from + Math.floor(random.float() * (to - from));
    const lasts = Math.floor(SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** random.float());
    planned.push({ at, until: Math.min(to, at + lasts), kind, node: random.int(0, nodes - 1) });
  };
  const single = kinds.filter((kind) => !isWorldwide(kind));
  if (single.length > 0) {
    const count = Math.max(10, Math.ceil(nodes / 2));
    for (let i = 0; i < count; i++) addOneOf(single);
  }
  const great = kinds.filter(isWorldwide);
  if (great.length > 0) addOneOf(great);
  return planned.sort((a, b) => a.at - b.at);
}

/** Does it; the result undoes it, if there is anything to undo. */
export function inflict({ kind, node }: PlannedFault, victims: Victims): (() => void) | undefined {
  return all[kind](victims, victims.nodes[node]!);
}
