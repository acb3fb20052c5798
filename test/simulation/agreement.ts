import type { SearchTree } from '../../src/network/distributed/search-tree.ts';
import type { SessionView } from '../../src/sandbox/server/world-view.ts';
import { connectionsOf } from './forest.ts';
import type { SimulatedNode } from './node.ts';

/** After a fault is over, so much may pass until all have heard of it, milliseconds. */
const SETTLING_MS = 90_000;
/** What is wrong in so many looks in a row is wrong. */
const LOOKS = 3;
/** Problems described one by one. */
const MOST_PROBLEMS = 10;

/** What is looked at. */
export type Watched = Pick<SimulatedNode, 'index' | 'name' | 'login' | 'connections'> & {
  readonly client: { readonly tree: Pick<SearchTree, 'snapshot'> } | undefined;
};

/** What the server knows. */
export interface Told {
  readonly username: string;
  readonly tree: Pick<SessionView['tree'], 'noParent' | 'level' | 'root'>;
}

interface Suspicion {
  /** Of which session, and what is wrong in it. */
  readonly what: string;
  looks: number;
}

/**
 * Looks once a minute, in storms too, whether the nodes do as they say: whether the server knows their place, whether they
 * have the connections that they speak of and no others, and whether a reset was obeyed. Leaves those alone whom a fault
 * concerns.
 */
export class Agreement {
  readonly problems: string[] = [];
  readonly #disturbedUntil: Float64Array;
  /** When the server reset them last, milliseconds since the epoch; 0: nothing to look at. */
  readonly #resetAt: Float64Array;
  readonly #resetLogin: Uint32Array;
  readonly #suspicions = new Map<number, Suspicion>();

  constructor(nodes: number) {
    this.#disturbedUntil = new Float64Array(nodes);
    this.#resetAt = new Float64Array(nodes);
    this.#resetLogin = new Uint32Array(nodes);
  }

  /** A fault concerns these until a time, monotonic milliseconds. */
  disturbed(nodes: readonly Watched[], until: number): void {
    for (const { index } of nodes) {
      this.#disturbedUntil[index] = Math.max(this.#disturbedUntil[index]!, until + SETTLING_MS);
    }
  }

  /** The server has just reset these. @param now milliseconds since the epoch. */
  reset(nodes: readonly Watched[], now: number): void {
    for (const { index, login } of nodes) {
      this.#resetAt[index] = now;
      this.#resetLogin[index] = login;
    }
  }

  /** @param now monotonic milliseconds. */
  look(nodes: readonly Watched[], sessions: readonly Told[], now: number): void {
    const told = new Map(sessions.map((session) => [session.username, session.tree]));
    for (const node of nodes) {
      const wrong =
        now < this.#disturbedUntil[node.index]! ? undefined : this.#wrongWith(node, told.get(node.name));
      this.#suspect(node, wrong);
    }
  }

  #wrongWith(node: Watched, told: Told['tree'] | undefined): string | undefined {
    const { client, index, login } = node;
    if (client === undefined || login === 0) return undefined;
    const tree = client.tree.snapshot();
    const { parent, children, level, root } = tree;
    if (told === undefined) return 'the server does not know it';
    if (told.noParent !== (parent === undefined) || told.level !== level || told.root !== root) {
      return `it is at level ${level} below ${root}, the server thinks at ${told.level} below ${told.root}`;
    }
    const since = this.#resetLogin[index] === login ? this.#resetAt[index]! : 0;
    if ([...children, ...(parent ? [parent] : [])].some((link) => link.since < since)) {
      return 'it was reset and kept its connections';
    }
    if (node.connections > connectionsOf(tree)) return 'it has connections of which it does not know';
    return undefined;
  }

  #suspect(node: Watched, wrong: string | undefined): void {
    const { index, login, name } = node;
    if (wrong === undefined) {
      this.#suspicions.delete(index);
      return;
    }
    const what = `${login} ${wrong}`;
    const known = this.#suspicions.get(index);
    const looks = known?.what === what ? known.looks + 1 : 1;
    this.#suspicions.set(index, { what, looks });
    if (looks === LOOKS && this.problems.length < MOST_PROBLEMS) this.problems.push(`${name}: ${wrong}`);
  }
}
