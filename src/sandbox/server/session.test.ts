import { describe, expect, test } from 'vitest';
import { encodeServerRequest } from '../../protocol/index.ts';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const types = (person: SandboxPerson) => person.heard.map(({ message }) => message.type);

describe('frames', () => {
  const header = (length: number, code: number, payload = 0) => {
    const frame = Buffer.alloc(8 + payload);
    frame.writeUInt32LE(length, 0);
    frame.writeUInt32LE(code, 4);
    return frame;
  };

  test('unknown, empty, short and garbled ones are ignored', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.sendRaw(header(4, 9999));
    a!.sendRaw(header(4, 13));
    a!.sendRaw(Buffer.from([0, 0, 0, 0, 2, 0, 0, 0, 1, 1]));
    const garbled = Buffer.from(encodeServerRequest({ type: 'SayChatroom', room: 'lobby', message: 'x' }));
    garbled.writeUInt32LE(0xfffffff0, 8);
    a!.sendRaw(garbled);
    await sandbox.run(a!.join('lobby'));
  });

  test.each([
    [8192, true],
    [8193, false],
  ])('a length of %i leaves the connection open: %s', async (length, open) => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.sendRaw(header(length, 9999, length - 4));
    await sandbox.world.clock.advance(100);
    expect(a!.connected).toBe(open);
  });

  test('a length of four gigabytes is not waited for', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.sendRaw(header(0xffffffff, 13));
    await sandbox.world.clock.advance(100);
    expect(a!.connected).toBe(false);
  });

  test('arriving byte by byte they are the same', async () => {
    const sandbox = await virtualSandbox({ maxSegment: 1 });
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('lobby'));
    a!.say('lobby', 'in pieces');
    await sandbox.run(a!.untilLine('lobby', 'in pieces'));
  });
});

test('pings get no reply, and asking for everybody ends the connection', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  a!.forget();
  a!.send({ type: 'ServerPing' });
  b!.send({ type: 'GlobalUserList' });
  await sandbox.world.clock.advance(1000);
  expect(types(a!)).toEqual([]);
  expect([a!.connected, b!.connected]).toEqual([true, false]);
});
