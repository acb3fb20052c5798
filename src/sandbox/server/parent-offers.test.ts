import { expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';

/** Fifty peers that take part in the tree, of different speeds. */
async function forest(branchRoots: 'eager' | 'patient') {
  const sandbox = await virtualSandbox({ seed: 3, server: { branchRoots } });
  const peers = Array.from({ length: 50 }, (_, i) =>
    sandbox.peer(`peer${i}`, { uploadSpeed: 1000 + i, behaviour: { tree: { maxChildren: 4 } } }),
  );
  await sandbox.run(Promise.all(peers.map((peer) => peer.login())));
  const [asker] = await sandbox.online('asker');
  const ask = async (count: number) => {
    for (let i = 0; i < count; i++) {
      asker!.send({ type: 'FileSearch', token: i, query: 'anything' });
      await sandbox.world.clock.advance(20_000);
    }
  };
  const roots = () => peers.filter(({ tree }) => tree.isRoot).map(({ name }) => name);
  const depth = () => Math.max(...peers.map(({ tree }) => tree.level));
  return { sandbox, peers, ask, roots, depth };
}

test('eager: everybody begins as a root', async () => {
  const { ask, roots } = await forest('eager');
  await ask(2);
  expect(roots()).toHaveLength(50);
});

test('patient: the fastest is the root, and the tree grows from it, no deeper than it must', async () => {
  const { peers, ask, roots, depth } = await forest('patient');
  await ask(2);
  expect(roots()).toEqual(['peer49']);
  await ask(40);
  expect(roots()).toEqual(['peer49']);
  // At best 1 + 4 + 16 + 29 on four levels.
  expect(depth()).toBeLessThanOrEqual(8);
  expect(peers.filter(({ tree }) => tree.parent === undefined)).toHaveLength(1);
});

test('patient: who is offered parents in vain becomes a root after ten lists', async () => {
  const sandbox = await virtualSandbox({ server: { branchRoots: 'patient' } });
  const fast = sandbox.peer('fast', { uploadSpeed: 2000, behaviour: { tree: { maxChildren: 0 } } });
  const slow = sandbox.peer('slow', { uploadSpeed: 1000, kind: 'member' });
  for (const peer of [fast, slow]) await sandbox.run(peer.login());
  const isRoot = () => sandbox.server.world.session('slow')!.tree.isRoot;
  await sandbox.world.clock.advance(595_000);
  expect(isRoot()).toBe(false);
  await sandbox.world.clock.advance(10_000);
  expect(isRoot()).toBe(true);
});
