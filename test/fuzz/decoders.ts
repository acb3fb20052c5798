import type { Random } from '../../src/platform/random.ts';
import {
  decodeDistributedMessage,
  type FramedKind,
  FrameSplitter,
  obfuscate,
  peekSearchResponse,
  relayFrame,
} from '../../src/protocol/index.ts';
import type { ConnectionKind, Direction } from '../../src/protocol/table.ts';
import { type AnyChannel, channelsOf, mutatedFrame, soundFrame } from './frames.ts';

/** What was given to the decoders of one kind of connection. Plain data, so that it can be kept. */
export interface DecoderCase {
  readonly kind: ConnectionKind;
  readonly direction: Direction;
  readonly obfuscated: boolean;
  /** The stream in the pieces in which it arrived, as hex. */
  readonly chunks: readonly string[];
}

/** Enough for whatever the samples hold; bombs must not make the run slow. */
const INFLATE_CAP = 1024 * 1024;
const SEARCH_RESPONSE = 9;

/** A stream of one mutated frame between sound ones, in arbitrary pieces. */
export function decoderCase(kind: ConnectionKind, random: Random): DecoderCase {
  const channels = channelsOf(kind);
  const channel = channels[random.int(0, channels.length - 1)]!;
  const obfuscated = (kind === 'peer' || kind === 'init') && random.float() < 0.2;
  const frames = [mutatedFrame(channel, random)];
  if (random.float() < 0.3) frames.unshift(soundFrame(channel, random));
  if (random.float() < 0.3) frames.push(soundFrame(channel, random));
  const stream = Buffer.concat(frames.map((frame) => (obfuscated ? obfuscate(frame, random.u32()) : frame)));
  const chunks: string[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = random.float() < 0.7 ? stream.length : random.int(1, 12);
    chunks.push(stream.subarray(at, at + length).toString('hex'));
    at += length;
  }
  return { kind, direction: channel.direction, obfuscated, chunks };
}

/** What the decoders do wrong with it; undefined when nothing. */
export function judgeDecoders({ kind, direction, obfuscated, chunks }: DecoderCase): string | undefined {
  const [channel] = channelsOf(kind, direction);
  if (!channel) return `no connection is called ${kind} ${direction}`;
  const pieces = chunks.map((chunk) => Buffer.from(chunk, 'hex'));
  try {
    return kind === 'file' ? judgeFile(channel, pieces) : judgeFrames(channel, kind, obfuscated, pieces);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function judgeFile(channel: AnyChannel, pieces: readonly Buffer[]): string | undefined {
  const bytes = Buffer.concat(pieces);
  for (const { row } of channel.entries) {
    const decoded = channel.decodePayload(row.code, bytes);
    if (!decoded.ok && decoded.reason === 'internal')
      return `the decoder failed: ${String(decoded.error.cause)}`;
  }
  return undefined;
}

function judgeFrames(
  channel: AnyChannel,
  kind: FramedKind,
  obfuscated: boolean,
  pieces: readonly Buffer[],
): string | undefined {
  const splitter = new FrameSplitter(kind, { obfuscated });
  let left = 0;
  for (const piece of pieces) {
    splitter.push(piece);
    left += piece.length;
    for (;;) {
      const frame = splitter.next();
      if (frame === undefined) break;
      if (frame.ok) {
        const problem = judgeFrame(channel, frame.body, frame.bytes);
        if (problem !== undefined) return problem;
        if (kind === 'init') splitter.switchTo('init', { obfuscated });
      } else if (frame.reason === 'too-long') splitter.skip();
    }
    if (splitter.buffered > left) return `the splitter holds ${splitter.buffered} bytes of ${left}`;
  }
  return undefined;
}

function judgeFrame(channel: AnyChannel, body: Uint8Array, frame: Uint8Array): string | undefined {
  const decoded = channel.decode(body, { inflateCap: INFLATE_CAP });
  if (channel.kind === 'peer' && Buffer.from(body).readUInt32LE(0) === SEARCH_RESPONSE) {
    const peek = peekSearchResponse(body);
    if (!peek.ok && peek.reason === 'internal') return `peeking failed: ${String(peek.error.cause)}`;
    if (decoded.ok && !peek.ok) return `a result that can be read cannot be peeked at: ${peek.reason}`;
  }
  if (channel.kind === 'distributed' || channel.kind === 'server') {
    const relayed = relayFrame(channel.kind, frame);
    if (relayed && !decodeDistributedMessage(relayed.subarray(4)).ok) return 'relays what cannot be read';
  }
  if (!decoded.ok)
    return decoded.reason === 'internal' ? `the decoder failed: ${String(decoded.error.cause)}` : undefined;
  return judgeAgain(channel, decoded.message);
}

/** What was read can be written, and reads the same then. */
function judgeAgain(channel: AnyChannel, message: { readonly type: string }): string | undefined {
  const { row } = channel.entryNamed(message.type)!;
  const written = channel.encodePayload(message);
  const again = channel.decodePayload(row.code, written);
  if (!again.ok) return `${message.type} cannot be read after it was written: ${again.reason}`;
  if (again.trailing > 0) return `${message.type} is longer written than read`;
  return channel.encodePayload(again.message).equals(written)
    ? undefined
    : `${message.type} is written in two ways`;
}
