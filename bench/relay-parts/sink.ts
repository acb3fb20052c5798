import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import { encodeInitMessage } from '../../src/protocol/index.ts';

/** How long the slow child rests after each chunk (64 KiB at most), and how often it comes again, milliseconds. */
const REST_MS = 100;
const RENEW_MS = 250;

interface Taker {
  socket: Socket;
  bytes: number;
}

const init = (i: number): Uint8Array =>
  encodeInitMessage({ type: 'PeerInit', username: `child${i}`, connectionType: 'D', token: 0 });

/** The children: they read as fast as they can, except one if asked. */
export function sink(): Record<string, (...args: never[]) => unknown> {
  // All read into one buffer: what they cost must not be measured. A large one would let one child read for long
  // while the others wait, which children on machines of their own do not do to each other.
  const buffer = Buffer.allocUnsafe(32 * 1024);
  let takers: Taker[] = [];
  let slow: { stop(): void; readonly connects: number } | undefined;
  let expected = 0;
  let missing = 0;
  let started = 0;
  let finished: (ms: number) => void = () => {};
  let wait: Promise<number> = Promise.resolve(0);

  const take = (port: number, i: number, hello: boolean): Promise<Taker> =>
    new Promise((resolve) => {
      const taker: Taker = { socket: undefined as never, bytes: 0 };
      taker.socket = connect({
        host: '127.0.0.1',
        port,
        onread: {
          buffer,
          callback: (count) => {
            taker.bytes += count;
            if (taker.bytes === expected && --missing === 0) finished(performance.now() - started);
            return true;
          },
        },
      });
      taker.socket.on('error', () => {});
      // Nobody else ends a connection while we wait.
      taker.socket.on('close', () => finished(Number.NaN));
      taker.socket.once('connect', () => {
        if (hello) taker.socket.write(init(i));
        resolve(taker);
      });
    });

  return {
    /** Connects so many fast children. */
    connect: async (port: number, fast: number, hello: boolean) => {
      takers = await Promise.all(Array.from({ length: fast }, (_, i) => take(port, i, hello)));
    },
    /** Connects a slow one beside them. */
    connectSlow: (port: number) => {
      slow = slowChild(port);
    },
    /** Starts waiting until each fast child has got so many bytes, in all or since it got the last; `wait` says when. */
    expect: (bytes: number) => {
      for (const taker of takers) if (taker.bytes === expected) taker.bytes = 0;
      expected = bytes;
      missing = takers.length;
      started = performance.now();
      wait = new Promise((resolve) => (finished = resolve));
    },
    wait: () => wait,
    /** Disconnects the slow one; how often it had connected. */
    disconnectSlow: () => {
      slow?.stop();
      return slow?.connects ?? 0;
    },
    disconnect: () => {
      finished = () => {};
      for (const { socket } of takers) socket.destroy();
      takers = [];
      expected = 0;
    },
  };
}

/** One connection after the other, each read slowly; what the relay has dropped by then is replaced. */
function slowChild(port: number): { stop(): void; readonly connects: number } {
  let connects = 0;
  let socket: Socket | undefined;
  const open = () => {
    socket?.destroy();
    connects++;
    const own = connect({ host: '127.0.0.1', port });
    socket = own;
    // Always somebody new, so that nothing is held against it.
    own.write(init(1000 + connects));
    own.on('error', () => {});
    own.on('data', () => {
      own.pause();
      setTimeout(() => own.resume(), REST_MS);
    });
  };
  open();
  const timer = setInterval(open, RENEW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      socket?.destroy();
    },
    get connects() {
      return connects;
    },
  };
}
