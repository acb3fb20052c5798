import type { TreeSnapshot } from '../../src/network/distributed/tree-snapshot.ts';
import type { SandboxServer } from '../../src/sandbox/server/server.ts';
import type { SimulatedNode } from './node.ts';

/** The search tree as it is at a moment. */
export interface Forest {
  readonly online: number;
  /** Branch roots with children, and without. */
  readonly roots: number;
  readonly lonely: number;
  /** Levels of the deepest branch; a root alone is one level. */
  readonly depth: number;
  /** Nodes of the largest branch. */
  readonly largest: number;
  readonly problems: readonly string[];
}

/** Looks whether parents and children, nodes and server agree, and at what the tree is like. */
export function describeForest(nodes: readonly SimulatedNode[], server: SandboxServer): Forest {
  const problems: string[] = [];
  const trees = new Map(
    nodes.flatMap(({ name, client }) => (client ? [[name, client.tree.snapshot()]] : [])),
  );
  for (const node of nodes) {
    const excess = node.connections - connectionsOf(trees.get(node.name));
    if (excess > 0) problems.push(`${node.name} has ${excess} connections of which its tree does not know`);
  }
  const sessions = new Map(server.world.sessions.map((session) => [session.username, session.tree]));
  const sizes = new Map<string, number>();
  let depth = 0;
  let lonely = 0;
  for (const [name, tree] of trees) {
    const told = sessions.get(name);
    if (tree.role === 'offline' || told === undefined) {
      problems.push(`${name} is not online at the end`);
      continue;
    }
    if (tree.role === 'none') problems.push(`${name} is fed by nobody at the end`);
    depth = Math.max(depth, tree.level + 1);
    sizes.set(tree.root, (sizes.get(tree.root) ?? 0) + 1);
    if (tree.role === 'root' && tree.children.length === 0) lonely++;
    if (
      told.level !== tree.level ||
      told.root !== tree.root ||
      told.noParent === (tree.parent !== undefined)
    ) {
      problems.push(`the server thinks ${name} is at level ${told.level} below ${told.root}`);
    }
    if (tree.parent === undefined) continue;
    const parent = trees.get(tree.parent.user);
    if (parent === undefined || !parent.children.some(({ user }) => user === name)) {
      problems.push(`${name} has ${tree.parent.user} as parent, which does not know it`);
    } else if (parent.level + 1 !== tree.level || parent.root !== tree.root) {
      problems.push(
        `${name} is at level ${tree.level} below ${tree.root}, its parent at ${parent.level} below ${parent.root}`,
      );
    }
  }
  return {
    online: sessions.size,
    roots: sizes.size - lonely,
    lonely,
    depth,
    largest: Math.max(0, ...sizes.values()),
    problems: problems.slice(0, 10),
  };
}

/** As many as a node needs: to the server, and those of the tree. Nobody has files that anybody could ask for. */
export function connectionsOf(tree: TreeSnapshot | undefined): number {
  if (tree === undefined) return 0;
  return 1 + (tree.parent ? 1 : 0) + tree.children.length + tree.candidates.length;
}
