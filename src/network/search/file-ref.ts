/** A file of somebody else, exactly: the bytes of its path can be made again. */
export interface RemoteFile {
  readonly user: string;
  /** Remote path as it was read. */
  readonly path: string;
  /** The path was no UTF-8 on the wire and was read as ISO-8859-1: it must be written as that, or the owner does not find it. */
  readonly latin1: boolean;
  /** Bytes, as the owner said. */
  readonly size: number;
}

/** The mark of the encoding, the size, the length of the user name, then name and path without a separator. */
const REF = /^([UL])(\d{1,16}):(\d{1,4}):(.*)$/su;

/** An opaque text that stands for a remote file; it survives JSON, stores and threads. */
export const encodeFileRef = (file: RemoteFile): string =>
  `${file.latin1 ? 'L' : 'U'}${file.size}:${file.user.length}:${file.user}${file.path}`;

/** The file for which a ref stands; undefined for what no `encodeFileRef` made. */
export function decodeFileRef(ref: string): RemoteFile | undefined {
  const [, mark, size, length, rest] = REF.exec(ref) ?? [];
  if (rest === undefined) return undefined;
  const file = {
    user: rest.slice(0, Number(length)),
    path: rest.slice(Number(length)),
    latin1: mark === 'L',
    size: Number(size),
  };
  const sound = Number.isSafeInteger(file.size) && file.user !== '' && file.path !== '';
  return sound && encodeFileRef(file) === ref && (!file.latin1 || fitsLatin1(file.path)) ? file : undefined;
}

const fitsLatin1 = (text: string): boolean => !/[^\0-\xff]/u.test(text);
