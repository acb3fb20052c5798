import { describe, expect, test } from 'vitest';
import { decodeDistributedMessage, encodeServerResponse, unwrapSearch } from '../../protocol/index.ts';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const asked = (person: SandboxPerson) => person.all('FileSearch').map((m) => [m.username, m.token, m.query]);

describe('searches of users and rooms', () => {
  test.each(['official', 'soulfind'] as const)('arrive at the target as FileSearch (%s)', async (dialect) => {
    const sandbox = await virtualSandbox({ server: { dialect } });
    const [a, b, c] = await sandbox.online('a', 'b', 'c');
    a!.send({ type: 'UserSearch', username: 'b', token: 1, query: 'one' });
    a!.send({ type: 'UserSearch', username: 'nobody', token: 2, query: 'two' });
    await sandbox.world.clock.advance(1000);
    expect([asked(a!), asked(b!), asked(c!)]).toEqual([[], [['a', 1, 'one']], []]);
  });

  test('a room is searched from inside, by everybody in it', async () => {
    const sandbox = await virtualSandbox();
    const [a, b, c] = await sandbox.online('a', 'b', 'c');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    a!.send({ type: 'RoomSearch', room: 'r', token: 3, query: 'three' });
    c!.send({ type: 'RoomSearch', room: 'r', token: 4, query: 'four' });
    await sandbox.world.clock.advance(100);
    expect([asked(a!), asked(b!), asked(c!)]).toEqual([[['a', 3, 'three']], [['a', 3, 'three']], []]);
  });

  test.each([
    [256, 1],
    [257, 0],
  ])('queries of %i bytes', async (length, arrivals) => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.send({ type: 'UserSearch', username: 'a', token: 1, query: 'x'.repeat(length) });
    await sandbox.world.clock.advance(100);
    expect(asked(a!)).toHaveLength(arrivals);
  });
});

describe('global searches', () => {
  test('go to branch roots, embedded, the searcher too if it is one; not to others', async () => {
    const sandbox = await virtualSandbox();
    const [root, a, b] = await sandbox.online('root', 'a', 'b');
    sandbox.server.setBranchRoot('root', true);
    a!.send({ type: 'FileSearch', token: 7, query: 'caf\xe9', latin1: ['query'] });
    root!.send({ type: 'WishlistSearch', token: 8, query: 'wish' });
    await sandbox.world.clock.advance(1000);
    const searches = root!.all('EmbeddedMessage').map((message) => {
      const frame = unwrapSearch('server', encodeServerResponse(message))!;
      const decoded = decodeDistributedMessage(frame.subarray(4));
      return decoded.ok && decoded.message;
    });
    expect(searches).toEqual([
      { type: 'DistribSearch', identifier: 49, username: 'a', token: 7, query: 'caf\xe9', latin1: ['query'] },
      { type: 'DistribSearch', identifier: 49, username: 'root', token: 8, query: 'wish' },
    ]);
    for (const person of [root, a, b]) expect(asked(person!)).toEqual([]);
    for (const person of [a, b]) expect(person!.all('EmbeddedMessage')).toEqual([]);
  });

  test('soulfind sends them to everybody, 650 ms later', async () => {
    const sandbox = await virtualSandbox({ server: { dialect: 'soulfind' } });
    const [a, b] = await sandbox.online('a', 'b');
    a!.send(
      { type: 'FileSearch', token: 7, query: 'one' },
      { type: 'WishlistSearch', token: 8, query: 'two' },
    );
    await sandbox.world.clock.advance(640);
    expect(asked(b!)).toEqual([]);
    await sandbox.world.clock.advance(20);
    for (const person of [a, b])
      expect(asked(person!)).toEqual([
        ['a', 7, 'one'],
        ['a', 8, 'two'],
      ]);
  });
});

