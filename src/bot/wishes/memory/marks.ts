import type { SeenMark } from '../../store/wish-memory.ts';
import type { SeenContent, SeenFolder, SeenSource } from '../memory-rules/news.ts';

/*
 * What is remembered of something, in one small number. Quality is 0 to 100 and takes the seven lowest bits; above them, of a
 * source whether a slot was free, of a content the files of its fullest folder. Of a folder it is the number of files.
 */

const QUALITY = 128;
const MOST_FILES = 10_000;

/** @param away whether its owner is known to have been away since */
export function sourceOf({ mark }: SeenMark, away: boolean): SeenSource {
  return { quality: mark % QUALITY, slotFree: mark >= QUALITY, away };
}

export function sourceMark({ quality, slotFree }: Pick<SeenSource, 'quality' | 'slotFree'>): number {
  return quality + (slotFree ? QUALITY : 0);
}

export function contentOf({ mark }: SeenMark): SeenContent {
  return { quality: mark % QUALITY, folderFiles: Math.floor(mark / QUALITY) };
}

export function contentMark({ quality, folderFiles }: SeenContent): number {
  return quality + Math.min(folderFiles, MOST_FILES) * QUALITY;
}

export function folderOf({ mark }: SeenMark): SeenFolder {
  return { files: mark };
}

export function folderMark({ files }: SeenFolder): number {
  return Math.min(files, MOST_FILES);
}
