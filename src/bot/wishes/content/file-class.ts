import type { FileClass } from '../../../plugins/api/wishlist.ts';

const words = (text: string): readonly string[] => text.split(' ');

/** Extensions by class, in lower case. An m4a may hold either kind and counts as lossy, which most are. */
export const EXTENSIONS: Readonly<Record<Exclude<FileClass, 'audio'>, readonly string[]>> = {
  lossless: words('flac wav wave w64 aiff aif aifc ape wv tta tak alac shn ofr dsf dff'),
  lossy: words('mp3 ogg oga opus m4a aac mp4a wma mpc mp2 mp1 ra ac3 dts spx amr'),
  video: words('mkv mp4 avi m4v mov wmv mpg mpeg webm flv vob ts m2ts ogv ogm 3gp divx rm rmvb'),
  image: words('jpg jpeg png gif bmp webp tif tiff svg heic avif ico psd'),
  archive: words('zip rar 7z tar gz bz2 xz zst tgz lzh ace cab'),
  text: words('txt pdf epub mobi azw azw3 djvu doc docx odt rtf md nfo htm html fb2 lit cbr cbz cb7'),
};

const CLASSES = new Map(
  Object.entries(EXTENSIONS).flatMap(([name, list]) =>
    list.map((extension) => [extension, name as FileClass]),
  ),
);

/** Every class, `audio` (both kinds of it) included. */
export const FILE_CLASSES: readonly FileClass[] = [
  'lossless',
  'lossy',
  'audio',
  'video',
  'image',
  'archive',
  'text',
];

/** Of an extension in lower case, without the dot; undefined for one that is of none. Never `audio`. */
export const classOf = (extension: string): FileClass | undefined => CLASSES.get(extension);

/** The extensions of a class. */
export const extensionsOf = (name: FileClass): readonly string[] =>
  name === 'audio' ? [...EXTENSIONS.lossless, ...EXTENSIONS.lossy] : EXTENSIONS[name];
