import type { FileAttributes } from '../plugins/api/search.ts';
import { Library, type LibraryFile } from '../sandbox/index.ts';

/** A file that somebody shares in a test. A text is one of a million bytes without attributes. */
export interface SharedFile {
  /** Whole path, parts separated by backslashes. */
  readonly path: string;
  /** Bytes. @default 1_000_000 */
  readonly size?: number;
  readonly attributes?: FileAttributes;
  /** Shown, but not for everybody. @default false */
  readonly locked?: boolean;
}

/** What somebody shares who has these files. */
export function libraryOf(files: readonly (string | SharedFile)[]): Library {
  const folders = new Map<string, { path: string; locked: boolean; files: LibraryFile[] }>();
  for (const file of files) {
    const {
      path,
      size = 1_000_000,
      attributes = {},
      locked = false,
    } = typeof file === 'string' ? { path: file } : file;
    const cut = path.lastIndexOf('\\');
    if (cut < 1 || cut === path.length - 1)
      throw new RangeError(`${JSON.stringify(path)} is no remote path: say "music\\\\album\\\\song.mp3"`);
    const folder = path.slice(0, cut);
    const key = `${locked}${folder}`;
    const known = folders.get(key) ?? { path: folder, locked, files: [] };
    folders.set(key, known);
    known.files.push({ name: path.slice(cut + 1), size, attributes: wireAttributes(attributes) });
  }
  return new Library([...folders.values()]);
}

function wireAttributes({ bitrate, duration, vbr, sampleRate, bitDepth }: FileAttributes) {
  const said = [
    bitrate,
    duration,
    vbr === undefined ? undefined : Number(vbr),
    undefined,
    sampleRate,
    bitDepth,
  ];
  return said.flatMap((value, type) => (value === undefined ? [] : [{ type, value }]));
}
