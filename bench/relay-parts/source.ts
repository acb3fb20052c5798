import { createServer, type Socket } from 'node:net';
import { block, greeting } from './traffic.ts';

/** The parent: greets its child, then sends so many blocks as fast as they are taken. */
export function source(): Record<string, (...args: never[]) => unknown> {
  const { bytes, searches } = block();
  let child: Socket | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    child = socket;
    socket.resume();
    socket.on('error', () => {});
    socket.write(greeting());
  });
  return {
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
      }),
    blockSize: () => ({ bytes: bytes.length, searches }),
    send: async (blocks: number) => {
      for (let i = 0; i < blocks; i++) {
        if (child?.write(bytes) === false) await new Promise((resolve) => child?.once('drain', resolve));
      }
    },
  };
}
