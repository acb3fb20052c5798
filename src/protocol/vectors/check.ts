import { Buffer } from 'node:buffer';
import { type Channel, LENGTH_WIDTH, type MessageEntry } from '../channel.ts';
import { unzip } from '../compression.ts';
import { type Frame, type FramedKind, FrameSplitter } from '../frames.ts';
import { channels } from '../layouts.ts';
import { fileChannel } from '../messages/file.ts';
import { deobfuscate, obfuscate } from '../obfuscation.ts';
import { relayFrame, SEARCH_IDENTIFIER, unwrapSearch } from '../relay.ts';
import type { Decoded, DecodeResult } from '../result.ts';
import { difference, fromVectorFields, toVectorFields, withoutMarks } from './fields.ts';
import type { Vector } from './vector.ts';

type AnyChannel = Channel<{ readonly type: string }>;

/** Nothing in a vector inflates to more than this. */
const INFLATE_CAP = 64 * 1024 * 1024;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** What of a vector does not hold; nothing when it passes. */
export function checkVector(vector: Vector): readonly string[] {
  const problems: string[] = [];
  try {
    check(vector, problems);
  } catch (error) {
    problems.push(String(error));
  }
  return problems;
}

function check(vector: Vector, problems: string[]): void {
  const channel = channels.find(
    ({ kind, direction }) => kind === vector.kind && direction === vector.direction,
  ) as unknown as AnyChannel | undefined;
  if (channel === undefined) {
    problems.push(`there is no ${vector.direction} on ${vector.kind} connections`);
    return;
  }
  const entry = vector.code === null ? channel.entryNamed(vector.name) : channel.entryOf(vector.code);
  if (entry?.row.name !== vector.name) {
    problems.push(
      `code ${String(vector.code)} is ${entry?.row.name ?? 'not known'}, expected ${vector.name}`,
    );
    return;
  }
  const wire = plainWire(vector, problems);
  if (channel.kind === 'file') {
    checkFile(vector, entry, wire, problems);
    return;
  }
  checkRelay(vector, wire, problems);
  const frame = onlyFrame(channel.kind, wire, vector.code, problems);
  if (frame === undefined) return;
  const decoded = checkDecoded(vector, channel.decode(frame.body), problems);
  if (decoded !== undefined) {
    checkEncoded(vector, channel, entry, { ...decoded, wire, body: frame.body }, problems);
  }
}

/** The frame without obfuscation, which is checked in both directions. */
function plainWire(vector: Vector, problems: string[]): Buffer {
  const wire = fromHex(vector.hex);
  if (vector.obfuscated !== true) return wire;
  if (vector.obfuscationKey === undefined || vector.plainHex === undefined) {
    problems.push('obfuscated, but without obfuscationKey and plainHex');
    return wire;
  }
  const plain = fromHex(vector.plainHex);
  sameBytes(problems, 'obfuscating', wire, obfuscate(plain, fromHex(vector.obfuscationKey).readUInt32LE(0)));
  sameBytes(problems, 'revealing', plain, deobfuscate(wire));
  if (vector.kind !== 'file') {
    const splitter = new FrameSplitter(vector.kind, { obfuscated: true });
    splitter.push(wire);
    const frame = splitter.next();
    sameBytes(
      problems,
      'splitting an obfuscated stream',
      plain,
      frame?.ok === true ? frame.bytes : Buffer.alloc(0),
    );
  }
  return plain;
}

function onlyFrame(
  kind: FramedKind,
  wire: Buffer,
  code: number | null,
  problems: string[],
): Frame | undefined {
  const splitter = new FrameSplitter(kind);
  splitter.push(wire);
  const frame = splitter.next();
  if (frame === undefined) problems.push(`the frame is incomplete: ${wire.length} bytes`);
  else if (!frame.ok) problems.push(frame.error.message);
  else if (frame.code !== code) problems.push(`code ${frame.code} in the frame, ${String(code)} expected`);
  else if (splitter.buffered > 0) problems.push(`${splitter.buffered} bytes after the frame`);
  else return frame;
  return undefined;
}

