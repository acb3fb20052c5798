import { expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';

const USERS = 1000;

/** A thousand users in virtual time: nothing here may cost so much that a simulation of that size is out of reach. */
test('a thousand users log in, look for parents and search, and share their timers', async () => {
  const sandbox = await virtualSandbox({ server: { receivedLimit: 0 } });
  const { clock } = sandbox.world;
  const people = Array.from({ length: USERS }, (_, i) =>
    sandbox.person(`user${i}`, { port: 3000, remembers: 20 }),
  );
  await sandbox.run(Promise.all(people.map((person) => person.login())), 60_000);
  await clock.advance(100);
  expect(sandbox.server.world.sessions).toHaveLength(USERS);
  expect(clock.pending).toBe(0);

  for (const [i, person] of people.entries()) {
    person.send(
      { type: 'SendUploadSpeed', speed: 1000 + i },
      { type: 'HaveNoParent', noParent: true },
      { type: 'BranchRoot', username: person.name },
      { type: 'AcceptChildren', accept: true },
    );
  }
  await clock.advance(100);
  expect(clock.pending).toBe(1);
  // First nobody is in the tree; then everybody has become a root, and all but the fastest are offered some.
  await clock.advance(63_000);
  expect(people.filter((person) => person.all('PossibleParents').length === 0)).toEqual([people.at(-1)]);
  expect(clock.pending).toBe(1);

  for (let i = 0; i < 20; i++) {
    people[i]!.send({ type: 'FileSearch', token: i, query: 'a thing' });
    await clock.advance(20_000);
  }
  expect(sandbox.server.received('user0')).toEqual([]);
  for (const person of people) expect(person.all('EmbeddedMessage').length).toBeGreaterThanOrEqual(13);

  await sandbox.stop();
  await clock.advance(100);
  expect([clock.pending, sandbox.world.net.stats().connections]).toEqual([0, 0]);
});
