import { describe, expect, test } from 'vitest';
import type { Datagram } from './datagram.ts';
import { deferred } from './deferred.ts';
import { UdpDatagram } from './real/udp-datagram.ts';
import { VirtualClock } from './virtual/virtual-clock.ts';
import { VirtualNet } from './virtual/virtual-net.ts';

interface World {
  readonly datagram: Datagram;
  readonly host: string;
  readonly run: <T>(body: () => Promise<T>) => Promise<T>;
}

const worlds: [name: string, make: () => World][] = [
  ['UDP', () => ({ datagram: new UdpDatagram(), host: '127.0.0.1', run: (body) => body() })],
  [
    'a virtual net',
    () => {
      const clock = new VirtualClock();
      const net = new VirtualNet({ clock });
      return { datagram: net.host('10.0.0.1'), host: '10.0.0.1', run: (body) => clock.run(body) };
    },
  ],
];

describe.each(worlds)('datagrams over %s', (_name, make) => {
  test('arrive with their sender, and can be answered', () => {
    const { datagram, host, run } = make();
    return run(async () => {
      const answer = deferred<string>();
      const server = await datagram.bind({ host, port: 0 }, (bytes, from) =>
        server.send(bytes.reverse(), from),
      );
      const client = await datagram.bind({ host, port: 0 }, (bytes, from) => {
        expect(from).toEqual(server.address);
        answer.resolve(new TextDecoder().decode(bytes));
      });
      const bytes = new TextEncoder().encode('abc');
      client.send(bytes, server.address);
      expect(await answer.promise).toBe('cba');
      expect(new TextDecoder().decode(bytes)).toBe('abc');
      await Promise.all([server.close(), client.close()]);
    });
  });

  test('a port in use is refused; a closed socket is free again and sends nothing', () => {
    const { datagram, host, run } = make();
    return run(async () => {
      const socket = await datagram.bind({ host, port: 0 }, () => {});
      await expect(datagram.bind(socket.address, () => {})).rejects.toMatchObject({
        name: 'TransportError',
        code: 'EADDRINUSE',
      });
      socket.send(new Uint8Array(1), { host, port: 70_000 });
      await socket.close();
      await socket.close();
      socket.send(new Uint8Array(1), { host, port: 9 });
      const again = await datagram.bind(socket.address, () => {});
      await again.close();
    });
  });
});

test('virtual datagrams: loss, cuts, nobody there, multicast', async () => {
  const clock = new VirtualClock();
  const net = new VirtualNet({ clock, datagramLoss: 0.5 });
  const got: string[] = [];
  const ips = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  for (const ip of ips.slice(1)) await net.host(ip).bind({ host: '0.0.0.0', port: 1900 }, () => got.push(ip));
  const sender = await net.host('10.0.0.1').bind({ host: '0.0.0.0', port: 0 }, () => expect.unreachable());
  for (let i = 0; i < 200; i++) sender.send(Uint8Array.of(1), { host: '10.0.0.2', port: 1900 });
  await clock.advance(10);
  expect(got.length).toBeGreaterThan(60);
  expect(got.length).toBeLessThan(140);
  expect(net.stats().datagrams).toBe(got.length);
  got.length = 0;
  for (let i = 0; i < 50; i++) sender.send(Uint8Array.of(1), { host: '239.255.255.250', port: 1900 });
  await clock.advance(10);
  expect(new Set(got)).toEqual(new Set(ips.slice(1)));
  got.length = 0;
  net.cut('10.0.0.1');
  for (let i = 0; i < 50; i++) sender.send(Uint8Array.of(1), { host: '10.0.0.2', port: 1900 });
  sender.send(Uint8Array.of(1), { host: '10.7.7.7', port: 1900 });
  sender.send(Uint8Array.of(1), { host: 'nobody.test', port: 1900 });
  net.host('10.0.0.2').crash();
  await clock.advance(10);
  expect(got).toEqual([]);
});
