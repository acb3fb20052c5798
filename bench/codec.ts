import { isUtf8 } from 'node:buffer';
import {
  type DistributedMessageOf,
  decodeDistributedMessage,
  decodeServerResponse,
  encodeDistributedMessage,
  encodeServerResponse,
  type FileEntry,
  type PeerMessageOf,
  type ServerResponseOf,
} from '../src/protocol/index.ts';
import { channels } from '../src/protocol/layouts.ts';
import { peerChannel } from '../src/protocol/messages/peer.ts';
import type { Benchmark, BenchmarkResult } from './benchmark.ts';

const MEAN_BUDGET = 0.8;
const EACH_BUDGET = 0.6;
const ROUNDS = 21;
const SLICE_MS = 25;

type Search = DistributedMessageOf<'DistribSearch'>;
type Say = ServerResponseOf<'SayChatroom'>;
type Results = PeerMessageOf<'FileSearchResponse'>;
type Rooms = ServerResponseOf<'RoomList'>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

// --- The reference: cursors over a DataView and a pair of functions for each message, written by hand with the same guarantees:
// every read checked, u64 as bigint, strict UTF-8 or else ISO-8859-1 with a mark, counts checked before they are believed.

/** What @types/node leaves out: text methods without the look-up of an encoding's name. */
interface FastBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  utf8Write(text: string, at: number, length: number): number;
}

class HandReader {
  bytes = Buffer.alloc(0) as unknown as FastBuffer;
  view: DataView = new DataView(new ArrayBuffer(0));
  offset = 0;
  at = 0;
  end = 0;
  fell = false;

  reset(bytes: Uint8Array): void {
    this.bytes = bytes as FastBuffer;
    if (this.view.buffer !== bytes.buffer) this.view = new DataView(bytes.buffer);
    this.offset = bytes.byteOffset;
    this.at = 0;
    this.end = bytes.length;
  }

