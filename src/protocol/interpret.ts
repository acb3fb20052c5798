import type { Reader } from './reader.ts';
import type {
  FieldShape,
  ListShape,
  OptionalShape,
  PartShape,
  Shape,
  StructShape,
  WhenShape,
} from './shape.ts';
import type { Writer } from './writer.ts';

/** A decoded struct, seen from the machinery that does not know its type. */
export type Loose = Record<string, unknown>;

type Read = (reader: Reader) => unknown;
type Write = (writer: Writer, value: never) => void;
type ReadPart = (reader: Reader, into: Loose, marks: string[]) => void;
type WritePart = (writer: Writer, from: Loose, marks: ReadonlySet<string>) => void;

const NO_MARKS: ReadonlySet<string> = new Set();

/** Closures that read a struct, all text marks included; `type`, if given, becomes the first property. */
export function interpretRead(shape: StructShape, type?: string): (reader: Reader) => Loose {
  const parts = readParts(shape.parts);
  return (reader) => {
    const into: Loose = type === undefined ? {} : { type };
    const marks: string[] = [];
    for (const part of parts) part(reader, into, marks);
    if (marks.length > 0) into['latin1'] = marks;
    return into;
  };
}

/** Closures that write a struct, text marks honoured. */
export function interpretWrite(shape: StructShape): (writer: Writer, value: Loose) => void {
  const parts = writeParts(shape.parts);
  return (writer, value) => {
    if (typeof value !== 'object' || value === null) writer.bad('struct', value);
    const marks = Array.isArray(value['latin1']) ? new Set(value['latin1'] as string[]) : NO_MARKS;
    for (const part of parts) part(writer, value, marks);
  };
}

function readOf(shape: Exclude<Shape, ListShape>): Read {
  if (shape.kind === 'struct') return interpretRead(shape);
  const kind = shape.kind;
  return (reader) => reader[kind]();
}

function writeOf(shape: Exclude<Shape, ListShape>): Write {
  if (shape.kind === 'struct') return interpretWrite(shape);
  const kind = shape.kind;
  return (writer, value) => writer[kind](value);
}

function readParts(parts: readonly PartShape[]): readonly ReadPart[] {
  const first = parts.findIndex((part) => part.kind === 'optional');
  const always = (first === -1 ? parts : parts.slice(0, first)).map((part) =>
    readPart(part as FieldShape | WhenShape),
  );
  if (first === -1) return always;
  const { fields, min } = parts[first] as OptionalShape;
  // A group that is absent takes the later ones with it.
  const present = [...fields.map(readField), ...readParts(parts.slice(first + 1))];
  const group: ReadPart = (reader, into, marks) => {
    if (reader.left >= min) for (const part of present) part(reader, into, marks);
  };
  return [...always, group];
}

function readPart(part: FieldShape | WhenShape): ReadPart {
  if (part.kind === 'field') return readField(part);
  const whenTrue = readParts(part.whenTrue);
  const whenFalse = readParts(part.whenFalse);
  return (reader, into, marks) => {
    for (const inner of into[part.flag] === true ? whenTrue : whenFalse) inner(reader, into, marks);
  };
}

function readField({ name, shape }: FieldShape): ReadPart {
  if (shape.kind !== 'list') {
    const read = readOf(shape);
    return (reader, into, marks) => {
      reader.fellBack = false;
      into[name] = read(reader);
      if (shape.kind === 'str' && reader.fellBack) marks.push(name);
    };
  }
  const { item, itemMin } = shape;
  if (item.kind === 'list') throw new RangeError('lists of lists do not occur');
  const read = readOf(item);
  return (reader, into, marks) => {
    const count = reader.count(itemMin);
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) {
      reader.fellBack = false;
      items.push(read(reader));
      if (item.kind === 'str' && reader.fellBack) marks.push(`${name}.${i}`);
    }
    into[name] = items;
  };
}

function writeParts(parts: readonly PartShape[]): readonly WritePart[] {
  return parts.map((part, index) => {
    if (part.kind === 'field') return writeField(part);
    if (part.kind === 'optional') {
      const fields = part.fields.map(writeField);
      const later = parts.slice(index + 1).flatMap((next) => (next.kind === 'optional' ? next.fields : []));
      const first = part.fields[0]!.name;
      return (writer, from, marks) => {
        if (part.fields.some((field) => from[field.name] !== undefined)) {
          for (const field of fields) field(writer, from, marks);
        } else if (later.some((field) => from[field.name] !== undefined)) writer.missing(first);
      };
    }
    const whenTrue = writeParts(part.whenTrue);
    const whenFalse = writeParts(part.whenFalse);
    return (writer, from, marks) => {
      for (const inner of from[part.flag] === true ? whenTrue : whenFalse) inner(writer, from, marks);
    };
  });
}

function writeField({ name, shape }: FieldShape): WritePart {
  if (shape.kind !== 'list') {
    const write = writeOf(shape);
    return (writer, from, marks) => {
      writer.field = name;
      if (shape.kind === 'str' && marks.has(name)) writer.latin1(from[name] as string);
      else write(writer, from[name] as never);
    };
  }
  const { item } = shape;
  if (item.kind === 'list') throw new RangeError('lists of lists do not occur');
  const write = writeOf(item);
  return (writer, from, marks) => {
    writer.field = name;
    const items = from[name] as readonly unknown[];
    const count = writer.count(items);
    for (let i = 0; i < count; i++) {
      writer.field = `${name}.${i}`;
      if (item.kind === 'str' && marks.has(`${name}.${i}`)) writer.latin1(items[i] as string);
      else write(writer, items[i] as never);
    }
  };
}