function checkDecoded(
  vector: Vector,
  result: DecodeResult<{ readonly type: string }>,
  problems: string[],
): Decoded<{ readonly type: string }> | undefined {
  if (!result.ok) {
    problems.push(`not decoded: ${result.reason}: ${result.error.message}`);
    return undefined;
  }
  const fields = toVectorFields(withoutMarks(result.message).value as object);
  const found = difference(vector.fields, fields);
  if (found !== undefined) problems.push(`decoding: ${found}`);
  if (result.message.type !== vector.name) problems.push(`decoding: type is ${result.message.type}`);
  const trailing = vector.trailingBytes ?? (vector.decodeOnly === true ? result.trailing : 0);
  if (result.trailing !== trailing)
    problems.push(`${trailing} trailing bytes expected, ${result.trailing} left`);
  return result;
}

interface Read {
  readonly wire: Buffer;
  readonly body: Uint8Array;
  readonly message: { readonly type: string };
  readonly trailing: number;
}

function checkEncoded(
  vector: Vector,
  channel: AnyChannel,
  entry: MessageEntry,
  read: Read,
  problems: string[],
): void {
  const message = { type: vector.name, ...fromVectorFields(entry.shape.parts, vector.fields) };
  if (!entry.row.compressed) {
    if (vector.decodeOnly !== true) sameBytes(problems, 'encoding', read.wire, channel.encode(message));
    return;
  }
  const payload = unzip(read.body.subarray(channel.codeWidth), INFLATE_CAP);
  if (vector.payloadHex !== undefined) sameBytes(problems, 'inflating', fromHex(vector.payloadHex), payload);
  // Compressed vectors are all marked as decodeOnly, because compressed bytes may differ. Their payloads must be the same, unless what
  // was on the wire cannot be told from the fields: text in ISO-8859-1, bytes that nobody knows, a size that was corrected.
  const written = channel.encodePayload(message);
  const lossy = read.trailing > 0 || withoutMarks(read.message).marked || onlySizesDiffer(payload, written);
  if (vector.decodeOnly !== true || !lossy) sameBytes(problems, 'encoding the payload', payload, written);
  checkDecoded(
    { ...vector, trailingBytes: 0 },
    channel.decode(channel.encode(message).subarray(LENGTH_WIDTH)),
    problems,
  );
}

/** Whether all that differs is bytes of all ones that were written as zeros, as in the upper word of a size that was corrected. */
const onlySizesDiffer = (expected: Buffer, written: Buffer): boolean =>
  expected.length === written.length &&
  expected.every((byte, index) => byte === written[index] || (byte === 0xff && written[index] === 0));

function checkFile(vector: Vector, entry: MessageEntry, wire: Buffer, problems: string[]): void {
  const decoded = checkDecoded(vector, fileChannel.decodePayload(entry.row.code, wire), problems);
  if (decoded === undefined || vector.decodeOnly === true) return;
  const fields = { type: vector.name, ...fromVectorFields(entry.shape.parts, vector.fields) };
  sameBytes(problems, 'encoding', wire, (fileChannel as unknown as AnyChannel).encodePayload(fields));
}

function checkRelay(vector: Vector, wire: Buffer, problems: string[]): void {
  if (vector.relayHex === undefined) return;
  const source = vector.kind === 'server' ? 'server' : 'distributed';
  const search = unwrapSearch(source, wire);
  const relayed = relayFrame(source, wire);
  if (vector.relayHex === null) {
    if (relayed !== null) problems.push(`relaying: nothing expected, ${toHex(relayed)} given`);
    return;
  }
  const expected = fromHex(vector.relayHex);
  if (search === null) problems.push('relaying: no search found');
  else sameBytes(problems, 'relaying', expected, search);
  // Some vectors show the layout with an identifier that must not be relayed.
  const relayable = expected.length >= 9 && expected.readUInt32LE(5) === SEARCH_IDENTIFIER;
  if (relayable !== (relayed !== null)) problems.push(`relaying: ${relayable ? 'refused' : 'not refused'}`);
}

function sameBytes(problems: string[], what: string, expected: Uint8Array, actual: Uint8Array): void {
  const [want, got] = [toHex(expected), toHex(actual)];
  if (want === got) return;
  let same = 0;
  while (same < want.length && want[same] === got[same]) same++;
  const at = same >> 1;
  const around = (hex: string): string => hex.slice(at * 2, at * 2 + 32) || 'the end';
  problems.push(
    `${what}: at byte ${at} of ${expected.length}: ${around(want)} expected, ${around(got)} given`,
  );
}
