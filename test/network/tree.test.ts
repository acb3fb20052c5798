import { beforeEach, expect, it } from 'vitest';
import type { SoulseekClient } from '../../src/network/client.ts';
import { makeWorld, type World } from './world.ts';

let world: World;

const account = (username: string, avgSpeed: number) => ({ username, password: 'secret', avgSpeed });

beforeEach(async () => {
  world = await makeWorld({
    server: {
      parentsIntervalMs: 2000,
      accounts: [account('fast', 9_000_000), account('middle', 5_000_000), account('slow', 1_000_000)],
      wishlistInterval: { ordinary: 120, privileged: 120 },
    },
  });
});

/** Queries that reach a client from the tree. */
function heard(client: SoulseekClient): string[] {
  const queries: string[] = [];
  client.searchRequests.subscribe({ sample: 1 }, { batchMs: 10 }, ({ requests }) => {
    queries.push(...requests.map(({ query }) => query));
  });
  return queries;
}

/** Clients become root, its child and that one's child, as they come. */
async function chain() {
  const fast = await world.client('fast', { tree: { maxChildren: 1 } });
  await world.pass(5000);
  const middle = await world.client('middle');
  await search('first');
  await world.pass(10_000);
  for (let i = 0; i < 6; i++) await search(`warm up ${i}`);
  const slow = await world.client('slow');
  for (let i = 0; i < 6; i++) await search(`settle ${i}`);
  return { fast, middle, slow };
}

async function search(query: string) {
  const person = world.sandbox.person('somebody');
  if (!person.connected) await world.sandbox.run(person.login());
  person.send({ type: 'FileSearch', token: 1000 + query.length, query });
  await world.pass(3000);
}

it('a root relays to its child, which relays to its own', async () => {
  const { fast, middle, slow } = await chain();
  expect(fast.tree.snapshot()).toMatchObject({ role: 'root', level: 0, children: [{ user: 'middle' }] });
  expect(middle.tree.snapshot()).toMatchObject({
    role: 'child',
    level: 1,
    root: 'fast',
    parent: { user: 'fast' },
  });
  expect(slow.tree.snapshot()).toMatchObject({
    role: 'child',
    level: 2,
    root: 'fast',
    parent: { user: 'middle' },
  });
  const lists = [fast, middle, slow].map(heard);
  await search('everybody hears this');
  expect(lists).toEqual([['everybody hears this'], ['everybody hears this'], ['everybody hears this']]);
});

it('a search of a member reaches all the others once, and what they have comes back', async () => {
  const { fast, middle, slow } = await chain();
  const lists = [fast, middle].map(heard);
  const own = heard(slow);
  middle.answering.add({
    answer: () => ({
      results: [{ code: 1, filename: 'x\\deep water.ogg', size: 3n, extension: '', attributes: [] }],
    }),
  });
  const found = await world.hits(slow, { query: 'deep water', timeoutMs: 5000 });
  expect(found.map(({ user }) => user)).toEqual(['middle']);
  expect(lists).toEqual([['deep water'], ['deep water']]);
  expect(own).toEqual([]);
});

it('is found again after the server was away', async () => {
  const { fast, middle, slow } = await chain();
  const changes: string[] = [];
  slow.on('tree.changed', ({ change }) => changes.push(change));
  await world.sandbox.run(world.sandbox.server.stop());
  await world.pass(1000);
  expect(slow.tree.snapshot()).toMatchObject({ role: 'offline', children: [] });
  await world.sandbox.server.start();
  await world.pass(120_000);
  for (let i = 0; i < 20; i++) await search(`again ${i}`);
  const lists = [fast, middle, slow].map(heard);
  await search('after the storm');
  expect(lists).toEqual([['after the storm'], ['after the storm'], ['after the storm']]);
  expect(changes.slice(0, 2)).toEqual(['offline', 'online']);
});

it('hangs off an independent parent and carries an independent child', async () => {
  const root = await world.sharer('root', { kind: 'member', uploadSpeed: 9_000_000 });
  await world.pass(5000);
  const bot = await world.client('middle');
  for (let i = 0; i < 6; i++) await search(`warm ${i}`);
  expect(bot.tree.snapshot()).toMatchObject({ role: 'child', parent: { user: 'root' } });
  expect(root.tree.children).toContain('middle');
  const child = await world.sharer('leaf', { kind: 'member', uploadSpeed: 100 });
  for (let i = 0; i < 8; i++) await search(`grow ${i}`);
  expect(child.tree.parent === 'middle' || child.tree.parent === 'root').toBe(true);
});

it('without a port carries no children, and hears all the same', async () => {
  await world.client('fast');
  await world.pass(5000);
  const bot = await world.client('middle', { listen: false });
  for (let i = 0; i < 6; i++) await search(`warm ${i}`);
  expect(bot.tree.snapshot()).toMatchObject({ role: 'child', parent: { user: 'fast' }, children: [] });
});
