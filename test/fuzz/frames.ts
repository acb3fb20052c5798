import { deflateSync } from 'node:zlib';
import type { Random } from '../../src/platform/random.ts';
import type { Channel } from '../../src/protocol/channel.ts';
import { channels } from '../../src/protocol/layouts.ts';
import type { ConnectionKind, Direction } from '../../src/protocol/table.ts';
import { mutate } from './mutate.ts';
import { sampleMessage } from './sample.ts';

export type AnyChannel = Channel<{ readonly type: string }>;

const anyChannels = channels as readonly unknown[] as readonly AnyChannel[];

/** The tables of a kind of connection; of `server` there are two, unless a direction is named. */
export function channelsOf(kind: ConnectionKind, direction?: Direction): readonly AnyChannel[] {
  return anyChannels.filter(
    (channel) => channel.kind === kind && (direction === undefined || channel.direction === direction),
  );
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.int(0, items.length - 1)]!;

/** A frame as it should be. */
export function soundFrame(channel: AnyChannel, random: Random): Buffer {
  const entry = pick(channel.entries, random);
  const message = sampleMessage(entry.row.name, entry.shape.parts, random);
  return channel.kind === 'file' ? channel.encodePayload(message) : channel.encode(message, { level: 1 });
}

/**
 * A frame with something wrong: anywhere, within the body (the length is right then), or of a compressed message within
 * what was compressed.
 */
export function mutatedFrame(channel: AnyChannel, random: Random, keepLength = false): Buffer {
  const entry = pick(channel.entries, random);
  return mutatedMessage(
    channel,
    sampleMessage(entry.row.name, entry.shape.parts, random),
    random,
    keepLength,
  );
}

/** As {@link mutatedFrame}, of a given message. */
export function mutatedMessage(
  channel: AnyChannel,
  message: { readonly type: string },
  random: Random,
  keepLength = false,
): Buffer {
  if (channel.kind === 'file') return mutate(channel.encodePayload(message), random);
  const { row } = channel.entryNamed(message.type)!;
  if (row.compressed && random.float() < 0.7) {
    const code = Buffer.alloc(channel.codeWidth);
    code[0] = row.code;
    const payload = mutate(channel.encodePayload(message), random);
    return framed(Buffer.concat([code, deflateSync(payload, { level: 1 })]));
  }
  const frame = channel.encode(message, { level: 1 });
  if (!keepLength && random.float() < 0.5) return mutate(frame, random);
  return framed(mutate(frame.subarray(4), random));
}

/** A frame of that body, with the right length. */
export function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, 4);
  return frame;
}
