import { describe, expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const pms = (person: SandboxPerson) => person.all('MessageUser').map((m) => [m.username, m.message, m.isNew]);

test("a message reaches an online user at once, as new, with an id and the server's time", async () => {
  const sandbox = await virtualSandbox({ startAt: Date.UTC(2026, 5, 1) });
  const [a, b] = await sandbox.online('a', 'b');
  a!.pm('b', 'hi');
  const message = await sandbox.run(b!.untilPm('a', 'hi'));
  expect(message).toMatchObject({ isNew: true, timestamp: Date.UTC(2026, 5, 1) / 1000 });
  expect(sandbox.server.world.messages).toMatchObject([{ from: 'a', to: 'b', text: 'hi', id: message.id }]);
});

test('ids are neither small nor in order', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (let i = 0; i < 15; i++) a!.pm('b', `message ${i}`);
  await sandbox.world.clock.advance(10);
  const ids = b!.all('MessageUser').map((m) => m.id);
  expect(new Set(ids).size).toBe(15);
  expect([...ids].sort((x, y) => x - y)).not.toEqual(ids);
  expect(Math.max(...ids)).toBeGreaterThan(2 ** 31);
});

test('what is not acknowledged comes again at every login, not new, with its time; never within a session', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  const b = sandbox.person('b', { acknowledges: false });
  await sandbox.run(b.login());
  a!.pm('b', 'one');
  a!.pm('b', 'two');
  await sandbox.world.clock.advance(3_600_000);
  const [one, two] = b.all('MessageUser');
  expect(pms(b)).toEqual([
    ['a', 'one', true],
    ['a', 'two', true],
  ]);
  for (let round = 0; round < 2; round++) {
    b.drop();
    b.forget();
    await sandbox.world.clock.advance(60_000);
    await sandbox.run(b.login());
    await sandbox.world.clock.advance(60_000);
    expect(b.all('MessageUser')).toEqual([
      { ...one, isNew: false },
      { ...two, isNew: false },
    ]);
  }
  b.acknowledge(two!.id);
  b.acknowledge(two!.id);
  b.acknowledge(12345);
  await sandbox.world.clock.advance(10);
  b.drop();
  b.forget();
  await sandbox.world.clock.advance(10);
  await sandbox.run(b.login());
  await sandbox.world.clock.advance(10);
  expect(pms(b)).toEqual([['a', 'one', false]]);
  expect(sandbox.server.world.unacknowledged('b').map((m) => m.text)).toEqual(['one']);
  const [first, second] = sandbox.server.world.messages;
  expect(first).toMatchObject({ text: 'one', deliveredAt: { length: 4 } });
  expect(first).not.toHaveProperty('ackedAt');
  expect(second!.ackedAt).toBeGreaterThan(second!.deliveredAt.at(-1)!);
});

test('nobody can acknowledge for another', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  const b = sandbox.person('b', { acknowledges: false });
  await sandbox.run(b.login());
  a!.pm('b', 'one');
  const { id } = await sandbox.run(b.untilPm('a', 'one'));
  a!.acknowledge(id);
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.unacknowledged('b')).toHaveLength(1);
});

test('offline users get it at their login, unknown ones never, oneself at once', async () => {
  const sandbox = await virtualSandbox({ server: { accounts: [{ username: 'off', password: 'sandbox' }] } });
  const [a] = await sandbox.online('a');
  a!.pm('off', 'later');
  a!.pm('nobody', 'lost');
  a!.pm('a', 'note to self');
  a!.pm('server', 'help');
  await sandbox.world.clock.advance(10);
  expect(pms(a!)).toEqual([['a', 'note to self', true]]);
  await sandbox.online('nobody', 'off');
  expect(pms(sandbox.person('nobody'))).toEqual([]);
  expect(pms(sandbox.person('off'))).toEqual([['a', 'later', false]]);
});

test('line breaks and more than 2048 bytes are dropped without a word', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (const text of ['a\nb', 'a\rb', 'x'.repeat(2049), 'x'.repeat(2048)]) a!.pm('b', text);
  await sandbox.world.clock.advance(10);
  expect(pms(b!)).toEqual([['a', 'x'.repeat(2048), true]]);
  expect(pms(a!)).toEqual([]);
});

describe('one message to many', () => {
  test('reaches those who watch the sender; on soulfind everybody online', async () => {
    for (const dialect of ['official', 'soulfind'] as const) {
      const sandbox = await virtualSandbox({
        server: { dialect, accounts: [{ username: 'off', password: 'sandbox' }] },
      });
      const [a, fan, other] = await sandbox.online('a', 'fan', 'other');
      fan!.watch('a');
      await sandbox.world.clock.advance(10);
      a!.send({ type: 'MessageUsers', usernames: ['fan', 'other', 'off', 'nobody', 'fan'], message: 'news' });
      await sandbox.world.clock.advance(10);
      expect(pms(fan!)).toEqual([['a', 'news', true]]);
      expect(pms(other!)).toEqual(dialect === 'official' ? [] : [['a', 'news', true]]);
      await sandbox.online('off');
      expect(pms(sandbox.person('off'))).toEqual([]);
    }
  });
});

test('notices from the server are not stored', async () => {
  const sandbox = await virtualSandbox();
  const a = sandbox.person('a', { acknowledges: false });
  await sandbox.run(a.login());
  sandbox.server.notify('a', 'careful');
  await sandbox.run(a.untilPm('server', 'careful'));
  a.drop();
  a.forget();
  await sandbox.run(a.login());
  await sandbox.world.clock.advance(10);
  expect(pms(a)).toEqual([]);
});

test('stored messages outlive a restart of the server', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  b!.drop();
  await sandbox.world.clock.advance(10);
  a!.pm('b', 'kept');
  await sandbox.world.clock.advance(10);
  await sandbox.server.restart();
  await sandbox.world.clock.advance(10);
  expect(a!.connected).toBe(false);
  await sandbox.run(b!.login());
  await sandbox.run(b!.untilPm('a', 'kept'));
});