  take(count: number): number {
    const at = this.at;
    if (at + count > this.end) throw new RangeError('truncated');
    this.at = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u32(): number {
    return this.view.getUint32(this.offset + this.take(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.offset + this.take(8), true);
  }

  size(): bigint {
    const at = this.offset + this.take(8);
    return this.view.getUint32(at + 4, true) === 0xffff_ffff
      ? BigInt(this.view.getUint32(at, true))
      : this.view.getBigUint64(at, true);
  }

  count(min: number): number {
    const count = this.u32();
    if (count * min > this.end - this.at) throw new RangeError('count');
    return count;
  }

  str(): string {
    const length = this.u32();
    const at = this.take(length);
    if (length <= 6) {
      let text = '';
      let i = at;
      for (; i < this.at; i++) {
        const byte = this.bytes[i]!;
        if (byte > 0x7f) break;
        text += String.fromCharCode(byte);
      }
      if (i === this.at) return text;
    }
    const text = this.bytes.utf8Slice(at, at + length);
    if (!text.includes('\uFFFD') || isUtf8(this.bytes.subarray(at, at + length))) return text;
    this.fell = true;
    return this.bytes.latin1Slice(at, at + length);
  }

  /** Reads text and notes it if it was ISO-8859-1. */
  marked(name: string, marks: string[] | undefined): string[] | undefined {
    if (!this.fell) return marks;
    this.fell = false;
    if (marks === undefined) return [name];
    marks.push(name);
    return marks;
  }
}

const SLAB = 64 * 1024;

class HandWriter {
  bytes = Buffer.allocUnsafeSlow(SLAB) as unknown as FastBuffer;
  view = new DataView(this.bytes.buffer);
  start = 0;
  at = 0;

  room(count: number): number {
    const at = this.at;
    if (at + count > this.bytes.length) return this.grow(count);
    this.at = at + count;
    return at;
  }

  grow(count: number): number {
    const used = this.at - this.start;
    const grown = Buffer.allocUnsafeSlow(Math.max(SLAB, (used + count) * 2)) as unknown as FastBuffer;
    this.bytes.copy(grown, 0, this.start, this.at);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.start = 0;
    this.at = used;
    return this.room(count);
  }

  u8(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.room(8);
    this.view.setBigUint64(at, value, true);
  }

  str(text: string): void {
    const length = text.length;
    const at = this.room(4 + length * 3);
    const start = at + 4;
    let size = length;
    let i = 0;
    if (length <= 20) {
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        this.bytes[start + i] = unit;
      }
    }
    if (i < length) size = this.bytes.utf8Write(text, start, length * 3);
    this.view.setUint32(at, size, true);
    this.at = start + size;
  }

  text(text: string, name: string, marks: readonly string[] | undefined): void {
    if (marks?.includes(name) !== true) {
      this.str(text);
      return;
    }
    this.u32(text.length);
    const at = this.room(text.length);
    this.bytes.write(text, at, 'latin1');
  }

  frame(wide: boolean, code: number): void {
    this.at = this.start;
    this.u32(0);
    if (wide) this.u32(code);
    else this.u8(code);
  }

  finish(patch: boolean): Buffer {
    if (patch) this.view.setUint32(this.start, this.at - this.start - 4, true);
    const done = this.bytes.subarray(this.start, this.at);
    this.start = this.at;
    return done;
  }
}

const r = new HandReader();
const w = new HandWriter();

function handEncodeSearch(m: Search): Buffer {
  w.frame(false, 3);
  w.u32(m.identifier);
  w.text(m.username, 'username', m.latin1);
  w.u32(m.token);
  w.text(m.query, 'query', m.latin1);
  return w.finish(true);
}

function handDecodeSearch(body: Uint8Array): Search {
  r.reset(body);
  if (r.u8() !== 3) throw new RangeError('code');
  const identifier = r.u32();
  const username = r.str();
  let marks = r.marked('username', undefined);
  const token = r.u32();
  const query = r.str();
  marks = r.marked('query', marks);
  const m: Writable<Search> = { type: 'DistribSearch', identifier, username, token, query };
  if (marks !== undefined) m.latin1 = marks;
  return m;
}

function handEncodeSay(m: Say): Buffer {
  w.frame(true, 13);
  w.text(m.room, 'room', m.latin1);
  w.text(m.username, 'username', m.latin1);
  w.text(m.message, 'message', m.latin1);
  return w.finish(true);
}

function handDecodeSay(body: Uint8Array): Say {
  r.reset(body);
  if (r.u32() !== 13) throw new RangeError('code');
  const room = r.str();
  let marks = r.marked('room', undefined);
  const username = r.str();
  marks = r.marked('username', marks);
  const message = r.str();
  marks = r.marked('message', marks);
  const m: Writable<Say> = { type: 'SayChatroom', room, username, message };
  if (marks !== undefined) m.latin1 = marks;
  return m;
}

function handWriteFiles(files: readonly FileEntry[]): void {
  w.u32(files.length);
  for (const file of files) {
    w.u8(file.code);
    w.text(file.filename, 'filename', file.latin1);
    w.u64(file.size);
    w.text(file.extension, 'extension', file.latin1);
    w.u32(file.attributes.length);
    for (const attribute of file.attributes) {
      w.u32(attribute.type);
      w.u32(attribute.value);
    }
  }
}

function handReadFiles(): FileEntry[] {
  const count = r.count(21);
  const files: FileEntry[] = [];
  for (let i = 0; i < count; i++) {
    const code = r.u8();
    const filename = r.str();
    let marks = r.marked('filename', undefined);
    const size = r.size();
    const extension = r.str();
    marks = r.marked('extension', marks);
    const attributeCount = r.count(8);
    const attributes: { type: number; value: number }[] = [];
    for (let j = 0; j < attributeCount; j++) attributes.push({ type: r.u32(), value: r.u32() });
    const file: Writable<FileEntry> = { code, filename, size, extension, attributes };
    if (marks !== undefined) file.latin1 = marks;
    files.push(file);
  }
  return files;
}

function handEncodeResults(m: Results): Buffer {
  w.at = w.start;
  w.text(m.username, 'username', m.latin1);
  w.u32(m.token);
  handWriteFiles(m.results);
  w.u8(m.slotFree ? 1 : 0);
  w.u32(m.avgSpeed);
  w.u32(m.queueLength);
  if (m.unknown !== undefined) w.u32(m.unknown);
  if (m.privateResults !== undefined) handWriteFiles(m.privateResults);
  return w.finish(false);
}

function handDecodeResults(payload: Uint8Array): Results {
  r.reset(payload);
  const username = r.str();
  const marks = r.marked('username', undefined);
  const m: Writable<Results> = {
    type: 'FileSearchResponse',
    username,
    token: r.u32(),
    results: handReadFiles(),
    slotFree: r.u8() !== 0,
    avgSpeed: r.u32(),
    queueLength: r.u32(),
  };
  if (r.end - r.at >= 4) m.unknown = r.u32();
  if (r.end - r.at >= 4) m.privateResults = handReadFiles();
  if (marks !== undefined) m.latin1 = marks;
  return m;
}

function handWriteTexts(texts: readonly string[], name: string, marks: readonly string[] | undefined): void {
  w.u32(texts.length);
  if (marks === undefined) for (const text of texts) w.str(text);
  else for (const [i, text] of texts.entries()) w.text(text, `${name}.${i}`, marks);
}

function handReadTexts(name: string, marks: string[]): string[] {
  const count = r.count(4);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    texts.push(r.str());
    if (r.fell) r.marked(`${name}.${i}`, marks);
  }
  return texts;
}

