/**
 * The server and all peers, in one process: `crowd.ts PEERS`. At the bot's search every peer connects and brings its
 * result at once; every other one also asks, through the server, to be connected to. No peer ever closes a connection.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  decodeInitMessage,
  decodeServerRequest,
  encodeInitMessage,
  encodePeerMessage,
  encodeServerResponse,
  FrameSplitter,
  type ServerRequest,
  type ServerResponse,
} from '../../src/protocol/index.ts';
import { type CrowdReport, monotonicMs, type Ready } from './messages.ts';

const peers = Number(process.argv[2]);
const host = '127.0.0.1';
/** Tokens of requests to be connected to are peer numbers above this. */
const TOKENS = 1_000_000;

let session: Socket | undefined;
let botPort = 0;
let peersPort = 0;
let started = 0;
let lastByte = 0;
let delivered = 0;
let refused = 0;
let requests = 0;
let pierced = 0;
let declined = 0;

const nameOf = (peer: number): string => `peer${peer}`;

function say(response: ServerResponse): void {
  session?.write(encodeServerResponse(response));
}

function answer(request: ServerRequest): void {
  if (request.type === 'Login')
    say({ type: 'Login', success: true, greeting: '', ip: host, hash: '', isSupporter: false });
  else if (request.type === 'SetWaitPort') botPort = request.port;
  else if (request.type === 'GetPeerAddress')
    say({ type: 'GetPeerAddress', username: request.username, ip: host, port: peersPort });
  else if (request.type === 'CantConnectToPeer') declined++;
  else if (request.type === 'FileSearch') storm(request.token);
}

function storm(token: number): void {
  const loads = Array.from({ length: peers }, (_, peer) => loadOf(nameOf(peer), token));
  started = monotonicMs();
  for (const [peer, load] of loads.entries()) {
    bring(load);
    if (peer % 2 === 1) askFor(peer);
  }
}

function bring(load: Uint8Array): void {
  const socket = connect({ host, port: botPort });
  let connected = false;
  socket.on('connect', () => {
    connected = true;
    socket.write(load, (error) => {
      if (error) return;
      delivered++;
      lastByte = monotonicMs();
    });
  });
  socket.on('error', () => {
    if (!connected) refused++;
  });
  socket.resume();
}

/** All that a peer says: who it is, and its result. */
const loadOf = (username: string, token: number): Uint8Array =>
  Buffer.concat([
    encodeInitMessage({ type: 'PeerInit', username, connectionType: 'P', token: 0 }),
    resultOf(username, token),
  ]);

function resultOf(username: string, token: number): Uint8Array {
  const results = Array.from({ length: 20 }, (_, i) => ({
    code: 1,
    filename: `music\\${username}\\Paper Storm (1987)\\${String(i + 1).padStart(2, '0')} - A Rather Long Title.mp3`,
    size: 8_000_000n + BigInt(i),
    extension: '',
    attributes: [
      { type: 0, value: 320 },
      { type: 1, value: 240 },
      { type: 2, value: 0 },
    ],
  }));
  return encodePeerMessage({
    type: 'FileSearchResponse',
    username,
    token,
    results,
    slotFree: true,
    avgSpeed: 100_000,
    queueLength: 0,
    unknown: 0,
  });
}

function askFor(peer: number): void {
  requests++;
  say({
    type: 'ConnectToPeer',
    username: nameOf(peer),
    connectionType: 'P',
    ip: host,
    port: peersPort,
    token: TOKENS + peer,
    privileged: false,
    obfuscationType: 0,
    obfuscatedPort: 0,
  });
}

const server = createServer((socket) => {
  session = socket;
  const splitter = new FrameSplitter('server');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    splitter.push(chunk);
    for (const frame of splitter) {
      const decoded = frame.ok ? decodeServerRequest(frame.body) : undefined;
      if (decoded?.ok) answer(decoded.message);
    }
  });
});

/** All peers share a port; the token says whose connection it is. */
const door = createServer((socket) => {
  const splitter = new FrameSplitter('init');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    splitter.push(chunk);
    const frame = splitter.next();
    const init = frame?.ok ? decodeInitMessage(frame.body) : undefined;
    if (init?.ok && init.message.type === 'PierceFireWall') pierced++;
  });
});

const listen = (at: Server): Promise<number> =>
  new Promise((resolve) => {
    at.listen({ host, port: 0 }, () => resolve((at.address() as { port: number }).port));
  });

process.on('message', () => {
  const stormMs = lastByte - started;
  const report: CrowdReport = { delivered, refused, requests, pierced, declined, stormMs };
  process.send!(report);
});
process.on('disconnect', () => process.exit());
peersPort = await listen(door);
process.send!({ port: await listen(server) } satisfies Ready);
