import { describe, expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const types = (person: SandboxPerson) => person.heard.map(({ message }) => message.type);
const forget = (...people: readonly (SandboxPerson | undefined)[]) => {
  for (const person of people) person!.forget();
};

describe('the wall', () => {
  const steps = async (dialect: 'official' | 'soulfind') => {
    const sandbox = await virtualSandbox({ server: { dialect } });
    const [a, b, c] = await sandbox.online('a', 'b', 'c');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    const seen: string[][] = [];
    for (const ticker of ['one', 'two', 'two', '', '', 'x'.repeat(1025)]) {
      forget(a, b);
      a!.setTicker('r', ticker);
      await sandbox.world.clock.advance(10);
      expect(types(a!)).toEqual(types(b!));
      seen.push(types(b!).map((type) => type.replace('RoomTicker', '')));
    }
    c!.setTicker('r', 'from outside');
    await sandbox.world.clock.advance(10);
    expect(sandbox.server.world.room('r')?.tickers).toEqual([]);
    return seen;
  };

  test('official: replacing removes and adds', async () => {
    expect(await steps('official')).toEqual([
      ['Added'],
      ['Removed', 'Added'],
      ['Removed', 'Added'],
      ['Removed'],
      [],
      [],
    ]);
  });

  test('soulfind: the first one is removed and added too, an unchanged one ignored', async () => {
    expect(await steps('soulfind')).toEqual([
      ['Removed', 'Added'],
      ['Removed', 'Added'],
      [],
      ['Removed'],
      [],
      [],
    ]);
  });

  test('1024 bytes fit; the wall stays when its writers go, and greets newcomers', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    await sandbox.run(a!.join('r'));
    a!.setTicker('r', 'é'.repeat(512));
    await sandbox.world.clock.advance(10);
    a!.drop();
    await sandbox.world.clock.advance(10);
    await sandbox.run(b!.join('r'));
    expect(b!.all('RoomTickers')[0]?.tickers).toEqual([{ username: 'a', ticker: 'é'.repeat(512) }]);
  });

  test('the newest 200 stay', async () => {
    const sandbox = await virtualSandbox();
    const names = Array.from({ length: 201 }, (_, i) => `user${i}`);
    const people = await sandbox.online(...names);
    for (const person of people) {
      await sandbox.run(person.join('r'));
      person.setTicker('r', `line of ${person.name}`);
      await sandbox.world.clock.advance(5);
    }
    people[1]!.setTicker('r', 'renewed');
    await sandbox.world.clock.advance(5);
    const wall = sandbox.server.world.room('r')!.tickers;
    expect(wall).toHaveLength(200);
    expect(wall[0]).toMatchObject({ user: 'user2' });
    expect(wall.at(-1)).toEqual({ user: 'user1', ticker: 'renewed' });
  });
});
