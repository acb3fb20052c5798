/** Wire types without parts. `size`, `flag` and `embedded` are u64, u32 and u8 with a quirk: see the codecs of the same names. */
export type Scalar =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'size'
  | 'bool'
  | 'flag'
  | 'ip'
  | 'str'
  | 'bin'
  | 'raw'
  | 'embedded';

interface ScalarShape {
  readonly kind: Scalar;
}

export interface ListShape {
  readonly kind: 'list';
  readonly item: Shape;
  /** Fewest bytes that an item takes. */
  readonly itemMin: number;
}

export interface StructShape {
  readonly kind: 'struct';
  readonly parts: readonly PartShape[];
}

/** What a layout looks like, as data: documentation is printed from it, fuzzing draws from it, decoders are made from it. */
export type Shape = ScalarShape | ListShape | StructShape;

export interface FieldShape {
  readonly kind: 'field';
  readonly name: string;
  readonly shape: Shape;
}

/** Fields that are there all together, if at least `min` bytes are left, or not at all. */
export interface OptionalShape {
  readonly kind: 'optional';
  readonly fields: readonly FieldShape[];
  readonly min: number;
}

/** Parts that depend on a boolean field before them. */
export interface WhenShape {
  readonly kind: 'when';
  readonly flag: string;
  readonly whenTrue: readonly PartShape[];
  readonly whenFalse: readonly PartShape[];
}

export type PartShape = FieldShape | OptionalShape | WhenShape;

const scalarMin: Readonly<Record<Scalar, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  size: 8,
  bool: 1,
  flag: 4,
  ip: 4,
  str: 4,
  bin: 4,
  raw: 0,
  embedded: 1,
};

/** Fewest bytes that the shape takes. */
export function minimumOf(shape: Shape): number {
  if (shape.kind === 'list') return 4;
  if (shape.kind === 'struct') return minimumOfParts(shape.parts);
  return scalarMin[shape.kind];
}

function minimumOfParts(parts: readonly PartShape[]): number {
  let sum = 0;
  for (const part of parts) {
    if (part.kind === 'field') sum += minimumOf(part.shape);
    else if (part.kind === 'when')
      sum += Math.min(minimumOfParts(part.whenTrue), minimumOfParts(part.whenFalse));
  }
  return sum;
}

/** A shape in the notation of the message tables, e.g. `[{item:str, score:i32}]`. */
export function describe(shape: Shape): string {
  if (shape.kind === 'list') return `[${describe(shape.item)}]`;
  if (shape.kind === 'struct') return `{${describeParts(shape.parts)}}`;
  return { size: 'u64', flag: 'u32', bin: 'bytes', embedded: 'u8' }[shape.kind as string] ?? shape.kind;
}

/** The fields of a message in the notation of the message tables, e.g. `token:u32, opt(username:str)`. */
export function describeParts(parts: readonly PartShape[]): string {
  return parts
    .flatMap((part) => {
      if (part.kind === 'field') return [`${part.name}:${describe(part.shape)}`];
      if (part.kind === 'optional') return [`opt(${describeParts(part.fields)})`];
      const branches = [`if ${part.flag} {${describeParts(part.whenTrue)}}`];
      if (part.whenFalse.length > 0) branches.push(`if !${part.flag} {${describeParts(part.whenFalse)}}`);
      return part.whenTrue.length > 0 ? branches : branches.slice(1);
    })
    .join(', ');
}