function handWriteCounts(counts: readonly number[]): void {
  w.u32(counts.length);
  for (const count of counts) w.u32(count);
}

function handReadCounts(): number[] {
  const count = r.count(4);
  const counts: number[] = [];
  for (let i = 0; i < count; i++) counts.push(r.u32());
  return counts;
}

function handEncodeRooms(m: Rooms): Buffer {
  w.frame(true, 64);
  handWriteTexts(m.rooms, 'rooms', m.latin1);
  handWriteCounts(m.roomUserCounts);
  handWriteTexts(m.ownedRooms, 'ownedRooms', m.latin1);
  handWriteCounts(m.ownedRoomUserCounts);
  handWriteTexts(m.memberRooms, 'memberRooms', m.latin1);
  handWriteCounts(m.memberRoomUserCounts);
  handWriteTexts(m.operatedRooms, 'operatedRooms', m.latin1);
  return w.finish(true);
}

function handDecodeRooms(body: Uint8Array): Rooms {
  r.reset(body);
  if (r.u32() !== 64) throw new RangeError('code');
  const marks: string[] = [];
  const m: Writable<Rooms> = {
    type: 'RoomList',
    rooms: handReadTexts('rooms', marks),
    roomUserCounts: handReadCounts(),
    ownedRooms: handReadTexts('ownedRooms', marks),
    ownedRoomUserCounts: handReadCounts(),
    memberRooms: handReadTexts('memberRooms', marks),
    memberRoomUserCounts: handReadCounts(),
    operatedRooms: handReadTexts('operatedRooms', marks),
  };
  if (marks.length > 0) m.latin1 = marks;
  return m;
}

// --- The four messages.

const search: Search = {
  type: 'DistribSearch',
  identifier: 49,
  username: 'a_fairly_usual_name',
  token: 0x1234_5678,
  query: 'some artist and the title of a long album 2004 remaster flac',
};

const say: Say = {
  type: 'SayChatroom',
  room: 'Electronica',
  username: 'another_user_name',
  message: 'has anybody here heard the new one yet? it is rather good',
};

const results: Results = {
  type: 'FileSearchResponse',
  username: 'a_fairly_usual_name',
  token: 0x1234_5678,
  results: Array.from({ length: 30 }, (_, i) => ({
    code: 1,
    filename: `@@abcde\\Music\\Some Artist\\2004 - The Title of the Album [FLAC]\\${String(i + 1).padStart(2, '0')} - A Song with a Name.mp3`,
    size: 4_000_000n + BigInt(i) * 123_457n,
    extension: 'mp3',
    attributes: [
      { type: 0, value: 320 },
      { type: 1, value: 200 + i },
      { type: 2, value: 0 },
    ],
  })),
  slotFree: true,
  avgSpeed: 1_234_567,
  queueLength: 3,
  unknown: 0,
};

const rooms: Rooms = {
  type: 'RoomList',
  rooms: Array.from({ length: 1000 }, (_, i) => `some room ${String(i).padStart(4, '0')}`),
  roomUserCounts: Array.from({ length: 1000 }, (_, i) => i),
  ownedRooms: [],
  ownedRoomUserCounts: [],
  memberRooms: [],
  memberRoomUserCounts: [],
  operatedRooms: [],
};

interface Case {
  readonly name: string;
  readonly ours: () => unknown;
  readonly byHand: () => unknown;
}

