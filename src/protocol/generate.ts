import type { FieldShape, PartShape, Shape, StructShape } from './shape.ts';

/*
 * JavaScript source for reading and writing a struct in one go. An object literal per struct is what makes it as fast as code
 * written by hand. The reader ignores text marks: it leaves `reader.fellBack` set, and its caller reads again with closures.
 * Names come from our own tables and are quoted all the same.
 */

const quote = (name: string): string => JSON.stringify(name);

class Source {
  readonly #functions: string[] = [];
  /** Shapes of the structs met, in the order of their numbers; the source calls `slow[number]` for those with text marks. */
  readonly structs: StructShape[] = [];
  #names = 0;

  name(): string {
    return `f${this.#names++}`;
  }

  add(code: string): void {
    this.#functions.push(code);
  }

  body(entry: string): string {
    return `"use strict";\n${this.#functions.join('\n')}\nreturn ${entry};`;
  }
}

/** The body of a function without parameters that returns `(reader) => struct`. */
export function readSource(shape: StructShape, type?: string): string {
  const source = new Source();
  return source.body(readStruct(source, shape, type));
}

/**
 * The body of a function of `slow` that returns `(writer, struct) => void`; `slow` holds one writer for each of `structs`,
 * to be used for an object with text marks.
 */
export function writeSource(shape: StructShape): {
  readonly body: string;
  readonly structs: readonly StructShape[];
} {
  const source = new Source();
  const entry = writeStruct(source, shape);
  return { body: source.body(entry), structs: source.structs };
}

function readStruct(source: Source, shape: StructShape, type?: string): string {
  const name = source.name();
  const plain = shape.parts.findIndex((part) => part.kind !== 'field');
  const count = plain === -1 ? shape.parts.length : plain;
  const leading = (shape.parts as readonly FieldShape[])
    .slice(0, count)
    .map((field) => `${quote(field.name)}: ${readValue(source, field.shape)}`);
  if (type !== undefined) leading.unshift(`"type": ${quote(type)}`);
  const literal = `{ ${leading.join(', ')} }`;
  const rest = readParts(source, shape.parts.slice(count));
  source.add(
    rest === ''
      ? `function ${name}(r) { return ${literal}; }`
      : `function ${name}(r) { const o = ${literal}; ${rest} return o; }`,
  );
  return name;
}

/** Statements that read parts into `o`. A group that is absent takes the later ones with it. */
function readParts(source: Source, parts: readonly PartShape[]): string {
  const [first, ...rest] = parts;
  if (first === undefined) return '';
  if (first.kind === 'optional') {
    return `if (r.end - r.at >= ${first.min}) { ${readParts(source, first.fields)} ${readParts(source, rest)} }`;
  }
  const statement =
    first.kind === 'field'
      ? `o[${quote(first.name)}] = ${readValue(source, first.shape)};`
      : `if (o[${quote(first.flag)}]) { ${readParts(source, first.whenTrue)} } else { ${readParts(source, first.whenFalse)} }`;
  return `${statement} ${readParts(source, rest)}`;
}

/** An expression that reads one value. */
function readValue(source: Source, shape: Shape): string {
  if (shape.kind === 'struct') return `${readStruct(source, shape)}(r)`;
  if (shape.kind !== 'list') return `r.${shape.kind}()`;
  const item = readValue(source, shape.item);
  const name = source.name();
  source.add(
    `function ${name}(r) { const n = r.count(${shape.itemMin}); const a = []; for (let i = 0; i < n; i++) a.push(${item}); return a; }`,
  );
  return `${name}(r)`;
}

function writeStruct(source: Source, shape: StructShape): string {
  const name = source.name();
  const slow = source.structs.push(shape) - 1;
  const parts = writeParts(source, shape.parts).join('\n');
  const guard = hasText(shape.parts) ? `if (v.latin1 !== undefined) { slow[${slow}](w, v); return; }\n` : '';
  source.add(`function ${name}(w, v) { ${guard}${parts} }`);
  return name;
}

function writeParts(source: Source, parts: readonly PartShape[]): readonly string[] {
  return parts.map((part, index) => {
    if (part.kind === 'field') return writeField(source, part);
    if (part.kind === 'optional') {
      const later = parts.slice(index + 1).flatMap((next) => (next.kind === 'optional' ? next.fields : []));
      const fields = part.fields.map((field) => writeField(source, field)).join(' ');
      const refuse =
        later.length === 0 ? '' : ` else if (${anyGiven(later)}) w.missing(${quote(part.fields[0]!.name)});`;
      return `if (${anyGiven(part.fields)}) { ${fields} }${refuse}`;
    }
    const whenTrue = writeParts(source, part.whenTrue).join(' ');
    const whenFalse = writeParts(source, part.whenFalse).join(' ');
    return `if (v[${quote(part.flag)}] === true) { ${whenTrue} } else { ${whenFalse} }`;
  });
}

const anyGiven = (fields: readonly FieldShape[]): string =>
  fields.map((field) => `v[${quote(field.name)}] !== undefined`).join(' || ');

const writeField = (source: Source, field: FieldShape): string =>
  writeValue(source, field.shape, `v[${quote(field.name)}]`);

/** A statement that writes the value of an expression. */
function writeValue(source: Source, shape: Shape, expression: string): string {
  if (shape.kind === 'struct') return `${writeStruct(source, shape)}(w, ${expression});`;
  if (shape.kind !== 'list') return `w.${shape.kind}(${expression});`;
  const item = writeValue(source, shape.item, 'a[i]');
  const name = source.name();
  source.add(`function ${name}(w, a) { const n = w.count(a); for (let i = 0; i < n; i++) { ${item} } }`);
  return `${name}(w, ${expression});`;
}

function hasText(parts: readonly PartShape[]): boolean {
  return parts.some((part) => {
    if (part.kind === 'field') {
      return part.shape.kind === 'str' || (part.shape.kind === 'list' && part.shape.item.kind === 'str');
    }
    return part.kind === 'optional'
      ? hasText(part.fields)
      : hasText(part.whenTrue) || hasText(part.whenFalse);
  });
}