describe('the tree', () => {
  /** Users with speeds, each of which says that it has no parent. */
  async function forest(speeds: Record<string, number>) {
    const accounts = Object.entries(speeds).map(([username, avgSpeed]) => ({
      username,
      password: 'sandbox',
      avgSpeed,
    }));
    const sandbox = await virtualSandbox({ server: { accounts } });
    for (const name of Object.keys(speeds)) {
      const person = sandbox.person(name, { port: 3000 });
      await sandbox.run(person.login());
      person.send(
        { type: 'HaveNoParent', noParent: true },
        { type: 'BranchRoot', username: name },
        { type: 'BranchLevel', level: 0 },
      );
    }
    await sandbox.world.clock.advance(2000);
    const offers = (name: string) =>
      sandbox
        .person(name)
        .all('PossibleParents')
        .map((m) => m.parents.map((p) => p.username));
    const isRoot = (name: string) => sandbox.server.world.session(name)?.tree.isRoot;
    return { sandbox, offers, isRoot };
  }

  test('with nobody to hang on to, everybody is a root; when the fastest takes children, it is offered', async () => {
    const { sandbox, offers, isRoot } = await forest({ fast: 3000, slow: 1000 });
    expect([isRoot('fast'), isRoot('slow')]).toEqual([true, true]);
    sandbox.person('fast').send({ type: 'AcceptChildren', accept: true });
    await sandbox.world.clock.advance(61_000);
    expect(offers('slow')).toEqual([['fast']]);
    expect(sandbox.person('slow').all('PossibleParents')[0]!.parents[0]).toEqual({
      username: 'fast',
      ip: '10.1.0.1',
      port: 3000,
    });
    expect(offers('fast')).toEqual([]);
    sandbox
      .person('slow')
      .send(
        { type: 'HaveNoParent', noParent: false },
        { type: 'BranchRoot', username: 'fast' },
        { type: 'BranchLevel', level: 1 },
      );
    await sandbox.world.clock.advance(120_000);
    expect(offers('slow')).toHaveLength(1);
    expect([isRoot('fast'), isRoot('slow')]).toEqual([true, false]);
  });

  test('who finds no parent in three lists becomes a root and is still offered some, every minute', async () => {
    const { sandbox, offers, isRoot } = await forest({ fast: 3000, slow: 1000 });
    sandbox.person('fast').send({ type: 'AcceptChildren', accept: true });
    sandbox.person('slow').send({ type: 'HaveNoParent', noParent: false });
    await sandbox.world.clock.advance(10);
    sandbox.person('slow').send({ type: 'HaveNoParent', noParent: true });
    await sandbox.world.clock.advance(2000);
    expect([offers('slow').length, isRoot('slow')]).toEqual([1, false]);
    await sandbox.world.clock.advance(180_000);
    expect([offers('slow').length, isRoot('slow')]).toEqual([4, true]);
  });

  test("no list names the slower, the childless, the portless, the parentless, one's own branch, or more than ten", async () => {
    const speeds: Record<string, number> = { me: 10, slower: 5, same: 10, childless: 99, mine: 99, lost: 99 };
    for (let i = 0; i < 30; i++) speeds[`fit${i}`] = 100 + i;
    const { sandbox, offers } = await forest(speeds);
    for (const name of Object.keys(speeds)) {
      const person = sandbox.person(name);
      person.send({ type: 'AcceptChildren', accept: name !== 'childless' });
      if (name === 'lost') continue;
      if (name !== 'me') person.send({ type: 'HaveNoParent', noParent: false });
      if (name === 'mine') person.send({ type: 'BranchRoot', username: 'me' });
    }
    sandbox.server.setBranchRoot('lost', false);
    const portless = sandbox.person('portless');
    await sandbox.run(portless.login());
    await sandbox.world.clock.advance(40_000);
    sandbox.server.setBranchRoot('lost', false);
    await sandbox.world.clock.advance(21_000);
    const list = offers('me').at(-1)!;
    expect(list).toHaveLength(10);
    expect(list.every((name) => name.startsWith('fit'))).toBe(true);
    expect([...list].sort((x, y) => speeds[y]! - speeds[x]!)).toEqual(list);
  });

  test('without the speed, the children, the place or the port nobody is offered at all', async () => {
    const { sandbox, offers, isRoot } = await forest({
      me: 10,
      mine: 99,
      lost: 99,
      childless: 99,
      portless: 99,
    });
    for (const name of ['mine', 'lost', 'portless']) {
      sandbox.person(name).send({ type: 'AcceptChildren', accept: true });
    }
    for (const name of ['mine', 'childless', 'portless']) {
      sandbox.person(name).send({ type: 'HaveNoParent', noParent: false });
    }
    sandbox.person('mine').send({ type: 'BranchRoot', username: 'me' });
    sandbox.person('portless').send({ type: 'SetWaitPort', port: 0 });
    sandbox.server.setBranchRoot('lost', false);
    await sandbox.world.clock.advance(60_000);
    expect([offers('me'), isRoot('me')]).toEqual([[], true]);
    sandbox.person('mine').send({ type: 'BranchRoot', username: 'mine' });
    await sandbox.world.clock.advance(60_000);
    expect(offers('me')).toEqual([['mine', 'lost']]);
  });

  test('a root that is not online is answered by a reset', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.send({ type: 'BranchRoot', username: 'a' });
    await sandbox.world.clock.advance(10);
    expect(a!.all('ResetDistributed')).toHaveLength(0);
    a!.send({ type: 'BranchRoot', username: 'ghost' });
    await sandbox.world.clock.advance(10);
    expect(a!.all('ResetDistributed')).toHaveLength(1);
    sandbox.server.resetDistributed();
    await sandbox.world.clock.advance(10);
    expect(a!.all('ResetDistributed')).toHaveLength(2);
  });

  test('soulfind has none of this', async () => {
    const sandbox = await virtualSandbox({ server: { dialect: 'soulfind' } });
    const [a] = await sandbox.online('a');
    a!.forget();
    a!.send({ type: 'HaveNoParent', noParent: true }, { type: 'BranchRoot', username: 'ghost' });
    await sandbox.world.clock.advance(600_000);
    expect(a!.heard.map(({ message }) => message.type)).toEqual([]);
  });
});
