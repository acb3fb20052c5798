const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BACKSLASH = 0x5c;
/** What others see instead of a backslash in a name: to them it would begin another folder. U+FF3C, in UTF-8. */
const WIDE = Buffer.from('\uff3c');

/** A path as others see it. Bytes that are no UTF-8 are read as Latin-1, as on the wire. */
export interface PathText {
  readonly text: string;
  readonly latin1: boolean;
}

export function pathText(bytes: Uint8Array): PathText {
  try {
    return { text: UTF8.decode(bytes), latin1: false };
  } catch {
    return {
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
      latin1: true,
    };
  }
}

/** The bytes of a path that somebody asks for. */
export function pathBytes(path: string, latin1: boolean): Uint8Array {
  return Buffer.from(path, latin1 ? 'latin1' : 'utf8');
}

/** A name without backslashes. Most have none, and are the same object. */
export function visibleName(name: Uint8Array): Uint8Array {
  if (!name.includes(BACKSLASH)) return name;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let i = name.indexOf(BACKSLASH); i >= 0; i = name.indexOf(BACKSLASH, from)) {
    pieces.push(name.subarray(from, i), WIDE);
    from = i + 1;
  }
  return Buffer.concat([...pieces, name.subarray(from)]);
}

/** Parts put together with backslashes. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const separator = Uint8Array.of(BACKSLASH);
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}
