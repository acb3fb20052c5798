import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { CLIENT, GATEWAY, house, natPmpGateway, pcpGateway } from './fake-gateway.test-support.ts';
import { NatPmpWay, PcpWay } from './gateway-way.ts';
import { IgdWay } from './igd-way.ts';
import { PortMapper } from './port-mapper.ts';

async function mapping() {
  const at = await house();
  const { clock, own } = at;
  const options = { clock, random: own.random, datagram: own.datagram, gateway: GATEWAY, client: CLIENT };
  const search = { host: GATEWAY, port: 1900 };
  const ways = [
    new PcpWay(options),
    new NatPmpWay(options),
    new IgdWay({ clock, datagram: own.datagram, http: own.http, client: CLIENT, search }),
  ];
  const states: string[] = [];
  const mapper = new PortMapper({
    clock,
    log: memoryLog(),
    ways,
    onChange: ({ state }) => states.push(state),
  });
  return { ...at, mapper, states };
}

describe('a gateway of PCP', () => {
  it('is asked, renewed at half time, and told at the end', async () => {
    const { clock, mapper, asked, answers } = await mapping();
    answers(pcpGateway(0, 3_600));
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({
      state: 'mapped',
      way: 'PCP',
      mapping: { internalPort: 2234, externalPort: 2234, lifetime: 3_600, externalIp: '203.0.113.9' },
    });
    await clock.advance(1_799_000);
    expect(asked).toHaveLength(1);
    await clock.advance(2_000);
    expect(asked).toHaveLength(2);
    // The same nonce: it is the same mapping.
    expect(asked[1]!.slice(48, 72)).toBe(asked[0]!.slice(48, 72));
    await clock.run(mapper.close());
    expect(asked[2]!.slice(8, 16)).toBe('00000000');
    expect([mapper.status, clock.pending]).toEqual([{ state: 'off' }, 0]);
  });

  it('gives the next port when somebody else has this one', async () => {
    const { clock, mapper, answers } = await mapping();
    answers((request) => pcpGateway(request.readUInt16BE(42) === 2235 ? 0 : 11)(request));
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({
      state: 'mapped',
      mapping: { internalPort: 2234, externalPort: 2235 },
    });
    await clock.run(mapper.close());
  });

  it('is not believed when somebody else answers', async () => {
    const { clock, mapper, world, asked, answers } = await mapping();
    const other = world.host('192.168.1.99');
    const socket = await other.datagram.bind({ host: '192.168.1.99', port: 5351 }, () => {});
    let forged = 0;
    answers((request, from) => {
      const reply = pcpGateway()(request) ?? natPmpGateway()(request);
      if (reply !== undefined) socket.send(reply, from);
      forged++;
      return undefined;
    });
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({ state: 'failed' });
    // Five times for each of PCP and NAT-PMP.
    expect([asked.length, forged]).toEqual([10, 10]);
    await clock.run(mapper.close());
  });
});

it('a gateway that knows NAT-PMP alone is asked in it, and its own port taken', async () => {
  const { clock, mapper, answers } = await mapping();
  answers(natPmpGateway(600, 40_000));
  await clock.run(mapper.open(2234));
  expect(mapper.status).toMatchObject({
    state: 'mapped',
    way: 'NAT-PMP',
    mapping: { internalPort: 2234, externalPort: 40_000, lifetime: 600 },
  });
  await clock.run(mapper.close());
});

describe('without a gateway', () => {
  it('says of each way why, and tries again, less and less often', async () => {
    const { clock, mapper, states, asked, answers } = await mapping();
    await clock.run(mapper.open(2234));
    const { status } = mapper;
    expect(status).toMatchObject({
      state: 'failed',
      reasons: [
        `PCP: ${GATEWAY} does not answer`,
        `NAT-PMP: ${GATEWAY} does not answer`,
        'UPnP: no UPnP gateway answers',
      ],
    });
    expect(states).toEqual(['asking', 'failed']);
    const before = asked.length;
    await clock.advance(24 * 3_600_000);
    expect(asked.length - before).toBeLessThan(10 * 60);
    answers(natPmpGateway());
    await clock.advance(40 * 60_000);
    expect(mapper.status.state).toBe('mapped');
    await clock.run(mapper.close());
    expect(clock.pending).toBe(0);
  });

  it('ends while it is asking', async () => {
    const { clock, mapper } = await mapping();
    const opened = mapper.open(2234);
    const closed = mapper.close();
    await clock.run(Promise.all([opened, closed]));
    expect(clock.pending).toBe(0);
  });
});

describe('a gateway of UPnP', () => {
  const DESCRIPTION = `<?xml version="1.0"?><root><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
    <serviceList><service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/l3f</controlURL></service></serviceList>
    <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl/wan</controlURL></service></device></root>`;

  async function upnp(location: string, control: (action: string, body: string) => [number, string]) {
    const at = await mapping();
    const gateway = at.world.host(GATEWAY);
    const socket = await gateway.datagram.bind({ host: GATEWAY, port: 1900 }, (_bytes, from) => {
      socket.send(Buffer.from(`HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: ${location}\r\n\r\n`), from);
    });
    const calls: string[] = [];
    at.world.http.on('http:', (request) => {
      if (request.method === 'GET') return { status: 200, body: DESCRIPTION };
      const action = /#(\w+)"/.exec(request.headers?.['soapaction'] ?? '')?.[1] ?? '';
      calls.push(action);
      const [status, body] = control(action, String(request.body));
      return { status, body };
    });
    return { ...at, calls };
  }

  it('is found, asked and told at the end', async () => {
    const { clock, mapper, calls } = await upnp(`http://${GATEWAY}:5000/desc.xml`, (action) => [
      200,
      action === 'GetExternalIPAddress' ? '<NewExternalIPAddress>203.0.113.9</NewExternalIPAddress>' : '',
    ]);
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({
      state: 'mapped',
      way: 'UPnP',
      mapping: { externalPort: 2234, lifetime: 7_200, externalIp: '203.0.113.9' },
    });
    await clock.run(mapper.close());
    expect(calls).toEqual(['AddPortMapping', 'GetExternalIPAddress', 'DeletePortMapping']);
  });

  it('that knows mappings for good only gets one, which is looked after', async () => {
    const { clock, mapper, calls } = await upnp(`http://${GATEWAY}:5000/desc.xml`, (_action, body) =>
      body.includes('<NewLeaseDuration>7200<') ? [500, '<errorCode>725</errorCode>'] : [200, ''],
    );
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({ state: 'mapped', mapping: { lifetime: 0 } });
    const before = calls.length;
    await clock.advance(31 * 60_000);
    expect(calls.length).toBeGreaterThan(before);
    await clock.run(mapper.close());
  });

  it('that names another machine is not followed there', async () => {
    const { clock, mapper, calls } = await upnp('http://10.9.9.9/steal', () => [200, '']);
    await clock.run(mapper.open(2234));
    expect([mapper.status.state, calls]).toEqual(['failed', []]);
    await clock.run(mapper.close());
  });

  it('says no in its own words', async () => {
    const { clock, mapper } = await upnp(`http://${GATEWAY}/d.xml`, () => [
      500,
      '<errorCode>606</errorCode><errorDescription>Action not authorized</errorDescription>',
    ]);
    await clock.run(mapper.open(2234));
    expect(mapper.status).toMatchObject({
      state: 'failed',
      reasons: [expect.any(String), expect.any(String), 'UPnP: Action not authorized'],
    });
    await clock.run(mapper.close());
  });
});
