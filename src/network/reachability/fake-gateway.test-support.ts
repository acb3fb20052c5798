import type { DatagramSocket } from '../../platform/datagram.ts';
import type { Address } from '../../platform/transport.ts';
import { virtualPlatform } from '../../platform/virtual/virtual-platform.ts';

export const GATEWAY = '192.168.1.1';
export const CLIENT = '192.168.1.50';

/** A house with a gateway in it, which does what a test says. */
export async function house() {
  const world = virtualPlatform({ seed: 7 });
  const gateway = world.host(GATEWAY);
  const own = world.host(CLIENT);
  /** What arrived on the port of NAT-PMP and PCP, as hex. */
  const asked: string[] = [];
  let answer: (request: Buffer, from: Address) => Uint8Array | undefined = () => undefined;
  const socket: DatagramSocket = await gateway.datagram.bind({ host: GATEWAY, port: 5351 }, (bytes, from) => {
    const request = Buffer.from(bytes);
    asked.push(request.toString('hex'));
    const reply = answer(request, from);
    if (reply !== undefined) socket.send(reply, from);
  });
  return {
    world,
    own,
    clock: world.clock,
    asked,
    answers: (how: typeof answer) => {
      answer = how;
    },
  };
}

/** A gateway of NAT-PMP that gives the port that is asked for. */
export function natPmpGateway(lifetime = 3_600, external?: number) {
  return (request: Buffer): Uint8Array | undefined => {
    if (request[0] !== 0 || request[1] !== 2) return Buffer.from([0, 0x82, 0, 1, 0, 0, 0, 0]);
    const reply = Buffer.alloc(16);
    reply.writeUInt8(130, 1);
    reply.writeUInt32BE(99, 4);
    request.copy(reply, 8, 4, 6);
    reply.writeUInt16BE(external ?? request.readUInt16BE(6), 10);
    reply.writeUInt32BE(Math.min(lifetime, request.readUInt32BE(8)), 12);
    return reply;
  };
}

/** A gateway of PCP. @param result its code */
export function pcpGateway(result = 0, lifetime = 3_600) {
  return (request: Buffer): Uint8Array | undefined => {
    if (request[0] !== 2) return undefined;
    const reply = Buffer.from(request);
    reply.writeUInt8(0x81, 1);
    reply.writeUInt8(result, 3);
    reply.writeUInt32BE(Math.min(lifetime, request.readUInt32BE(4)), 4);
    reply.writeUInt32BE(0, 8);
    reply.set([203, 0, 113, 9], 56);
    return reply;
  };
}
