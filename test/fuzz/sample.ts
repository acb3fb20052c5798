import type { Random } from '../../src/platform/random.ts';
import type { FieldShape, PartShape, Shape } from '../../src/protocol/shape.ts';

const WORDS = [
  '',
  'a',
  'peer',
  'server',
  'some album',
  'music\\Band\\song.mp3',
  'caf\u00e9',
  '片仮名',
  '\u0000',
  '-x *y',
];

/** A message of that layout with values that tend to the edges of their types. */
export function sampleMessage(
  type: string,
  parts: readonly PartShape[],
  random: Random,
): { readonly type: string } {
  return { type, ...sampleParts(parts, random) };
}

function sampleParts(parts: readonly PartShape[], random: Random): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const part of parts) {
    if (part.kind === 'field') values[part.name] = sample(part.shape, random);
    else if (part.kind === 'when')
      Object.assign(values, sampleParts(values[part.flag] === true ? part.whenTrue : part.whenFalse, random));
    else if (random.float() < 0.6) addAll(values, part.fields, random);
    // What follows an absent part would be read in its place.
    else break;
  }
  return values;
}

function addAll(values: Record<string, unknown>, fields: readonly FieldShape[], random: Random): void {
  for (const { name, shape } of fields) values[name] = sample(shape, random);
}

function sample(shape: Shape, random: Random): unknown {
  if (shape.kind === 'list')
    return Array.from({ length: random.int(0, 3) }, () => sample(shape.item, random));
  if (shape.kind === 'struct') return sampleParts(shape.parts, random);
  switch (shape.kind) {
    case 'u8':
    case 'embedded':
      return random.float() < 0.5 ? 3 : random.int(0, 255);
    case 'u16':
      return random.int(0, 0xffff);
    case 'u32':
      return random.float() < 0.5 ? random.int(0, 100) : random.u32();
    case 'i32':
      return random.int(-2, 5);
    case 'u64':
    case 'size':
      return random.float() < 0.5 ? BigInt(random.int(0, 1000)) : 0xffff_ffff_ffffn;
    case 'bool':
    case 'flag':
      return random.float() < 0.5;
    case 'ip':
      return `10.9.${random.int(0, 255)}.${random.int(0, 255)}`;
    case 'str':
      return WORDS[random.int(0, WORDS.length - 1)];
    case 'bin':
    case 'raw':
      return random.bytes(random.int(0, 40));
  }
}
