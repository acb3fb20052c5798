import { connect, createServer, type Socket } from 'node:net';

/** Bytes waiting for a socket above which it counts as full. */
const FULL_BYTES = 64 * 1024;

/** The rival: copies every chunk of the parent to all children; while any of them is full the parent waits. */
export async function bareRelay(parentPort: number): Promise<{ port: number; children: () => number }> {
  const children = new Set<Socket>();
  const full = new Set<Socket>();
  const parent = connect({ host: '127.0.0.1', port: parentPort, noDelay: true });
  const relieved = (child: Socket) => {
    if (full.delete(child) && full.size === 0) parent.resume();
  };
  parent.on('data', (chunk) => {
    for (const child of children) {
      child.write(chunk);
      if (child.writableLength > FULL_BYTES) full.add(child);
    }
    if (full.size > 0) parent.pause();
  });
  const server = createServer({ noDelay: true }, (child) => {
    children.add(child);
    child.resume();
    child.on('drain', () => relieved(child));
    child.on('error', () => {});
    child.on('close', () => {
      children.delete(child);
      relieved(child);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => parent.once('connect', resolve));
  return { port: (server.address() as { port: number }).port, children: () => children.size };
}