function pair<M>(
  name: string,
  message: M,
  headerWidth: 0 | 4,
  ours: { encode(message: M): Uint8Array; decode(body: Uint8Array): unknown },
  byHand: { encode(message: M): Buffer; decode(body: Uint8Array): M },
): readonly Case[] {
  const bytes = ours.encode(message);
  if (!byHand.encode(message).equals(bytes)) throw new Error(`${name}: the two encoders disagree`);
  const body = bytes.subarray(headerWidth);
  const show = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  const decoded = ours.decode(body) as { readonly message?: unknown };
  if (show(decoded.message) !== show(byHand.decode(body)))
    throw new Error(`${name}: the two decoders disagree`);
  return [
    { name: `${name}, encode`, ours: () => ours.encode(message), byHand: () => byHand.encode(message) },
    { name: `${name}, decode`, ours: () => ours.decode(body), byHand: () => byHand.decode(body) },
  ];
}

const cases = (): readonly Case[] => [
  ...pair(
    'search request',
    search,
    4,
    { encode: encodeDistributedMessage, decode: decodeDistributedMessage },
    { encode: handEncodeSearch, decode: handDecodeSearch },
  ),
  ...pair(
    'room message',
    say,
    4,
    { encode: encodeServerResponse, decode: decodeServerResponse },
    { encode: handEncodeSay, decode: handDecodeSay },
  ),
  ...pair(
    'response with 30 files',
    results,
    0,
    {
      encode: (m) => peerChannel.encodePayload(m),
      decode: (payload) => peerChannel.decodePayload(9, payload),
    },
    { encode: handEncodeResults, decode: handDecodeResults },
  ),
  ...pair(
    'list of 1000 rooms',
    rooms,
    4,
    { encode: encodeServerResponse, decode: decodeServerResponse },
    { encode: handEncodeRooms, decode: handDecodeRooms },
  ),
];

/** Runs many other messages through our codec first, so that its shared code has seen as many shapes as it does in a bot. */
function warmUp(): void {
  const zeros = new Uint8Array(256);
  for (let i = 0; i < 200; i++) {
    for (const channel of channels) {
      for (const { row } of channel.entries) {
        const result = channel.decodePayload(row.code, zeros);
        if (result.ok) channel.encodePayload(result.message);
      }
    }
  }
}

/** Nanoseconds a call. */
function time(action: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) sink = action();
  return ((performance.now() - start) * 1e6) / calls;
}

/** Keeps results alive, so that no call is optimised away. */
let sink: unknown;

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

function measure({ ours, byHand }: Case): { ratio: number; ours: number; byHand: number } {
  time(ours, 2000);
  time(byHand, 2000);
  const calls = Math.max(10, Math.round((SLICE_MS * 1e6) / time(byHand, 2000)));
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const oursFirst = round % 2 === 0;
    const first = time(oursFirst ? ours : byHand, calls);
    const second = time(oursFirst ? byHand : ours, calls);
    return oursFirst ? { ours: first, byHand: second } : { ours: second, byHand: first };
  });
  return {
    ratio: median(rounds.map((round) => round.byHand / round.ours)),
    ours: median(rounds.map((round) => round.ours)),
    byHand: median(rounds.map((round) => round.byHand)),
  };
}

async function run(): Promise<BenchmarkResult> {
  const all = cases();
  warmUp();
  for (const each of all) measure(each);
  const measured = all.map((each) => ({ name: each.name, ...measure(each) }));
  const mean = Math.exp(measured.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / measured.length);
  const worst = Math.min(...measured.map(({ ratio }) => ratio));
  return {
    figure: mean.toFixed(2),
    unit: `x the speed of hand-written code (worst ${worst.toFixed(2)})`,
    budget: `>= ${MEAN_BUDGET}, none < ${EACH_BUDGET}`,
    ok: mean >= MEAN_BUDGET && worst >= EACH_BUDGET && sink !== undefined,
    details: measured.map(
      ({ name, ratio, ours, byHand }) =>
        `${name.padEnd(32)} ${ratio.toFixed(2)}  (${ours.toFixed(0)} ns, by hand ${byHand.toFixed(0)} ns)`,
    ),
  };
}

/** Encoding and decoding against code written by hand for the same four messages. */
export const codec: Benchmark = {
  name: 'codec',
  summary: 'four messages to bytes and back, against hand-written code',
  run,
};
