import type { Random } from '../../src/platform/random.ts';

/** Numbers at which readers break. */
const EDGES = [
  0, 1, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4001, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe,
  0xffff_ffff,
];

type Mutator = (bytes: Buffer, random: Random) => Buffer;

const at = (bytes: Buffer, random: Random): number => random.int(0, Math.max(0, bytes.length - 1));

const mutators: readonly Mutator[] = [
  function flipBit(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at(copy, random)]! ^= 1 << random.int(0, 7);
    return copy;
  },
  function setByte(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at(copy, random)] = random.int(0, 255);
    return copy;
  },
  function setNumber(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length < 4) return copy;
    copy.writeUInt32LE(EDGES[random.int(0, EDGES.length - 1)]!, random.int(0, copy.length - 4));
    return copy;
  },
  function cutOff(bytes, random) {
    return Buffer.from(bytes.subarray(0, at(bytes, random)));
  },
  function cutOut(bytes, random) {
    const from = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.int(1, 8))]);
  },
  function insert(bytes, random) {
    const where = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, where), random.bytes(random.int(1, 8)), bytes.subarray(where)]);
  },
  function repeat(bytes, random) {
    const from = at(bytes, random);
    const piece = bytes.subarray(from, from + random.int(1, 64));
    return Buffer.concat([bytes.subarray(0, from), piece, piece, bytes.subarray(from + piece.length)]);
  },
  function append(bytes, random) {
    return Buffer.concat([bytes, random.bytes(random.int(1, 300))]);
  },
  function replaceAll(bytes, random) {
    return Buffer.from(random.bytes(bytes.length));
  },
];

/** The bytes with one to three things wrong. */
export function mutate(bytes: Uint8Array, random: Random): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let times = random.int(1, 3); times > 0; times--)
    mutated = mutators[random.int(0, mutators.length - 1)]!(mutated, random);
  return mutated;
}
